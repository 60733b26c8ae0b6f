/* SPDX-License-Identifier: MIT */

/* Service types and subtypes, and the questions that find their instances. */

#include <errno.h>
#include <search.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"

#define TYPES_HEARD_MAX 1024 /* that nobody lists: anybody can make them up */

#define TYPES_MAX 4096 /* each is asked for while it is there; IANA knows some 1,100 of DNS-SD */

static bool is_same_label(struct sds_span a, struct sds_span b)
{
    return sds_fold_equal(a.p, a.len, b.p, b.len);
}

/* Whether the name has so many labels at least before those of the domain. */
static bool is_in_domain(const struct browser *b, const struct sds_name *name, size_t n_before)
{
    size_t n_domain = b->domain.n_labels;

    if (name->n_labels < n_before + n_domain)
        return false;
    for (size_t i = 1; i <= n_domain; i++)
        if (!is_same_label(sds_name_label(name, name->n_labels - i),
                           sds_name_label(&b->domain, n_domain - i)))
            return false;
    return true;
}

/* `<@text>.<domain>` as a name. */
static int name_in_domain(const char *text, const char *domain, struct sds_name *ret)
{
    SDS_CLEANUP(sds_freep) char *full = sds_text_format("%s.%s", text, domain);

    if (!full)
        return -ENOMEM;
    sds_name_parse(full, ret);
    return 0;
}

/* ---- those that are gone ------------------------------------------------------------------ */

static bool has_answers(const struct type *type)
{
    const struct subtype *subtype;

    TAILQ_FOREACH (subtype, &type->subtypes, all)
        if (subtype->ptr.rrs.n)
            return true;
    return type->ptr.rrs.n > 0;
}

/* Who begins to name it, or an instance of it, is heard whether it is asked for or not. */
static bool is_named(const struct type *type)
{
    return type->is_wanted || type->is_pinned || type->n_listed || !TAILQ_EMPTY(&type->namings) ||
           has_answers(type);
}

/* Have a type forgotten that nobody names any more; an audit tells of all that it saw. */
static void review(struct type *type)
{
    struct browser *b = type->browser;

    if (type->is_gone || !b->asker.is_continuous || is_named(type))
        return;
    type->is_gone = true;
    TAILQ_INSERT_TAIL(&b->gone, type, gone);
    sds_browser_wake(b);
}

void sds_type_leave(struct naming *naming)
{
    struct type *type = naming->type;

    TAILQ_REMOVE(&type->namings, naming, of_type);
    free(naming);
    review(type);
}

void sds_browser_review_types(struct browser *b)
{
    struct type *type;

    TAILQ_FOREACH (type, &b->types, all)
        review(type);
}

static void forget(struct type *type)
{
    struct browser *b = type->browser;

    tdelete(type, &b->types_by_key, sds_node_cmp);
    TAILQ_REMOVE(&b->types, type, all);
    b->n_types--;
    b->progress.types -= type->is_known;
    b->n_heard_types -= type->is_heard;
    sds_type_free(type);
}

/* When all that can answer its question has done so; INT64_MAX: it waits to be asked. */
static int64_t answered_at(const struct type *type)
{
    return type->ptr.asked_ms ? type->ptr.asked_ms + type->browser->querier->ops->settle_ms
                              : INT64_MAX;
}

int64_t sds_browser_forget_types(struct browser *b, int64_t now)
{
    struct type *type, *after;
    int64_t next = INT64_MAX;

    if (b->is_lost || !b->is_settled)
        return INT64_MAX;
    for (type = TAILQ_FIRST(&b->gone); type; type = after) {
        int64_t at = answered_at(type);

        after = TAILQ_NEXT(type, gone);
        if (is_named(type)) {
            TAILQ_REMOVE(&b->gone, type, gone);
            type->is_gone = false;
        } else if (at <= now) {
            forget(type);
        } else {
            next = at < next ? at : next;
        }
    }
    return next;
}

