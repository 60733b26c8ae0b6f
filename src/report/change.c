/* SPDX-License-Identifier: MIT */
#include "report/change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/part.h"
#include "rules/attributes.h"

#define ITEMS_MAX   8  /* of a part are told; others are counted */
#define VALUE_SIZE  41 /* bytes of a value that are shown, with a NUL */
#define CONTEXT_LEN 8  /* bytes that values share before they differ */

/* Writes "host a.local -> b.local; addresses +192.0.2.7, -192.0.2.8". */
struct writer {
    FILE *out;
    const char *arrow;
    const struct sds_service *was, *is;
    bool has_begun; /* something is told */
    size_t n_items; /* of the part that is being told */
};

static void begin_part(struct writer *w, const char *name)
{
    fprintf(w->out, "%s%s", w->has_begun ? "; " : "", name);
    w->has_begun = true;
    w->n_items = 0;
}

/* Another item of the part; false where there are too many. */
static bool begins_item(struct writer *w)
{
    if (w->n_items++ >= ITEMS_MAX)
        return false;
    fputs(w->n_items > 1 ? ", " : " ", w->out);
    return true;
}

/* What stands for a part that is not there; NULL where it is. */
static const char *absence(const struct sds_service *s, enum sds_part part)
{
    switch (sds_service_state(s, part)) {
    case SDS_UNKNOWN:
        return "(unknown)";
    case SDS_MISSING:
        return "(none)";
    case SDS_PRESENT:
        break;
    }
    return NULL;
}

/* ---- parts of one value ------------------------------------------------------------------- */

/* Malloc'ed; NULL when out of memory. */
static char *value_of(const struct sds_service *s, enum sds_part part)
{
    const char *word = absence(s, part);
    char *text = NULL;
    size_t size;
    FILE *out;
    int r;

    if (word)
        return strdup(word);
    out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    r = sds_part_put(s, part, out);
    if (!fclose(out) && r == 0)
        return text;
    free(text);
    return NULL;
}

/* Where the value is what it was, something else of the part has changed. */
static int tell_value(struct writer *w, enum sds_part part)
{
    SDS_CLEANUP(sds_freep) char *was = value_of(w->was, part);
    SDS_CLEANUP(sds_freep) char *is = value_of(w->is, part);

    if (!was || !is)
        return -ENOMEM;
    if (strcmp(was, is) == 0)
        return 0;
    if (absence(w->was, part))
        fprintf(w->out, " %s", is);
    else
        fprintf(w->out, " %s%s%s", was, w->arrow, is);
    return 0;
}

/* ---- sets --------------------------------------------------------------------------------- */

static void put_address(struct writer *w, char sign, struct sds_address address)
{
    char text[SDS_ADDRESS_TEXT_SIZE];

    if (!begins_item(w))
        return;
    sds_address_format(address, text);
    fprintf(w->out, "%c%s", sign, text);
}

