/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>

#include "checked.h"
#include "files/zone.h"

static void check_place(struct sds_input_place place)
{
    MUST(place.line > 0 && place.column > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct sds_input input = {0};
    struct sds_input_error error = {0};
    int r = sds_services_read_zone(text, size, "zone.example", &input, &error);

    sds_is_zone(text, size);
    MUST(r == 0 || r == -EINVAL);
    if (r < 0) {
        MUST(*error.text);
        check_place(error.place);
    }
    for (size_t i = 0; i < input.services.n; i++) {
        const struct sds_input_service *service = &input.services.v[i];

        check_place(service->place);
        for (size_t k = 0; k < service->marks.n; k++)
            check_place(service->marks.v[k].place);
        if (r < 0)
            continue;
        fuzz_through_json(service->service);
        fuzz_check(service->service);
    }
    for (size_t i = 0; i < input.faults.n; i++)
        check_place(input.faults.v[i].place);
    sds_input_done(&input);
    return 0;
}
