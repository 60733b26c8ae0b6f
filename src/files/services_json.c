/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sdscope/txt.h"

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* A place in the text, which only moves on. */
struct mark {
    const char *p;
    size_t left;
    struct sds_input_place place; /* of p */
};

static void advance(struct mark *m, size_t n)
{
    for (; n > 0; n--, m->p++, m->left--)
        sds_input_advance(&m->place, *m->p);
}

static void skip_space(struct mark *m)
{
    while (m->left > 0 && memchr(" \t\r\n", *m->p, 4))
        advance(m, 1);
}

/* One value of the text, its services, and where they stand. */
struct values {
    const char *text; /* of this value, and what follows it */
    size_t len;
    struct mark mark;
    struct sds_input *input;
    size_t next;       /* service whose place comes next */
    unsigned txt_rank; /* of the member that has the last word on TXT; see rank_of_txt() */
};

static struct sds_input_place place_of(struct values *values, size_t offset)
{
    advance(&values->mark, offset - (size_t)(values->mark.p - values->text));
    return values->mark.place;
}

static int push_mark(struct values *values, enum sds_part part, size_t index, size_t offset)
{
    struct sds_input_mark mark = {part, index, place_of(values, offset)};

    return sds_arr_push(&values->input->services.v[values->next].marks, mark) ? 0 : -ENOMEM;
}

/* ---- services ----------------------------------------------------------------------------- */

/* A line of NDJSON that tells of a file, and of no service. */
static bool is_file(const json_t *object)
{
    return json_object_get(object, "file") && !json_object_get(object, "type");
}

static int push_service(struct sds_input *input, const json_t *object,
                        const struct sds_json_place *at, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    int r = sds_service_from_json(object, at, &s, error);

    if (r == 0)
        r = sds_input_add(input, SDS_TAKE(s), (struct sds_input_place){0});
    if (r == 0)
        r = sds_peers_from_json(object, at, &input->services.v[input->services.n - 1].peers, error);
    return r;
}

