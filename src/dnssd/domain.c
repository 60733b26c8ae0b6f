/* SPDX-License-Identifier: MIT */
#include "dnssd/domain.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

/* RFC 6763 11 */
static const struct {
    const char *label, *name;
} uses[] = {
    [SDS_DOMAIN_BROWSE] = {"b", "browse"},
    [SDS_DOMAIN_DEFAULT_BROWSE] = {"db", "default-browse"},
    [SDS_DOMAIN_LEGACY_BROWSE] = {"lb", "legacy-browse"},
    [SDS_DOMAIN_REGISTER] = {"r", "register"},
    [SDS_DOMAIN_DEFAULT_REGISTER] = {"dr", "default-register"},
};

static_assert(SDS_COUNT(uses) == SDS_DOMAIN_USE__COUNT, "each use has a label");

const char *sds_domain_use_name(enum sds_domain_use use)
{
    return uses[use].name;
}

int sds_domain_question(enum sds_domain_use use, const char *domain, struct sds_name *ret)
{
    SDS_CLEANUP(sds_freep)
    char *text = sds_text_format("%s._dns-sd._udp.%s", uses[use].label, domain);

    if (!text)
        return -ENOMEM;
    sds_name_parse(text, ret);
    return ret->faults ? -EINVAL : 0;
}

/* Of no interface comes first. */
static int interface_cmp(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int domain_cmp(const void *a, const void *b)
{
    const struct sds_domain *one = a, *other = b;
    int r = sds_fold_cmp(one->name, strlen(one->name), other->name, strlen(other->name));

    return r ? r : interface_cmp(one->interface, other->interface);
}

static struct sds_domain *find(const struct sds_domains *domains, const struct sds_domain *wanted)
{
    for (size_t i = 0; i < domains->n; i++)
        if (domain_cmp(&domains->v[i], wanted) == 0)
            return &domains->v[i];
    return NULL;
}

int sds_domains_add(struct sds_domains *domains, const struct sds_name *name,
                    enum sds_domain_use use, const char *interface)
{
    struct sds_domain domain = {sds_name_format(name, 0, SDS_LABELS_ALL), NULL, 1u << use};
    struct sds_domain *known = NULL;
    int r = 0;

    if (interface)
        domain.interface = strdup(interface);
    if (!domain.name || (interface && !domain.interface))
        r = -ENOMEM;
    else if ((known = find(domains, &domain)))
        known->uses |= domain.uses;
    else if (domains->n == SDS_DOMAINS_MAX)
        r = -E2BIG;
    else if (!sds_arr_push(domains, domain))
        r = -ENOMEM;
    if (r < 0 || known) {
        free(domain.name);
        free(domain.interface);
    }
    return r;
}

void sds_domains_sort(struct sds_domains *domains)
{
    if (domains->n)
        qsort(domains->v, domains->n, sizeof(*domains->v), domain_cmp);
}

void sds_domains_done(struct sds_domains *domains)
{
    for (size_t i = 0; i < domains->n; i++) {
        free(domains->v[i].name);
        free(domains->v[i].interface);
    }
    free(domains->v);
    *domains = (struct sds_domains){0};
}