/* ---- subtypes ---------------------------------------------------------------------------- */

static struct sds_question instances_question(void (*changed)(struct sds_question *question,
                                                              const struct sds_rr *rr, bool is_new),
                                              void *owner)
{
    return (struct sds_question){
        .rrtype = SDS_RR_PTR,
        .is_lasting = true,
        .is_paced = true,
        .changed = changed,
        .owner = owner,
    };
}

/* Whether an answer names what could be an instance of a type here. */
static bool read_instance(const struct browser *b, const struct sds_rr *rr, struct sds_name *ret)
{
    return sds_name_read(rr->rdata, rr->rdata_len, ret) == 0 && is_in_domain(b, ret, 2);
}

/* Have the instance come or go that an answer names. */
static void name_instance(struct type *type, const struct subtype *subtype, const struct sds_rr *rr,
                          bool is_new)
{
    struct sds_name name;

    if (rr && read_instance(type->browser, rr, &name))
        sds_instance_named(type, subtype, &name, rr, is_new);
}

/* RFC 6763 7.1: each answer of a subtype names an instance of the type itself. */
static void on_subtype_instance(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    struct subtype *subtype = question->owner;

    name_instance(subtype->type, subtype, rr, is_new);
    if (!is_new)
        review(subtype->type);
}

static bool is_of(const struct type *type, const struct sds_source_subtype *wanted)
{
    struct sds_name name;
    SDS_CLEANUP(sds_freep) char *key = NULL;

    if (name_in_domain(wanted->type, type->browser->source.config.domain, &name))
        return false;
    key = sds_node_key(&name, 0);
    return key && sds_node_cmp(&(struct node){key}, type) == 0;
}

static int add_subtype(struct type *type, const struct sds_source_subtype *wanted)
{
    struct browser *b = type->browser;
    struct subtype *subtype;
    struct sds_name name;
    SDS_CLEANUP(sds_freep) char *text = NULL;

    TAILQ_FOREACH (subtype, &type->subtypes, all)
        if (sds_text_fold_equal(subtype->label, wanted->label))
            return 0;
    text = sds_text_format("%s._sub.%s", wanted->label, wanted->type);
    subtype = calloc(1, sizeof(*subtype));
    if (!text || !subtype || name_in_domain(text, b->source.config.domain, &name)) {
        free(subtype);
        return -ENOMEM;
    }
    subtype->type = type;
    subtype->label = wanted->label;
    subtype->is_hint = type->is_partial && !wanted->is_wanted;
    subtype->ptr = instances_question(on_subtype_instance, subtype);
    TAILQ_INSERT_TAIL(&type->subtypes, subtype, all);
    return sds_question_ask(&b->asker, &subtype->ptr, &name);
}

/* Ask for its subtypes: for those alone that are wanted, or for the others. */
static int add_subtypes(struct type *type, bool is_wanted)
{
    const struct sds_source_config *config = &type->browser->source.config;

    for (size_t i = 0; i < config->n_subtypes; i++) {
        const struct sds_source_subtype *subtype = &config->subtypes[i];

        if (subtype->is_wanted != is_wanted || !is_of(type, subtype))
            continue;
        if (!subtype->label)
            type->is_opaque = true;
        else if (add_subtype(type, subtype))
            return -ENOMEM;
    }
    return 0;
}

bool sds_type_has_subtypes(const struct type *type)
{
    return type->is_probed && !type->is_opaque && !TAILQ_EMPTY(&type->subtypes);
}

bool sds_subtype_is_settled(struct subtype *subtype)
{
    const struct browser *b = subtype->type->browser;

    if (subtype->ptr.asked_ms &&
        sds_browser_now_ms(b) >= subtype->ptr.asked_ms + b->querier->ops->settle_ms)
        subtype->is_settled = true; /* for ever: what a lost source knew stays known */
    return subtype->is_settled;
}

/* ---- types ------------------------------------------------------------------------------- */

