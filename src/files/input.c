/* SPDX-License-Identifier: MIT */
#include "files/input.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/service_json.h"
#include "files/service_xml.h"
#include "files/zone.h"

void sds_input_peers_done(struct sds_input_peers *peers)
{
    for (size_t i = 0; i < peers->list.n; i++)
        sds_service_free(peers->list.v[i]);
    free(peers->list.v);
    *peers = (struct sds_input_peers){0};
}

static void service_done(struct sds_input_service *service)
{
    sds_service_free(service->service);
    sds_input_peers_done(&service->peers);
    free(service->marks.v);
}

void sds_input_done(struct sds_input *input)
{
    for (size_t i = 0; i < input->services.n; i++)
        service_done(&input->services.v[i]);
    free(input->services.v);
    for (size_t i = 0; i < input->faults.n; i++)
        free(input->faults.v[i].message);
    free(input->faults.v);
    *input = (struct sds_input){0};
}

int sds_input_add(struct sds_input *input, struct sds_service *service,
                  struct sds_input_place place)
{
    struct sds_input_service added = {.service = service, .place = place};

    if (service && sds_arr_push(&input->services, added))
        return 0;
    sds_service_free(service);
    return -ENOMEM;
}

int sds_input_mark(struct sds_input *input, enum sds_part part, size_t index,
                   struct sds_input_place place)
{
    struct sds_input_service *last = &input->services.v[input->services.n - 1];
    struct sds_input_mark mark = {part, index, place};

    return sds_arr_push(&last->marks, mark) ? 0 : -ENOMEM;
}

int sds_input_fault(struct sds_input *input, unsigned rule, struct sds_input_place place,
                    const char *format, ...)
{
    struct sds_input_fault fault = {.rule = rule, .place = place};
    va_list args;
    int n;

    va_start(args, format);
    n = vasprintf(&fault.message, format, args);
    va_end(args);
    if (n < 0)
        return -ENOMEM;
    if (sds_arr_push(&input->faults, fault))
        return 0;
    free(fault.message);
    return -ENOMEM;
}

struct sds_input_place sds_input_find(const struct sds_input_service *service, enum sds_part part,
                                      long index)
{
    const struct sds_input_mark *whole = NULL;

    for (size_t i = 0; i < service->marks.n; i++) {
        const struct sds_input_mark *mark = &service->marks.v[i];

        if (mark->part != part)
            continue;
        if (index >= 0 && mark->index == (size_t)index)
            return mark->place;
        if (!whole)
            whole = mark;
    }
    return whole ? whole->place : service->place;
}

int sds_input_fail(struct sds_input_error *error, struct sds_input_place place, const char *format,
                   ...)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    va_list args;
    int n;

    va_start(args, format);
    n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0) {
        text = NULL;
        return -ENOMEM;
    }
    error->place = place;
    sds_text_copy(error->text, sizeof(error->text), text);
    return -EINVAL;
}

/* ---- formats ------------------------------------------------------------------------------ */

/* The first byte that is no white space; -1 where there is none. */
static int first_of(const char *text, size_t len)
{
    for (; len > 0; text++, len--)
        if (!memchr(" \t\r\n", *text, 4))
            return (unsigned char)*text;
    return -1;
}

static bool is_json(const char *text, size_t len)
{
    int first = first_of(text, len);

    return first == '{' || first == '[';
}

static int read_xml(const char *text, size_t len, const char *origin, struct sds_input *ret,
                    struct sds_input_error *error)
{
    (void)origin;
    return sds_services_read_xml(text, len, ret, error);
}

static int read_json(const char *text, size_t len, const char *origin, struct sds_input *ret,
                     struct sds_input_error *error)
{
    (void)origin;
    return sds_services_read_json(text, len, ret, error);
}

/* The first row that recognises a text reads it. */
static const struct {
    bool (*recognises)(const char *text, size_t len);
    int (*read)(const char *text, size_t len, const char *origin, struct sds_input *ret,
                struct sds_input_error *error);
} formats[] = {
    {sds_text_is_xml, read_xml},
    {is_json, read_json},
    {sds_is_zone, sds_services_read_zone},
};

static int fail_format(const char *text, size_t len, struct sds_input_error *error)
{
    static const char expected[] = "expected JSON, an Avahi service file or a zone file";

    if (first_of(text, len) < 0)
        return sds_input_fail(error, SDS_INPUT_NOWHERE, "%s, found nothing", expected);
    return sds_input_fail(error, (struct sds_input_place){1, 1}, "%s", expected);
}

/* The row of a text's format; the number of rows where none recognises it. */
static size_t find_format(const char *text, size_t len)
{
    size_t i = 0;

    while (i < SDS_COUNT(formats) && !formats[i].recognises(text, len))
        i++;
    return i;
}

/* Some editors begin a file with a byte order mark; a reader may ignore it (RFC 8259 8.1). */
static void skip_mark(const char **text, size_t *len)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const size_t n = sizeof(byte_order_mark) - 1;

    if (*len < n || memcmp(*text, byte_order_mark, n) != 0)
        return;
    *text += n;
    *len -= n;
}

bool sds_input_is_known(const char *text, size_t len)
{
    skip_mark(&text, &len);
    return find_format(text, len) < SDS_COUNT(formats);
}

int sds_input_read(const char *text, size_t len, const char *origin, struct sds_input *ret,
                   struct sds_input_error *error)
{
    size_t format;

    *error = (struct sds_input_error){0};
    skip_mark(&text, &len);
    format = find_format(text, len);
    if (format == SDS_COUNT(formats))
        return fail_format(text, len, error);
    return formats[format].read(text, len, origin, ret, error);
}
