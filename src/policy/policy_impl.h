/* SPDX-License-Identifier: MIT */
#ifndef SDS_POLICY_POLICY_IMPL_H
#define SDS_POLICY_POLICY_IMPL_H

#include <jansson.h>

#include "base/arr.h"
#include "base/json_place.h"
#include "policy/policy.h"

/* Arrays of a policy; their names are in policy_read.c. */
enum section {
    SECTION_ALLOW,
    SECTION_IGNORE,
    SECTION_EXPECT,
    SECTION_PORTS,
    SECTION_HOSTS,
    SECTION__COUNT
};

/* Which member of a service or a finding a glob is for. */
enum glob { GLOB_RULE, GLOB_TYPE, GLOB_INSTANCE, GLOB_HOST, GLOB_KEY, GLOB__COUNT };

struct range {
    uint16_t first, last;
};

/* All text is borrowed from the JSON. */
struct entry {
    enum section section;
    size_t index;                   /* in its array */
    const char *globs[GLOB__COUNT]; /* NULL: whatever it is */
    const char *reason;             /* or NULL */
    const char *expires;            /* the last day on which it applies; NULL: none */
    SDS_ARR(struct range) ports;
    SDS_ARR(const char *) hosts; /* globs */
    bool is_expired, is_used;
};

struct severity {
    const struct sds_rule *rule;
    enum sds_severity severity;
};

struct sds_policy {
    char *text; /* for the places of its entries */
    size_t len;
    json_t *json;
    SDS_ARR(struct severity) severities;
    SDS_ARR(struct entry) entries; /* section after section */
};

extern const char *const sds_section_names[SECTION__COUNT];
extern const char *const sds_glob_names[GLOB__COUNT];

/* Whether an entry is of this section and still applies. */
static inline bool sds_entry_is(const struct entry *entry, enum section section)
{
    return entry->section == section && !entry->is_expired;
}

/* Whether a service is one that the entry means. */
bool sds_entry_means(const struct entry *entry, const struct sds_service *service);

#endif
