/* SPDX-License-Identifier: MIT */

/* Domains that a network recommends to browse, or to register services in (RFC 6763 11). */

#include "discovery/domains.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"
#include "discovery/listener.h"
#include "wire/name.h"

#define NOTED_MAX 3 /* domains that a note names */

void sds_source_note_domains_error(struct sds_source *source, int r)
{
    if (r == -E2BIG)
        sds_source_add_reason(source, "more domains are recommended than are kept");
    else if (r < 0)
        sds_source_add_reason(source, "out of memory: some domains were dropped");
}

/* ---- what was heard ----------------------------------------------------------------------- */

/* The names in a domain that are asked for each use. */
struct owners {
    struct sds_wire_name names[SDS_DOMAIN_USE__COUNT]; /* of length 0: nobody can ask so */
};

static int find_owners(const char *domain, struct owners *ret)
{
    for (int use = 0; use < SDS_DOMAIN_USE__COUNT; use++) {
        struct sds_name name;
        int r = sds_domain_question((enum sds_domain_use)use, domain, &name);

        ret->names[use].len = 0;
        if (r == -ENOMEM)
            return r;
        if (r == 0)
            (void)sds_wire_name_from(&name, &ret->names[use]);
    }
    return 0;
}

/* Returns enum sds_domain_use, or SDS_DOMAIN_USE__COUNT where a set says nothing of domains. */
static int use_of(const struct owners *owners, const struct sds_store_set *set)
{
    int use = 0;

    while (use < SDS_DOMAIN_USE__COUNT &&
           !sds_fold_equal(owners->names[use].bytes, owners->names[use].len, set->name.p,
                           set->name.len))
        use++;
    return use;
}

static int add_set(const struct sds_store_set *set, enum sds_domain_use use, const char *link,
                   struct sds_domains *ret)
{
    const struct sds_store_record *record = NULL;
    struct sds_name name;
    int r = 0;

    while (r == 0 && (record = sds_store_next(set, record)))
        if (!record->fault && sds_name_read(record->rdata.p, record->rdata.len, &name) == 0)
            r = sds_domains_add(ret, &name, use, link);
    return r;
}

int sds_domains_heard(const struct sds_store *store, const char *domain,
                      sds_link_name_fn *link_name, const void *userdata, struct sds_domains *ret)
{
    const struct sds_store_set *set = NULL;
    struct owners owners;
    int r = find_owners(domain, &owners);

    while (r == 0 && (set = sds_store_next_set(store, set))) {
        char link[IF_NAMESIZE];
        int use = set->type == SDS_RR_PTR ? use_of(&owners, set) : SDS_DOMAIN_USE__COUNT;

        if (use < SDS_DOMAIN_USE__COUNT && link_name(userdata, set->ifindex, link))
            r = add_set(set, (enum sds_domain_use)use, link, ret);
    }
    return r;
}

/* "'a.example', 'b.example' and 2 more" */
static void write_names(const struct sds_source_texts *names, FILE *out)
{
    size_t n = names->n < NOTED_MAX ? names->n : NOTED_MAX;

    for (size_t i = 0; i < n; i++) {
        fputs(i == 0 ? "'" : i + 1 < names->n ? ", '" : " and '", out);
        fputs(names->v[i], out);
        fputc('\'', out);
    }
    if (names->n > n)
        fprintf(out, " and %zu more", names->n - n);
}

static void note_names(struct sds_source *source, const struct sds_source_texts *names)
{
    SDS_CLEANUP(sds_freep) char *note = NULL;
    size_t size;
    FILE *out = names->n ? open_memstream(&note, &size) : NULL;

    if (!out)
        return;
    fputs("the network recommends to browse ", out);
    write_names(names, out);
    fputs(" too, which was not done: see --domain and browse --domains", out);
    if (fclose(out) == 0)
        sds_source_add_note(source, note);
}

/* The list is sorted: a domain of several links follows itself. */
static bool is_repeated(const struct sds_domains *domains, size_t i)
{
    return i > 0 && sds_name_same(domains->v[i - 1].name, domains->v[i].name);
}

void sds_source_note_domains(struct sds_source *source, const struct sds_domains *domains)
{
    const char *own = source->config.domain ? source->config.domain : "local";
    struct sds_source_texts names = {0};
    char *safe;

    for (size_t i = 0; i < domains->n; i++) {
        const struct sds_domain *domain = &domains->v[i];

        if (!(domain->uses & SDS_DOMAIN_BROWSES) || is_repeated(domains, i) ||
            sds_name_same(domain->name, own))
            continue;
        safe = sds_text_dup_name(domain->name);
        if (!safe || !sds_arr_push(&names, safe))
            free(safe);
    }
    note_names(source, &names);
    for (size_t i = 0; i < names.n; i++)
        free(names.v[i]);
    free(names.v);
}

/* ---- a browser ---------------------------------------------------------------------------- */

/* Whoever asks looks at the answers when everybody has answered. */
static void on_domain(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    (void)question, (void)rr, (void)is_new;
}

int sds_browser_ask_for_domains(struct browser *b)
{
    for (int use = 0; use < SDS_DOMAIN_USE__COUNT; use++) {
        struct sds_question *question = &b->domains[use];
        struct sds_name name;
        int r = sds_domain_question((enum sds_domain_use)use, b->source.config.domain, &name);

        if (r < 0)
            return r;
        *question = (struct sds_question){
            .rrtype = SDS_RR_PTR, .is_lasting = true, .changed = on_domain, .owner = b};
        r = sds_question_ask(&b->asker, question, &name);
        if (r < 0)
            return r;
    }
    return 0;
}

static bool interface_name(const void *userdata, int ifindex, char ret[IF_NAMESIZE])
{
    (void)userdata;
    return if_indextoname((unsigned)ifindex, ret) != NULL;
}

/* Of no interface is what the daemon recommends for the link by its configuration, and what it
 * asked of DNS servers for others. */
static int add_rr(struct browser *b, const struct sds_rr *rr, enum sds_domain_use use)
{
    struct sds_domains *ret = &b->source.domains;
    char interface[IF_NAMESIZE];
    struct sds_name name;

    if (sds_name_read(rr->rdata, rr->rdata_len, &name) < 0)
        return 0;
    if (rr->ifindex <= 0)
        return sds_domains_add(ret, &name, use, sds_name_is_local(&b->domain) ? NULL : NO_LINK);
    if (!interface_name(NULL, rr->ifindex, interface))
        return 0; /* it has just gone */
    return sds_domains_add(ret, &name, use, interface);
}

void sds_browser_tell_domains(struct browser *b)
{
    int r = 0;

    if (!b->source.config.wants_domains)
        return;
    for (int use = 0; use < SDS_DOMAIN_USE__COUNT; use++) {
        const struct sds_question *question = &b->domains[use];

        for (size_t i = 0; i < question->rrs.n && r == 0; i++)
            r = add_rr(b, question->rrs.v[i], (enum sds_domain_use)use);
    }
    sds_source_note_domains_error(&b->source, r);
    sds_domains_sort(&b->source.domains);
}

void sds_browser_note_domains(struct browser *b)
{
    const struct sds_listener *listener = sds_browser_listener(b);
    struct sds_domains domains = {0};

    if (b->source.config.wants_domains || !listener)
        return;
    (void)sds_domains_heard(sds_listener_store(listener), "local", interface_name, NULL, &domains);
    sds_domains_sort(&domains);
    sds_source_note_domains(&b->source, &domains);
    sds_domains_done(&domains);
}
