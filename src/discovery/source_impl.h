/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_SOURCE_IMPL_H
#define SDS_DISCOVERY_SOURCE_IMPL_H

#include "base/arr.h"
#include "discovery/querier.h"
#include "discovery/source.h"

/* What every source begins with. */
struct sds_source {
    const struct sds_source_ops *ops;
    struct sds_source_config config; /* borrows what the opener gave */
    SDS_ARR(char *) reasons, notes;
};

struct sds_source_ops {
    const char *(*name)(const struct sds_source *source);
    struct sds_progress (*progress)(const struct sds_source *source);
    const struct sds_past *(*past)(const struct sds_source *source); /* NULL: it lives now */
    bool (*queries)(const struct sds_source *source, struct sds_traffic *ret); /* or NULL */
    void (*stop)(struct sds_source *source);
    void (*free)(struct sds_source *source); /* not the struct sds_source's own members */
};

void sds_source_add_note(struct sds_source *source, const char *note);

/* Who can ask. */
typedef int sds_querier_new_fn(const struct sds_querier_config *config, struct sds_querier **ret,
                               char **ret_error);

/* A source that asks for types, then instances, then their records. Errors are the querier's. */
int sds_browser_new(const struct sds_source_config *config, sds_querier_new_fn *querier_new,
                    struct sds_source **ret, char **ret_error);

#endif
