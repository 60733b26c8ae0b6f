/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_ROSTER_H
#define SDS_DISCOVERY_ROSTER_H

#include "base/siphash.h"
#include "files/event.h"
#include "wire/told.h"

/* The services that the records of a store tell of, as they come, change and go. */
struct sds_roster;

struct sds_roster_config {
    const struct sds_store *store;
    struct sds_siphash_key key; /* random, where the records are not the caller's own */
    /* The service of an instance; NULL where it is not wanted. Returns 0 or -ENOMEM. */
    int (*make)(void *userdata, const struct sds_told *told, struct sds_service **ret);
    /* Added, changed or removed; a service that is removed is told as it was told last. */
    void (*event)(void *userdata, enum sds_event_kind kind, const struct sds_service *service);
    void *userdata;
};

/* NULL when out of memory. */
struct sds_roster *sds_roster_new(const struct sds_roster_config *config);

/* Returns NULL; @roster may be NULL. */
struct sds_roster *sds_roster_free(struct sds_roster *roster);

/* Something about a record of the store changed: from within its callback. Returns 0 or -ENOMEM. */
int sds_roster_note(struct sds_roster *roster, const struct sds_store_change *change,
                    int64_t now_ms);

/* All of them may have changed, whatever their records say. */
void sds_roster_note_all(struct sds_roster *roster, int64_t now_ms);

/* When somebody is to be told; INT64_MAX: never. */
int64_t sds_roster_due_ms(const struct sds_roster *roster);

/* Tell what is due. A service comes when all its records are there, or a second after the first. It
 * goes with the PTR record that named it; what none ever named goes with its SRV and TXT records.
 * Returns 0 or -ENOMEM. */
int sds_roster_run(struct sds_roster *roster, int64_t now_ms);

#endif
