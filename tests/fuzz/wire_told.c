/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "wire/evidence.h"
#include "wire/told.h"

struct walk {
    const struct sds_store *store;
    size_t n;
};

static int make(void *userdata, const struct sds_told *told)
{
    struct walk *walk = userdata;
    struct sds_service *service = NULL;

    walk->n++;
    MUST(told->name.len > 1 && told->name.len <= SDS_WIRE_NAME_MAX);
    MUST(told->ptr || told->srv || told->txt);
    if (sds_told_service(walk->store, told, "link1", &service) < 0)
        return 0;
    MUST(sds_service_state(service, SDS_PART_INSTANCE) == SDS_PRESENT);
    MUST(service->instance.len > 0 && service->instance.len <= SDS_LABEL_MAX);
    MUST(strchr(service->type, '_') && service->domain);
    MUST(service->n_addresses <= 2 * SDS_EVIDENCE_RECORDS_MAX);
    MUST(service->n_more_txt < SDS_EVIDENCE_RECORDS_MAX &&
         service->n_srv <= SDS_EVIDENCE_RECORDS_MAX);
    /* What was not heard is not known; but who has an address is no alias. */
    MUST(!(service->missing & ~SDS_PART_HOST_CNAME));
    sds_service_free(service);
    return 0;
}

/* Services come of whatever a message says, each record telling of one at most. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_store_config config = {.key = {{1, 2}}, .max_records = 64, .max_bytes = 65536};
    struct sds_store_arrival arrival = {.ifindex = 1, .sender.len = 4, .now_ms = 1};
    struct walk walk = {.store = NULL};
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    struct sds_store *store;

    if (!sds_wire_read(&reader, data, size))
        return 0;
    store = sds_store_new(&config);
    MUST(store);
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        MUST(sds_store_put(store, &arrival, &item) == 0);
    walk.store = store;
    MUST(sds_told_walk(store, make, &walk) == 0);
    MUST(walk.n <= sds_store_counts(store).records);
    sds_store_free(store);
    return 0;
}