/* Both are sorted. */
static int tell_addresses(struct writer *w, enum sds_part part)
{
    const struct sds_service *was = w->was, *is = w->is;
    size_t i = 0, j = 0;

    (void)part;
    while (i < was->n_addresses || j < is->n_addresses) {
        int order = i == was->n_addresses  ? 1
                    : j == is->n_addresses ? -1
                                           : sds_address_cmp(&was->addresses[i], &is->addresses[j]);

        if (order < 0)
            put_address(w, '-', was->addresses[i]);
        else if (order > 0)
            put_address(w, '+', is->addresses[j]);
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}

static bool has_subtype(const struct sds_service *s, const char *subtype)
{
    for (size_t i = 0; i < s->n_subtypes; i++)
        if (strcmp(s->subtypes[i], subtype) == 0)
            return true;
    return false;
}

/* Those of one that the other lacks. */
static int tell_other_subtypes(struct writer *w, char sign, const struct sds_service *one,
                               const struct sds_service *other)
{
    int r = 0;

    for (size_t i = 0; i < one->n_subtypes && r == 0; i++)
        if (!has_subtype(other, one->subtypes[i]) && begins_item(w)) {
            fputc(sign, w->out);
            r = sds_name_put(one->subtypes[i], w->out);
        }
    return r;
}

static int tell_subtypes(struct writer *w, enum sds_part part)
{
    int r = tell_other_subtypes(w, '+', w->is, w->was);

    (void)part;
    return r < 0 ? r : tell_other_subtypes(w, '-', w->was, w->is);
}

/* ---- TXT attributes ----------------------------------------------------------------------- */

static void put_span(const struct writer *w, struct sds_span bytes)
{
    char text[VALUE_SIZE];

    sds_text_shorten(text, sizeof(text), bytes.p, bytes.len);
    fputs(text, w->out);
}

/* @from  what is before is left out */
static void put_value(const struct writer *w, struct sds_span value, size_t from)
{
    if (!value.p) {
        fputs("(no value)", w->out);
        return;
    }
    fputs(from ? "'..." : "'", w->out);
    put_span(w, (struct sds_span){value.p + from, value.len - from});
    fputc('\'', w->out);
}

/* Where to begin to show long values, so that what differs is seen; between characters. */
static size_t begin_of_difference(struct sds_span a, struct sds_span b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.p[n] == b.p[n])
        n++;
    if (n < VALUE_SIZE / 2 || (a.len < VALUE_SIZE && b.len < VALUE_SIZE))
        return 0;
    n -= CONTEXT_LEN;
    while (n > 0 && (a.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void put_attribute(struct writer *w, const struct sds_txt_string *was,
                          const struct sds_txt_string *is)
{
    size_t from;

    if ((was && is && sds_attribute_has_same_value(was, is)) || !begins_item(w))
        return;
    if (!was || !is)
        fputc(was ? '-' : '+', w->out);
    put_span(w, is ? is->key : was->key);
    if (!was && is->value.p) {
        fputc('=', w->out);
        put_value(w, is->value, 0);
    } else if (was && is) {
        from = begin_of_difference(was->value, is->value);
        fputc(' ', w->out);
        put_value(w, was->value, from);
        fputs(w->arrow, w->out);
        put_value(w, is->value, from);
    }
}

static int tell_txt(struct writer *w, enum sds_part part)
{
    SDS_CLEANUP(sds_attributes_done) struct sds_attributes was = {0};
    SDS_CLEANUP(sds_attributes_done) struct sds_attributes is = {0};
    struct sds_attributes_walk walk = {.old = &was, .new = &is};

    (void)part;
    if (!sds_attributes_list(w->was->txt, &was) || !sds_attributes_list(w->is->txt, &is))
        return -ENOMEM;
    while (sds_attributes_next(&walk))
        put_attribute(w, walk.was, walk.is);
    return 0;
}

/* ---- all of it ---------------------------------------------------------------------------- */

/* In the order in which they are told. Those without words of their own are only named. */
static const struct {
    enum sds_part part;
    int (*tell)(struct writer *w, enum sds_part part);
    bool is_set;
} parts[] = {
    {SDS_PART_INSTANCE, tell_value, false},     {SDS_PART_TYPE, tell_value, false},
    {SDS_PART_DOMAIN, tell_value, false},       {SDS_PART_SUBTYPES, tell_subtypes, true},
    {SDS_PART_HOST, tell_value, false},         {SDS_PART_PORT, tell_value, false},
    {SDS_PART_PRIORITY, tell_value, false},     {SDS_PART_WEIGHT, tell_value, false},
    {SDS_PART_ADDRESSES, tell_addresses, true}, {SDS_PART_TXT, tell_txt, true},
    {SDS_PART_TTL, tell_value, false},          {SDS_PART_HOST_CNAME, NULL, false},
    {SDS_PART_CACHE_FLUSH, NULL, false},        {SDS_PART_PTR_TYPE, NULL, false},
    {SDS_PART_META_PTRS, NULL, false},
};

static int tell_set(struct writer *w, size_t i)
{
    int r;

    if (absence(w->is, parts[i].part)) {
        fprintf(w->out, " %s", absence(w->is, parts[i].part));
        return 0;
    }
    r = parts[i].tell(w, parts[i].part);
    if (w->n_items > ITEMS_MAX)
        fprintf(w->out, ", %zu more", w->n_items - ITEMS_MAX);
    return r;
}

static int tell_parts(struct writer *w, unsigned changes)
{
    int r = 0;

    for (size_t i = 0; i < SDS_COUNT(parts) && r == 0; i++) {
        if (!(changes & parts[i].part))
            continue;
        begin_part(w, sds_part_name(parts[i].part));
        if (parts[i].is_set)
            r = tell_set(w, i);
        else if (parts[i].tell)
            r = parts[i].tell(w, parts[i].part);
    }
    return r;
}

/* "port, txt" */
static void name_parts(struct writer *w, unsigned changes)
{
    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1)
        if (changes & part) {
            fprintf(w->out, "%s%s", w->has_begun ? ", " : "", sds_part_name(part));
            w->has_begun = true;
        }
}

/* "new: SD301, SD325" */
static void tell_findings(struct writer *w, const struct sds_event *event, const char *word,
                          sds_next_finding *next_finding)
{
    const struct sds_finding *f;
    size_t next = 0, n = 0;

    while ((f = next_finding(event, &next))) {
        if (n++ == 0)
            begin_part(w, word);
        fprintf(w->out, "%s%s", n > 1 ? ", " : " ", f->rule->id);
    }
}

char *sds_change_describe(const struct sds_event *event, const char *arrow)
{
    char *text = NULL;
    size_t size;
    struct writer w = {.out = open_memstream(&text, &size),
                       .arrow = arrow,
                       .was = event->was,
                       .is = event->service};
    int r = 0;

    if (!w.out)
        return NULL;
    if (event->was)
        r = tell_parts(&w, event->changes);
    else
        name_parts(&w, event->changes);
    tell_findings(&w, event, "new:", sds_event_next_added);
    tell_findings(&w, event, "mended:", sds_event_next_gone);
    if (!fclose(w.out) && r == 0)
        return text;
    free(text);
    return NULL;
}
