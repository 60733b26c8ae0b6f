/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "rules/peers.h"
#include "rules/rules.h"

#define PEERS_MAX 64 /* that are compared with a service; so many of one name are no accident */

static void sds_peers_freep(struct sds_peers **peers)
{
    sds_peers_free(*peers);
}

static bool is_same_instance(const struct sds_service *a, const struct sds_service *b)
{
    return sds_fold_equal(a->instance.p, a->instance.len, b->instance.p, b->instance.len);
}

static bool shares_interface(const struct sds_service *a, const struct sds_service *b)
{
    for (size_t i = 0; i < a->n_sightings; i++)
        for (size_t j = 0; j < b->n_sightings; j++)
            if (strcmp(a->sightings[i].interface, b->sightings[j].interface) == 0)
                return true;
    return false;
}

/* One service beside others; each rule needs one of them to be broken. */
struct comparison {
    struct sds_check *check;
    bool is_listed; /* a common interface is assumed where one is not told */
    bool is_conflict, is_lookalike, is_unsure;
};

static void report_conflict(struct comparison *c, const char *rival)
{
    const char *host = c->check->service->host;

    c->is_conflict = true;
    sds_report(c->check, SDS_RULE_INSTANCE_CONFLICT, SDS_WHOLE,
               "service is on host '%s', and one of the same name on '%s'",
               SDS_QUOTED(sds_text_span(host)), SDS_QUOTED(sds_text_span(rival)));
}

static void compare_hosts(struct comparison *c, const struct sds_service *peer)
{
    const struct sds_service *service = c->check->service;

    if (c->is_conflict || !service->host)
        return;
    if (sds_service_state(peer, SDS_PART_HOST) == SDS_UNKNOWN) {
        c->is_unsure = true;
    } else if (peer->host && !sds_name_same(service->host, peer->host)) {
        report_conflict(c, peer->host);
    }
}

static bool is_on_link(const struct comparison *c, const struct sds_service *peer)
{
    const struct sds_service *service = c->check->service;

    if (c->is_listed && (!service->n_sightings || !peer->n_sightings))
        return true;
    return shares_interface(service, peer);
}

/* Names conflict on one link; on any, they look alike to people. */
static void compare(struct comparison *c, const struct sds_service *peer)
{
    const struct sds_service *service = c->check->service;

    if (is_same_instance(service, peer)) {
        if (is_on_link(c, peer))
            compare_hosts(c, peer);
    } else if (!c->is_lookalike) {
        c->is_lookalike = true;
        sds_report(c->check, SDS_RULE_INSTANCE_LOOKALIKE, SDS_WHOLE,
                   "instance name '%s' looks like '%s', and is another",
                   SDS_QUOTED(service->instance), SDS_QUOTED(peer->instance));
    }
}

static void compare_all(struct comparison *c, const struct sds_peers *peers)
{
    size_t n, n_compared = 0;
    const struct sds_service *const *like = sds_peers_like(peers, c->check->service, &n);

    for (size_t i = 0; i < n && n_compared < PEERS_MAX; i++) {
        if (like[i] == c->check->service)
            continue;
        n_compared++;
        compare(c, like[i]);
    }
    c->is_unsure |= n > PEERS_MAX + 1;
}

static void compare_listed(struct comparison *c)
{
    const struct sds_company *company = c->check->company;
    SDS_CLEANUP(sds_freep)
    const struct sds_service **all = calloc(company->n_listed + 1, sizeof(*all));
    SDS_CLEANUP(sds_peers_freep) struct sds_peers *peers = NULL;

    if (all) {
        all[0] = c->check->service;
        memcpy(&all[1], company->listed, company->n_listed * sizeof(*all));
        peers = sds_peers_new(all, company->n_listed + 1);
    }
    if (!peers) {
        c->check->error = -ENOMEM;
        return;
    }
    c->is_listed = true;
    compare_all(c, peers);
}

/* Whoever listens keeps both hosts of a name in one service. */
static bool has_rival(const struct sds_service *service)
{
    return service->host && service->rival_host &&
           !sds_name_same(service->host, service->rival_host);
}

void sds_check_peers(struct sds_check *check)
{
    const struct sds_company *company = check->company;
    struct comparison c = {.check = check};

    if (!sds_runs(check, SDS_RULE_INSTANCE_CONFLICT) &&
        !sds_runs(check, SDS_RULE_INSTANCE_LOOKALIKE))
        return;
    if (!company->scan && !company->listed) /* it is the rival that is known */
        sds_lacks_evidence(check, SDS_RULE_INSTANCE_LOOKALIKE);
    if (has_rival(check->service))
        report_conflict(&c, check->service->rival_host);
    if (company->scan)
        compare_all(&c, company->scan);
    if (company->n_listed)
        compare_listed(&c);
    if (c.is_unsure && !c.is_conflict)
        sds_lacks_evidence(check, SDS_RULE_INSTANCE_CONFLICT);
}
