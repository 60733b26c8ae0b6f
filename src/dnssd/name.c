/* SPDX-License-Identifier: MIT */
#include "sdscope/name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "base/ascii.h"
#include "base/cur.h"
#include "base/mem.h"

/* The label that is being read: the one after the last complete label. */
static void put_byte(struct sds_name *name, size_t *len, uint8_t byte)
{
    if (name->n_bytes + *len >= sizeof(name->bytes)) {
        name->faults |= SDS_NAME_CUT;
        return;
    }
    name->bytes[name->n_bytes + (*len)++] = byte;
}

static void end_label(struct sds_name *name, size_t *len)
{
    if (name->n_labels >= SDS_COUNT(name->labels)) {
        name->faults |= SDS_NAME_CUT;
        return;
    }
    if (*len == 0)
        name->faults |= SDS_NAME_EMPTY_LABEL;
    if (*len > SDS_LABEL_MAX)
        name->faults |= SDS_NAME_LONG_LABEL;
    name->labels[name->n_labels].at = (uint16_t)name->n_bytes;
    name->labels[name->n_labels].len = (uint16_t)*len;
    name->n_labels++;
    name->n_bytes += *len;
    *len = 0;
}

static void clear(struct sds_name *name)
{
    name->n_labels = name->n_bytes =
        0; /* the arrays need no clearing: nothing past these is read */
    name->faults = 0;
}

/* Read what follows a backslash; returns the characters taken. */
static size_t read_escape(struct sds_name *name, size_t *len, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    if (sds_is_digit(p[0]) && sds_is_digit(p[1]) && sds_is_digit(p[2])) {
        int value = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');

        if (value > 255)
            name->faults |= SDS_NAME_BAD_ESCAPE;
        put_byte(name, len, (uint8_t)value);
        return 3;
    }
    if (!p[0] || sds_is_digit(p[0])) {
        name->faults |= SDS_NAME_BAD_ESCAPE;
        return 0;
    }
    put_byte(name, len, p[0]);
    return 1;
}

void sds_name_parse(const char *text, struct sds_name *ret)
{
    size_t len = 0;

    clear(ret);
    if (!*text || strcmp(text, ".") == 0)
        return;
    while (*text) {
        char c = *text++;

        if (c == '\\') {
            text += read_escape(ret, &len, text);
        } else if (c == '.') {
            end_label(ret, &len);
            if (!*text)
                break; /* the root */
        } else {
            put_byte(ret, &len, (uint8_t)c);
        }
        if (!*text)
            end_label(ret, &len);
    }
    if (sds_name_wire_len(ret) > SDS_NAME_MAX)
        ret->faults |= SDS_NAME_LONG;
}

int sds_name_read(const uint8_t *rdata, size_t len, struct sds_name *ret)
{
    struct sds_cur cur = sds_cur_over(rdata, len);
    const uint8_t *label;
    uint8_t label_len;

    clear(ret);
    for (;;) {
        size_t n = 0;

        if (!sds_cur_u8(&cur, &label_len) || label_len > SDS_LABEL_MAX ||
            !sds_cur_take(&cur, label_len, &label))
            return -EBADMSG;
        if (label_len == 0)
            break;
        for (; n < label_len;)
            put_byte(ret, &n, label[n]);
        end_label(ret, &n);
        if (sds_name_wire_len(ret) > SDS_NAME_MAX)
            return -EBADMSG;
    }
    return cur.left ? -EBADMSG : 0;
}

struct sds_span sds_name_label(const struct sds_name *name, size_t i)
{
    return (struct sds_span){name->bytes + name->labels[i].at, name->labels[i].len};
}

size_t sds_name_wire_len(const struct sds_name *name)
{
    return name->n_labels + name->n_bytes;
}

#define BYTE_TEXT_MAX 4 /* \\DDD */

/* Write a label as text, BYTE_TEXT_MAX bytes a byte at most; returns behind it. */
static char *put_label(char *out, const uint8_t *p, size_t len)
{
    while (len > 0) {
        ucs4_t c = *p;
        int n = c < 0x80 ? 1 : u8_mbtoucr(&c, p, len);

        if (n < 0 || c < 0x20 || c == 0x7f) {
            *out++ = '\\';
            *out++ = (char)('0' + *p / 100);
            *out++ = (char)('0' + *p / 10 % 10);
            *out++ = (char)('0' + *p % 10);
            n = 1;
        } else {
            if (c == '.' || c == '\\')
                *out++ = '\\';
            memcpy(out, p, (size_t)n);
            out += n;
        }
        p += n;
        len -= (size_t)n;
    }
    return out;
}

char *sds_name_format(const struct sds_name *name, size_t from, size_t n)
{
    size_t left = from < name->n_labels ? name->n_labels - from : 0;
    size_t end = from + (n < left ? n : left);
    char *text = malloc(name->n_bytes * BYTE_TEXT_MAX + name->n_labels + sizeof("."));
    char *out = text;

    if (!text)
        return NULL;
    for (size_t i = from; i < end; i++) {
        struct sds_span label = sds_name_label(name, i);

        if (i > from)
            *out++ = '.';
        out = put_label(out, label.p, label.len);
    }
    if (from >= end)
        *out++ = '.';
    *out = '\0';
    return text;
}

char *sds_label_format(const void *label, size_t len)
{
    char *text = malloc(len * BYTE_TEXT_MAX + 1);

    if (text)
        *put_label(text, label, len) = '\0';
    return text;
}

bool sds_name_same(const char *a, const char *b)
{
    struct sds_name x, y;

    if (strcmp(a, b) == 0)
        return true;
    sds_name_parse(a, &x);
    sds_name_parse(b, &y);
    if (x.n_labels != y.n_labels)
        return false;
    for (size_t i = 0; i < x.n_labels; i++) {
        struct sds_span k = sds_name_label(&x, i), l = sds_name_label(&y, i);

        if (!sds_fold_equal(k.p, k.len, l.p, l.len))
            return false;
    }
    return true;
}

bool sds_name_is_local(const struct sds_name *name)
{
    struct sds_span last;

    if (name->n_labels == 0)
        return false;
    last = sds_name_label(name, name->n_labels - 1);
    return sds_fold_equal(last.p, last.len, "local", 5);
}
