/* SPDX-License-Identifier: MIT */

/* What a link can tell of a domain. By multicast a host answers for local, and for the addresses of
 * its link (RFC 6762 3, 4); others may be asked for there, but DNS servers know of them. */

#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"

/* RFC 6762 4 */
static const char *const reverse[] = {
    "254.169.in-addr.arpa", "8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa",
};

/* Whether the last labels of a name are those of another. */
static bool ends_in(const struct sds_name *name, const char *text)
{
    struct sds_name end;
    size_t skipped;

    sds_name_parse(text, &end);
    if (name->n_labels < end.n_labels)
        return false;
    skipped = name->n_labels - end.n_labels;
    for (size_t i = 0; i < end.n_labels; i++) {
        struct sds_span a = sds_name_label(name, skipped + i), b = sds_name_label(&end, i);

        if (!sds_fold_equal(a.p, a.len, b.p, b.len))
            return false;
    }
    return true;
}

static bool is_of_link(const struct sds_name *domain)
{
    for (size_t i = 0; i < SDS_COUNT(reverse); i++)
        if (ends_in(domain, reverse[i]))
            return true;
    return sds_name_is_local(domain);
}

/* Who has somebody answer. */
struct answers {
    bool from_link;
    bool from_server; /* to a daemon that asks DNS servers, too: such answers have no link */
};

static void look_at(const struct sds_question *question, struct answers *answers)
{
    if (question->is_denied)
        answers->from_server = true;
    for (size_t i = 0; i < question->rrs.n; i++)
        if (question->rrs.v[i]->ifindex > 0)
            answers->from_link = true;
        else
            answers->from_server = true;
}

static struct answers answers_to(const struct browser *b)
{
    struct answers answers = {0};
    const struct subtype *subtype;
    const struct type *type;

    look_at(&b->meta, &answers);
    for (size_t i = 0; i < SDS_COUNT(b->domains); i++)
        look_at(&b->domains[i], &answers);
    TAILQ_FOREACH (type, &b->types, all) {
        look_at(&type->ptr, &answers);
        TAILQ_FOREACH (subtype, &type->subtypes, all)
            look_at(&subtype->ptr, &answers);
    }
    return answers;
}

void sds_browser_note_reach(struct browser *b)
{
    struct answers answers = answers_to(b);
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    SDS_CLEANUP(sds_freep) char *text = NULL;

    if (is_of_link(&b->domain) || answers.from_server)
        return;
    safe = sds_text_dup_name(b->source.config.domain);
    if (!safe)
        return;
    if (answers.from_link) {
        text = sds_text_format("what DNS servers know of '%s' was not asked: only hosts of the "
                               "link were",
                               safe);
        if (text)
            sds_source_add_note(&b->source, text);
        return;
    }
    text = sds_text_format("no host of the link answers for '%s', and DNS servers, who know of a "
                           "domain other than local (RFC 6762 3), were not asked",
                           safe);
    if (text)
        sds_source_add_reason(&b->source, text);
}
