/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_UPDATE_H
#define SDS_REGISTRY_UPDATE_H

#include <stdint.h>

#include "sdscope/registry.h"

/* Of the records that serve, how many a new registry must have. */
#define SDS_UPDATE_LEAST_PERCENT 95

enum sds_update_outcome {
    SDS_UPDATE_DONE,
    SDS_UPDATE_CURRENT,   /* what is stored is what the server has */
    SDS_UPDATE_NO_ANSWER, /* the server could not be asked, or did not give the file */
    SDS_UPDATE_CUT,       /* it gave a part, from which the next update goes on */
    SDS_UPDATE_REFUSED,   /* what it gave may not replace what serves */
    SDS_UPDATE_BUSY,      /* another update runs */
    SDS_UPDATE_FAILED,    /* the folder could not be written */
};

/* What is to be done. All is borrowed. */
struct sds_update {
    const char *folder;  /* made where it is not there */
    const char *url;     /* https */
    const char *ca_file; /* of the only authorities to trust; NULL: the system's */
    long timeout_ms;
    const struct sds_registry
        *serving; /* by sds_registry_default(); the new one is compared to it */
    /* Bytes so far, and of the whole or 0. May be NULL. */
    void (*progress)(void *userdata, uint64_t bytes, uint64_t total);
    void *userdata;
};

struct sds_update_result {
    enum sds_update_outcome outcome;
    char text[600];                /* why nothing came of it, in a clause; not safe to print */
    size_t n_messages;             /* rows of the new registry that could not be read */
    struct sds_registry *registry; /* the new one, once it is stored; release it */
};

/**
 * Fetch a registry, examine it, and let it replace the stored one: whole, at once, or not at all.
 *
 * Returns 0, also when nothing came of it, or -ENOMEM.
 */
int sds_registry_update(const struct sds_update *update, struct sds_update_result *ret);

#endif