void sds_type_free(struct type *type)
{
    struct subtype *subtype;

    while ((subtype = TAILQ_FIRST(&type->subtypes))) {
        TAILQ_REMOVE(&type->subtypes, subtype, all);
        sds_question_done(&subtype->ptr);
        free(subtype);
    }
    sds_question_done(&type->ptr);
    if (type->is_gone)
        TAILQ_REMOVE(&type->browser->gone, type, gone);
    free(type->node.key);
    free(type);
}

/* Somebody names it, or an instance of it. */
static void become_known(struct type *type)
{
    if (type->is_known)
        return;
    type->is_known = true;
    type->browser->progress.types++;
    sds_question_promote(&type->ptr);
}

static void probe(struct type *type)
{
    if (type->is_probed)
        return;
    type->is_probed = true;
    if (add_subtypes(type, false) < 0)
        sds_browser_out_of_memory(type->browser);
}

/* RFC 6763 4.1: each answer of a type names an instance. */
static void on_instance(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    struct type *type = question->owner;

    become_known(type);
    probe(type);
    name_instance(type, NULL, rr, is_new);
    if (!is_new)
        review(type);
}

static void on_instance_renewed(struct sds_question *question, const struct sds_rr *rr)
{
    struct browser *b = ((struct type *)question->owner)->browser;
    struct sds_name name;

    if (read_instance(b, rr, &name))
        sds_instance_renewed(b, &name, rr);
}

/* Ask for its instances: for all, unless some subtypes alone are wanted. */
static int ask_for_instances(struct type *type, const struct sds_name *name)
{
    if (add_subtypes(type, true) < 0)
        return -ENOMEM;
    type->is_partial = !TAILQ_EMPTY(&type->subtypes);
    if (!type->is_partial)
        return sds_question_ask(&type->browser->asker, &type->ptr, name);
    probe(type);
    return 0;
}

/* Takes @key; NULL when out of memory. */
static struct type *type_new(struct browser *b, const struct sds_name *name, char *key,
                             bool is_guess)
{
    struct type *type = calloc(1, sizeof(*type));

    if (!type) {
        free(key);
        return NULL;
    }
    type->node.key = key;
    type->browser = b;
    TAILQ_INIT(&type->subtypes);
    TAILQ_INIT(&type->namings);
    type->ptr = instances_question(on_instance, type);
    type->ptr.renewed = on_instance_renewed;
    type->ptr.is_guess = is_guess;
    if (!tsearch(type, &b->types_by_key, sds_node_cmp)) {
        sds_type_free(type);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&b->types, type, all); /* freed from there from now on */
    b->n_types++;
    return ask_for_instances(type, name) < 0 ? NULL : type;
}

static struct type *find_type(const struct browser *b, const struct sds_name *name)
{
    SDS_CLEANUP(sds_freep) char *key = sds_node_key(name, 0);

    return key ? sds_node_find(&b->types_by_key, key) : NULL;
}

/* Have a type asked for; a guess when nobody has named it. @ret: NULL where there are too many. */
static int add_type(struct browser *b, const struct sds_name *name, bool is_guess,
                    struct type **ret)
{
    char *key = sds_node_key(name, 0);
    struct type *type = key ? sds_node_find(&b->types_by_key, key) : NULL;

    *ret = NULL;
    if (type) {
        free(key);
    } else if (key && b->n_types == TYPES_MAX) {
        sds_source_add_reason(&b->source, "more service types than are asked for");
        free(key);
        return 0;
    } else if (key) {
        type = type_new(b, name, key, is_guess);
    }
    if (!type)
        return -ENOMEM;
    if (!is_guess)
        become_known(type);
    *ret = type;
    return 0;
}