/* One value of the file: a service, an array of them, or a report. */
static int push_value(struct sds_input *input, const json_t *value, struct sds_json_error *error)
{
    static const struct sds_json_place services_at = {NULL, "services", 0};
    const json_t *services = json_object_get(value, "services");
    const struct sds_json_place *at = services ? &services_at : NULL;
    const json_t *item;
    size_t i;

    if (!services && is_file(value))
        return 0;
    if (!services && json_is_object(value))
        return push_service(input, value, NULL, error);
    if (!services)
        services = value;
    if (!json_is_array(services))
        return sds_json_fail_kind(error, at, "an array of services", services);
    json_array_foreach(services, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};
        int r = push_service(input, item, &item_at, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- where they stand --------------------------------------------------------------------- */

/* Strings of a TXT record beside the items of the array that they were read from. */
struct strings {
    struct values *values;
    struct sds_txt_iter iter;
};

static int mark_string(void *userdata, size_t index, const char *name, size_t name_len,
                       size_t offset)
{
    struct strings *strings = userdata;
    struct sds_txt_string string;

    (void)index;
    (void)name;
    (void)name_len;
    if (!sds_txt_next(&strings->iter, &string))
        return 0;
    return push_mark(strings->values, SDS_PART_TXT, string.offset, offset);
}

static int mark_subtype(void *userdata, size_t index, const char *name, size_t name_len,
                        size_t offset)
{
    (void)name;
    (void)name_len;
    return push_mark(userdata, SDS_PART_SUBTYPES, index, offset);
}

static bool is_named(const char *name, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(name, word, len) == 0;
}

/* The part that a member tells of; 0 where it is none. */
static unsigned part_of_member(const char *name, size_t len)
{
    if (is_named(name, len, "srv_count"))
        return SDS_PART_HOST;
    for (unsigned part = SDS_PART__LAST; part; part >>= 1) { /* "host_cname" before "host" */
        const char *word = sds_part_name((enum sds_part)part);
        size_t n = strlen(word);

        /* "txt_hex" and "instance_hex" too */
        if (part != SDS_PART_FILE && len >= n && memcmp(name, word, n) == 0 &&
            (len == n || name[n] == '_'))
            return part;
    }
    return 0;
}

/* Of the members that give a TXT record, the one of the highest rank has the last word; 0 is none
 * of them. */
static unsigned rank_of_txt(const char *name, size_t len)
{
    static const char *const members[] = {"txt", "txt_hex", "txt_strings_hex", "txt_records_hex"};

    for (unsigned i = 0; i < SDS_COUNT(members); i++)
        if (is_named(name, len, members[i]))
            return i + 1;
    return 0;
}

/* Whether the member's items are the strings of the record. */
static bool has_strings(const char *name, size_t len)
{
    return is_named(name, len, "txt") || is_named(name, len, "txt_strings_hex");
}

static int mark_member(void *userdata, size_t index, const char *name, size_t name_len,
                       size_t offset)
{
    struct values *values = userdata;
    struct sds_input_service *marked = &values->input->services.v[values->next];
    unsigned part = part_of_member(name, name_len);
    bool is_array = values->text[offset] == '[';

    (void)index;
    if (part == SDS_PART_TXT && rank_of_txt(name, name_len) < values->txt_rank)
        return 0;
    if (is_array && has_strings(name, name_len)) {
        struct strings strings = {values,
                                  sds_txt_begin(marked->service->txt.p, marked->service->txt.len)};

        return sds_json_each(values->text, values->len, offset, mark_string, &strings);
    }
    if (part == SDS_PART_SUBTYPES && is_array)
        return sds_json_each(values->text, values->len, offset, mark_subtype, values);
    return part ? push_mark(values, (enum sds_part)part, 0, offset) : 0;
}

static int rank_member(void *userdata, size_t index, const char *name, size_t name_len,
                       size_t offset)
{
    struct values *values = userdata;
    unsigned rank = rank_of_txt(name, name_len);

    (void)index;
    (void)offset;
    if (rank > values->txt_rank)
        values->txt_rank = rank;
    return 0;
}

static int mark_service(void *userdata, size_t index, const char *name, size_t name_len,
                        size_t offset)
{
    struct values *values = userdata;
    int r;

    (void)index;
    (void)name;
    (void)name_len;
    assert(values->next < values->input->services.n);
    values->input->services.v[values->next].place = place_of(values, offset);
    values->txt_rank = 0;
    sds_json_each(values->text, values->len, offset, rank_member, values);
    r = sds_json_each(values->text, values->len, offset, mark_member, values);
    values->next++;
    return r;
}

/* Mark the services that were read from the value that begins here. */
static int mark_value(struct mark start, const json_t *value, size_t next, struct sds_input *input)
{
    struct values values = {start.p, start.left, start, input, next, 0};
    struct sds_json_path path = {0};

    if (input->services.n == next)
        return 0;
    if (json_is_object(value) && !json_object_get(value, "services"))
        return mark_service(&values, 0, NULL, 0, 0);
    if (json_is_object(value))
        sds_json_path_push(&path, "services", 0);
    return sds_json_each(start.p, start.left, sds_json_find(start.p, start.left, &path),
                         mark_service, &values);
}

/* ---- the file ----------------------------------------------------------------------------- */

static int fail_syntax(const struct mark *from, const json_error_t *e,
                       struct sds_input_error *error)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(e->text, strlen(e->text));
    struct sds_input_place place = {from->place.line + e->line - 1, e->column};

    if (!safe)
        return -ENOMEM;
    if (e->line == 1)
        place.column += from->place.column - 1;
    if (place.column < 1)
        place.column = 1;
    return sds_input_fail(error, place, "%s", safe);
}

/* Find the value at fault in the text that begins here. */
static int fail_value(struct mark start, const struct sds_json_error *fault,
                      struct sds_input_error *error)
{
    advance(&start, sds_json_find(start.p, start.left, &fault->path));
    return sds_input_fail(error, start.place, "%s", fault->text);
}

static int read_values(struct mark *m, struct sds_input *input, struct sds_input_error *error)
{
    const size_t flags = JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK;
    size_t document = 0;

    do {
        json_auto_t *value = NULL;
        struct sds_json_error fault = {0};
        struct mark start = *m;
        size_t n = input->services.n;
        json_error_t e;
        int r;

        value = json_loadb(m->p, m->left, flags, &e);
        if (!value && (!*e.text || json_error_code(&e) == json_error_out_of_memory))
            return -ENOMEM; /* jansson is mostly silent about it */
        if (!value)
            return fail_syntax(m, &e, error);
        r = push_value(input, value, &fault);
        if (r == -EINVAL)
            return fail_value(start, &fault, error);
        if (r == 0)
            r = mark_value(start, value, n, input);
        if (r < 0)
            return r;
        for (; n < input->services.n; n++)
            input->services.v[n].document = document;
        document++;
        advance(m, (size_t)e.position);
        skip_space(m);
    } while (m->left > 0);
    return 0;
}

int sds_services_read_json(const char *text, size_t len, struct sds_input *ret,
                           struct sds_input_error *error)
{
    struct mark m = {text, len, {1, 1}};

    if (len > INT_MAX) /* jansson counts in int */
        return sds_input_fail(error, SDS_INPUT_NOWHERE, "larger than 2 GiB");
    skip_space(&m);
    if (!m.left)
        return sds_input_fail(error, SDS_INPUT_NOWHERE, "expected JSON, found nothing");
    return read_values(&m, ret, error);
}
