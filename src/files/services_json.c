/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* Some editors begin a file with it; a reader may ignore it (RFC 8259 8.1). */
static const char byte_order_mark[] = "\xEF\xBB\xBF";

typedef SDS_ARR(struct sds_service *) service_arr;

static int push_service(service_arr *list, const json_t *object, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    int r = sds_service_from_json(object, at, &s, error);

    if (r < 0)
        return r;
    if (!sds_arr_push(list, s))
        return -ENOMEM;
    s = NULL;
    return 0;
}

/* One value of the file: a service, an array of them, or a report. */
static int push_value(service_arr *list, const json_t *value, struct sds_json_error *error)
{
    static const struct sds_json_place services_at = {NULL, "services", 0};
    const json_t *services = json_object_get(value, "services");
    const struct sds_json_place *at = services ? &services_at : NULL;
    const json_t *item;
    size_t i;

    if (!services && json_is_object(value))
        return push_service(list, value, NULL, error);
    if (!services)
        services = value;
    if (!json_is_array(services))
        return sds_json_fail_kind(error, at, "an array of services", services);
    json_array_foreach(services, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};
        int r = push_service(list, item, &item_at, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* A place in the text, as an editor shows it. */
struct mark {
    const char *p;
    size_t left;
    int line, column; /* of p, from 1 */
};

static void advance(struct mark *m, size_t n)
{
    for (; n > 0; n--, m->p++, m->left--) {
        if (*m->p == '\n') {
            m->line++;
            m->column = 1;
        } else if (((unsigned char)*m->p & 0xc0) != 0x80) { /* not inside a character */
            m->column++;
        }
    }
}

static void skip_space(struct mark *m)
{
    while (m->left > 0 && memchr(" \t\r\n", *m->p, 4))
        advance(m, 1);
}

static int fail_syntax(const struct mark *from, const json_error_t *e, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(e->text, strlen(e->text));

    if (!safe)
        return -ENOMEM;
    error->line = from->line + e->line - 1;
    error->column = e->line == 1 ? from->column + e->column - 1 : e->column;
    if (error->column < 1)
        error->column = 1;
    sds_json_error_set(error, safe);
    return -EINVAL;
}

/* Find the value at fault in the text that begins here. */
static void locate(struct mark start, struct sds_json_error *error)
{
    advance(&start, sds_json_find(start.p, start.left, &error->path));
    error->line = start.line;
    error->column = start.column;
}

static int read_values(struct mark *m, service_arr *list, struct sds_json_error *error)
{
    const size_t flags = JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK;

    do {
        json_auto_t *value = NULL;
        struct mark start = *m;
        json_error_t e;
        int r;

        value = json_loadb(m->p, m->left, flags, &e);
        if (!value && (!*e.text || json_error_code(&e) == json_error_out_of_memory))
            return -ENOMEM; /* jansson is mostly silent about it */
        if (!value)
            return fail_syntax(m, &e, error);
        advance(m, (size_t)e.position);
        r = push_value(list, value, error);
        if (r == -EINVAL)
            locate(start, error);
        if (r < 0)
            return r;
        skip_space(m);
    } while (m->left > 0);
    return 0;
}

int sds_services_read_json(const char *text, size_t len, struct sds_service ***ret, size_t *ret_n,
                           struct sds_json_error *error)
{
    const size_t bom_len = sizeof(byte_order_mark) - 1;
    struct mark m = {text, len, 1, 1};
    service_arr list = {0};
    int r;

    *error = (struct sds_json_error){0};
    if (len >= bom_len && memcmp(text, byte_order_mark, bom_len) == 0)
        m = (struct mark){text + bom_len, len - bom_len, 1, 1};
    if (len > INT_MAX) /* jansson counts in int */
        return sds_json_fail(error, NULL, "larger than 2 GiB");
    skip_space(&m);
    if (!m.left)
        return sds_json_fail(error, NULL, "expected JSON, found nothing");
    r = read_values(&m, &list, error);
    if (r < 0) {
        while (list.n > 0)
            sds_service_free(list.v[--list.n]);
        free(list.v);
        return r;
    }
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}