/* `_services._dns-sd._udp`, whose instances would be all types of the link. */
static bool is_meta(const struct browser *b, const struct sds_name *name)
{
    static const char *const labels[] = {"_services", "_dns-sd", "_udp"};

    if (name->n_labels != SDS_COUNT(labels) + b->domain.n_labels)
        return false;
    for (size_t i = 0; i < SDS_COUNT(labels); i++)
        if (!is_same_label(sds_name_label(name, i), sds_text_span(labels[i])))
            return false;
    return true;
}

/* Nothing says that a type is listed before its instances are heard of, or in the same packet. */
static void note_listing(const struct type *type, const struct sds_rr *rr)
{
    const struct naming *naming;

    TAILQ_FOREACH (naming, &type->namings, of_type)
        if (naming->instance->ifindex == rr->ifindex)
            sds_instance_mark_dirty(naming->instance);
}

static bool read_type(const struct browser *b, const struct sds_rr *rr, struct sds_name *ret)
{
    return sds_name_read(rr->rdata, rr->rdata_len, ret) == 0 && is_in_domain(b, ret, 1) &&
           !is_meta(b, ret);
}

static void on_type_renewed(struct sds_question *question, const struct sds_rr *rr)
{
    struct browser *b = question->owner;
    struct sds_name name;
    struct type *type;

    if (rr->holders & SDS_HOLDER_HEARD || !read_type(b, rr, &name))
        return; /* that it is listed is all that counts */
    type = find_type(b, &name);
    if (type)
        note_listing(type, rr);
}

/* RFC 6763 9: each answer to the meta-query names a type; some devices name the meta-query, too. */
static void on_type(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    struct browser *b = question->owner;
    struct type *type;
    struct sds_name name;

    if (!rr || !read_type(b, rr, &name))
        return;
    if (!is_new)
        type = find_type(b, &name);
    else if (add_type(b, &name, false, &type) < 0)
        sds_browser_out_of_memory(b);
    if (!type)
        return;
    if (is_new) {
        type->n_listed++;
        note_listing(type, rr);
    } else if (type->n_listed) {
        type->n_listed--;
        review(type);
    }
}

/* Not all devices answer the meta-query: what has instances is a type. */
void sds_browser_heard_pointer(struct browser *b, struct sds_span owner)
{
    size_t n_before = b->progress.types;
    struct type *type;
    struct sds_name name;

    if (b->source.config.n_types || b->source.config.wants_domains ||
        sds_name_read(owner.p, owner.len, &name) < 0 || name.n_labels != b->domain.n_labels + 2 ||
        !is_in_domain(b, &name, 2))
        return;
    if (b->n_heard_types == TYPES_HEARD_MAX)
        return; /* a flood, of which there are more signs */
    if (add_type(b, &name, false, &type) < 0)
        sds_browser_out_of_memory(b);
    if (!type || b->progress.types == n_before)
        return;
    type->is_heard = true;
    b->n_heard_types++;
}

static int add_types(struct browser *b, const char *const *types, size_t n, bool is_guess)
{
    struct type *type;
    struct sds_name name;

    for (size_t i = 0; i < n; i++) {
        if (name_in_domain(types[i], b->source.config.domain, &name) ||
            add_type(b, &name, is_guess, &type))
            return -ENOMEM;
        if (type)
            type->is_wanted = true;
    }
    return 0;
}

static int ask_for_all_types(struct browser *b)
{
    struct sds_name name;

    b->meta.rrtype = SDS_RR_PTR;
    b->meta.is_lasting = true;
    b->meta.changed = on_type;
    b->meta.renewed = on_type_renewed;
    b->meta.owner = b;
    if (name_in_domain("_services._dns-sd._udp", b->source.config.domain, &name))
        return -ENOMEM;
    return sds_question_ask(&b->asker, &b->meta, &name);
}

int sds_browser_ask_for_types(struct browser *b)
{
    const struct sds_source_config *config = &b->source.config;
    int r = config->n_types ? add_types(b, config->types, config->n_types, false)
                            : ask_for_all_types(b);

    return r < 0 ? r : add_types(b, config->guesses, config->n_guesses, true);
}
