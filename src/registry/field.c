/* SPDX-License-Identifier: MIT */
#include "registry/table.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

#define REFERENCES_MAX 64 /* of a row */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool sds_load_is_text(const char *bytes, size_t len)
{
    return len <= SDS_REGISTRY_FIELD_MAX && !memchr(bytes, 0, len) && sds_text_is_utf8(bytes, len);
}

int sds_load_field(struct sds_load *load, const char *bytes, size_t len, bool one_line,
                   const char **ret)
{
    char *text;
    size_t n = 0;

    while (len && is_blank(bytes[0]))
        bytes++, len--;
    while (len && is_blank(bytes[len - 1]))
        len--;
    *ret = NULL;
    if (len == 0)
        return 0;
    text = sds_arena_text(&load->table->arena, bytes, len);
    if (!text)
        return -ENOMEM;
    *ret = text;
    if (!one_line)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_blank(text[i]))
            text[n++] = text[i];
        else if (text[n - 1] != ' ') /* the first byte is not blank */
            text[n++] = ' ';
    }
    text[n] = '\0';
    return 0;
}

/* The next "[...]" in a field, without its brackets. */
static bool take_bracket(struct sds_span *field, struct sds_span *ret)
{
    const uint8_t *open = field->len ? memchr(field->p, '[', field->len) : NULL;
    const uint8_t *end, *close;

    if (!open)
        return false;
    end = field->p + field->len;
    close = memchr(open, ']', (size_t)(end - open));
    if (!close)
        return false;
    *ret = (struct sds_span){open + 1, (size_t)(close - open - 1)};
    *field = (struct sds_span){close + 1, (size_t)(end - close - 1)};
    return true;
}

int sds_load_persons(struct sds_load *load, const char *bytes, size_t len, const char **ret)
{
    struct sds_span field = {(const uint8_t *)bytes, len}, person;
    char *text, *at;

    if (!take_bracket(&field, &person))
        return sds_load_field(load, bytes, len, true, ret);
    text = at = sds_arena_alloc(&load->table->arena, len + 1); /* "][" becomes ", " */
    if (!text)
        return -ENOMEM;
    do {
        if (at != text)
            at = mempcpy(at, ", ", 2);
        at = mempcpy(at, person.p, person.len);
    } while (take_bracket(&field, &person));
    *at = '\0';
    *ret = text;
    return 0;
}

int sds_load_references(struct sds_load *load, const char *bytes, size_t len,
                        struct sds_record *row)
{
    struct sds_span field = {(const uint8_t *)bytes, len}, reference;
    const char *found[REFERENCES_MAX];
    size_t n = 0;

    while (n < REFERENCES_MAX && take_bracket(&field, &reference)) {
        int r = sds_load_field(load, (const char *)reference.p, reference.len, true, &found[n]);

        if (r < 0)
            return r;
        if (found[n])
            n++;
    }
    row->references = sds_arena_copy(&load->table->arena, found, n * sizeof(*found));
    row->n_references = n;
    return row->references ? 0 : -ENOMEM;
}

const char *sds_transport_word(const char *bytes, size_t len)
{
    static const char *const words[] = {"tcp", "udp", "sctp", "dccp"};

    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (sds_fold_is(bytes, len, words[i]))
            return words[i];
    return NULL;
}

/* Take digits that make a port number; false where there is none. */
static bool take_port(const char **p, const char *end, unsigned *ret)
{
    const char *start = *p;

    *ret = 0;
    while (*p < end && sds_is_digit(**p) && *ret <= UINT16_MAX)
        *ret = *ret * 10 + (unsigned)(*(*p)++ - '0');
    return *p > start && *ret <= UINT16_MAX;
}

bool sds_is_port(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    unsigned low, high;

    if (!take_port(&bytes, end, &low))
        return false;
    if (bytes == end)
        return true;
    return *bytes++ == '-' && take_port(&bytes, end, &high) && bytes == end && low <= high;
}

bool sds_is_date(const char *bytes, size_t len)
{
    static const char shape[] = "dddd-dd-dd";

    if (len != strlen("2007-11") && len != strlen(shape))
        return false;
    for (size_t i = 0; i < len; i++)
        if (shape[i] == 'd' ? !sds_is_digit(bytes[i]) : bytes[i] != shape[i])
            return false;
    return true;
}
