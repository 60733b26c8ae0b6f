/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_SOURCE_IMPL_H
#define SDS_DISCOVERY_SOURCE_IMPL_H

#include "discovery/querier.h"
#include "discovery/source.h"
#include "dnssd/domain.h"

/* Texts for people; each is malloc'ed. */
struct sds_source_texts {
    char **v;
    size_t n, cap;
};

/* What every source begins with. */
struct sds_source {
    const struct sds_source_ops *ops;
    struct sds_source_config config; /* borrows what the opener gave */
    struct sds_source_texts reasons, notes;
    struct sds_domains domains; /* where they are wanted, once it has settled or was stopped */
};

/* What a recording can do besides. */
struct sds_source_travel_ops {
    bool (*is_possible)(const struct sds_source *source);
    void (*pause)(struct sds_source *source, bool is_paused);
    bool (*is_paused)(const struct sds_source *source);
    int (*step)(struct sds_source *source, int n_events);
    int (*travel)(struct sds_source *source, int64_t time_ms);
    double (*pace)(const struct sds_source *source);
    void (*set_speed)(struct sds_source *source, double speed);
};

struct sds_source_ops {
    const char *(*name)(const struct sds_source *source);
    struct sds_progress (*progress)(const struct sds_source *source);
    const struct sds_past *(*past)(const struct sds_source *source); /* NULL: it lives now */
    bool (*queries)(const struct sds_source *source, struct sds_traffic *ret); /* or NULL */
    const struct sds_source_travel_ops *travel; /* NULL: it lives now */
    void (*stop)(struct sds_source *source);
    void (*free)(struct sds_source *source); /* not the struct sds_source's own members */
};

/* Note what is worth knowing; repeated ones are kept once. */
void sds_source_add_note(struct sds_source *source, const char *note);

/* Of a source that nobody asks: whether a name is one of @names to DNS; and whether the type and
 * the domain of a service are wanted. */
bool sds_source_is_among(const char *name, const char *const *names, size_t n);
bool sds_source_wants(const struct sds_source_config *config, const struct sds_service *service);

/* Who can ask. */
typedef int sds_querier_new_fn(const struct sds_querier_config *config, struct sds_querier **ret,
                               char **ret_error);

/**
 * A source that asks for types, then instances, then their records.
 *
 * @instead_new  who asks all anew where the first one hangs; NULL: nobody
 * Errors are the querier's.
 */
int sds_browser_new(const struct sds_source_config *config, sds_querier_new_fn *querier_new,
                    sds_querier_new_fn *instead_new, struct sds_source **ret, char **ret_error);

#endif
