/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>

#include "checked.h"
#include "files/service_xml.h"

static void assert_placed(struct sds_input_place place)
{
    if (place.line < 1 || place.column < 1)
        abort();
}

/* Of any bytes, what is read has its place in the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_input input = {0};
    struct sds_input_error error;

    if (sds_services_read_xml((const char *)data, size, &input, &error) < 0)
        abort();
    for (size_t i = 0; i < input.services.n; i++) {
        const struct sds_input_service *service = &input.services.v[i];

        fuzz_through_json(service->service);
        fuzz_check(service->service);
        assert_placed(service->place);
        for (size_t j = 0; j < service->marks.n; j++)
            assert_placed(service->marks.v[j].place);
    }
    for (size_t i = 0; i < input.faults.n; i++)
        assert_placed(input.faults.v[i].place);
    sds_input_done(&input);
    return 0;
}
