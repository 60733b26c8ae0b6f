/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_FETCH_H
#define SDS_REGISTRY_FETCH_H

#include <stdint.h>

#include "registry/stored.h"

enum sds_fetch_outcome {
    SDS_FETCH_WHOLE,     /* the file has all of it */
    SDS_FETCH_CURRENT,   /* the server has nothing newer than what was shown to it */
    SDS_FETCH_FAILED,    /* no answer, or none that helps; the file has nothing of it */
    SDS_FETCH_BAD_RANGE, /* what the file holds is of no use: ask for all of it */
    SDS_FETCH_CUT,       /* it broke off; the file has a beginning */
    SDS_FETCH_REFUSED,   /* the server gives what may not be taken: too large, or not over HTTPS */
    SDS_FETCH_NO_ROOM,   /* the file could not be written */
};

/* One file to be fetched over HTTPS. All is borrowed. */
struct sds_fetch {
    const char *url;
    const char *ca_file;           /* the only authorities to trust; NULL: the system's */
    long timeout_ms;               /* for all of it */
    const struct sds_receipt *has; /* what the caller has already; or unset */

    int fd;                          /* of the file, open for writing */
    const struct sds_receipt *begun; /* of the bytes that it holds already; or unset */
    uint64_t offset;                 /* how many */

    /* Before the first byte is written: what is coming. Returns 0 or a negative errno. */
    int (*begin)(void *userdata, const struct sds_receipt *coming);
    /* Bytes so far, and of the whole or 0. May be NULL. */
    void (*progress)(void *userdata, uint64_t bytes, uint64_t total);
    void *userdata;
};

struct sds_fetch_result {
    enum sds_fetch_outcome outcome;
    struct sds_receipt receipt; /* of what was fetched; release it */
    char text[512];             /* what went wrong, in a clause; not safe to print */
};

/* Fetch it; libcurl is set up and torn down here. Returns 0, -ENOMEM, or
 * -ELIBACC where libcurl is not installed. */
int sds_fetch(const struct sds_fetch *fetch, struct sds_fetch_result *ret);

#endif
