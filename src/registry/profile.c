/* SPDX-License-Identifier: MIT */
#include "sdscope/profile.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "registry/table.h"
#include "sdscope/service.h"

/* The first profile that is not before @name. */
static size_t lower_bound(struct sds_profiles profiles, struct sds_span name)
{
    size_t low = 0, high = profiles.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sds_fold_cmp_text(name.p, name.len, profiles.v[middle].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fits(const struct sds_profile *profile, enum sds_transport transport)
{
    return sds_record_fits(&(struct sds_record){.transport = profile->transport}, transport);
}

static const struct sds_profile *find_in(struct sds_profiles profiles, struct sds_span name,
                                         enum sds_transport transport)
{
    const struct sds_profile *found = NULL;

    for (size_t i = lower_bound(profiles, name);
         i < profiles.n && sds_fold_is(name.p, name.len, profiles.v[i].name); i++)
        if (fits(&profiles.v[i], transport))
            found = &profiles.v[i];
    return found;
}

const struct sds_profile *sds_profile_find(const struct sds_registry *registry,
                                           struct sds_span name, enum sds_transport transport)
{
    const struct sds_profile *found = NULL;

    for (size_t i = sds_registry_n_tables(registry); i > 0 && !found; i--)
        found = find_in(sds_registry_profiles_at(registry, i - 1), name, transport);
    return found;
}

struct sds_profile_iter sds_profile_all(const struct sds_registry *registry)
{
    return (struct sds_profile_iter){.registry = registry};
}

const struct sds_profile *sds_profile_next(struct sds_profile_iter *iter)
{
    for (; iter->table < sds_registry_n_tables(iter->registry); iter->table++, iter->at = 0) {
        struct sds_profiles profiles = sds_registry_profiles_at(iter->registry, iter->table);

        if (iter->at < profiles.n)
            return &profiles.v[iter->at++];
    }
    return NULL;
}

/* Settles most keys at their first letter, for less than a call. */
static bool may_match(const struct sds_txt_key *known, struct sds_span key)
{
    return known->form.numbering || !key.len ||
           sds_fold((uint8_t)known->key[0]) == sds_fold(key.p[0]);
}

const struct sds_txt_key *sds_profile_key(const struct sds_profile *profile, struct sds_span key)
{
    for (size_t i = 0; i < profile->txt.n_keys; i++)
        if (may_match(&profile->txt.keys[i], key) &&
            sds_txt_key_matches(&profile->txt.keys[i], key))
            return &profile->txt.keys[i];
    return NULL;
}

static int set_example(struct sds_service *service, const struct sds_profile_example *example)
{
    int r = sds_service_set_txt(service, example->txt, example->txt_len);

    if (r == 0 && example->instance)
        r = sds_service_set_instance(service, example->instance, strlen(example->instance));
    for (size_t i = 0; r == 0 && i < example->n_subtypes; i++)
        r = sds_service_add_subtype(service, example->subtypes[i]);
    return r;
}

struct sds_service *sds_example_dup(const struct sds_profile *profile,
                                    const struct sds_profile_example *example)
{
    const char *transport = profile->transport ? profile->transport : "tcp";
    SDS_CLEANUP(sds_freep) char *type = sds_text_format("_%s._%s", profile->name, transport);
    struct sds_service *service = type ? sds_service_new(type) : NULL;

    return service && set_example(service, example) < 0 ? sds_service_free(service) : service;
}
