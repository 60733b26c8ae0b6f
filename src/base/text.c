/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/mem.h"

#define ZWNJ        0x200C
#define ZWJ         0x200D
#define TEXT_STYLE  0xFE0E /* variation selectors, which choose between a sign and an emoji */
#define EMOJI_STYLE 0xFE0F

/* Scripts and emoji need the joiners and these selectors; every other character that is invisible
 * only hides or reorders text. */
static bool is_shown(ucs4_t c)
{
    if (c < 0x80)
        return c >= 0x20 && c != 0x7F;
    if (c == ZWNJ || c == ZWJ || c == TEXT_STYLE || c == EMOJI_STYLE)
        return true;
    return !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Zl |
                                                    UC_CATEGORY_MASK_Zp) &&
           !uc_is_property_default_ignorable_code_point(c);
}

/* A character made safe. */
struct piece {
    char text[sizeof("\\u{10ffff}")];
    int len;  /* bytes of text */
    int from; /* bytes that it stands for */
};

static struct piece next_piece(const uint8_t *p, size_t len)
{
    struct piece piece;
    ucs4_t c;

    if (*p >= 0x20 && *p < 0x7F && *p != '\\') /* so is nearly everything */
        return (struct piece){.text = {(char)*p}, .len = 1, .from = 1};
    piece.from = u8_mbtoucr(&c, p, len);
    if (piece.from < 0) {
        piece.from = 1;
        piece.len = snprintf(piece.text, sizeof(piece.text), "\\x%02x", *p);
    } else if (c == '\\') {
        piece.len = snprintf(piece.text, sizeof(piece.text), "\\\\");
    } else if (is_shown(c)) {
        piece.len = piece.from;
        memcpy(piece.text, p, (size_t)piece.from);
    } else if (c < 0x80) {
        piece.len = snprintf(piece.text, sizeof(piece.text), "\\x%02x", (unsigned)c);
    } else {
        piece.len = snprintf(piece.text, sizeof(piece.text), "\\u{%04x}", (unsigned)c);
    }
    return piece;
}

void sds_text_put(FILE *out, const void *bytes, size_t len)
{
    for (const uint8_t *p = bytes; len > 0;) {
        struct piece piece = next_piece(p, len);

        fwrite(piece.text, 1, (size_t)piece.len, out);
        p += piece.from;
        len -= (size_t)piece.from;
    }
}

void sds_text_shorten(char *ret, size_t size, const void *bytes, size_t len)
{
    static const char dots[] = "...";
    size_t used = 0, cut = 0; /* cut: the last place at which the dots fit */

    for (const uint8_t *p = bytes; len > 0;) {
        struct piece piece = next_piece(p, len);

        if (used + sizeof(dots) <= size)
            cut = used;
        if ((size_t)piece.len >= size - used) {
            memcpy(ret + cut, dots, sizeof(dots));
            return;
        }
        memcpy(ret + used, piece.text, (size_t)piece.len);
        used += (size_t)piece.len;
        p += piece.from;
        len -= (size_t)piece.from;
    }
    ret[used] = '\0';
}

void sds_text_puts(FILE *out, const char *text)
{
    sds_text_put(out, text, strlen(text));
}

/* The bytes that sds_text_put() writes. */
static size_t safe_len(const uint8_t *p, size_t len)
{
    size_t sum = 0;

    while (len > 0) {
        struct piece piece = next_piece(p, len);

        sum += (size_t)piece.len;
        p += piece.from;
        len -= (size_t)piece.from;
    }
    return sum;
}

char *sds_text_dup(const void *bytes, size_t len)
{
    char *text = malloc(safe_len(bytes, len) + 1), *end = text;

    if (!text)
        return NULL;
    for (const uint8_t *p = bytes; len > 0;) {
        struct piece piece = next_piece(p, len);

        end = mempcpy(end, piece.text, (size_t)piece.len);
        p += piece.from;
        len -= (size_t)piece.from;
    }
    *end = '\0';
    return text;
}

char *sds_text_dup_name(const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (;;) {
        size_t len = strcspn(name, "\\");

        sds_text_put(out, name, len);
        name += len;
        if (!*name)
            break;
        fputc(*name++, out);
    }
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

static void put_utf16(FILE *out, ucs4_t c)
{
    if (c < 0x10000)
        fprintf(out, "\\u%04x", (unsigned)c);
    else /* a surrogate pair; RFC 8259 7 */
        fprintf(out, "\\u%04x\\u%04x", 0xd800 + (unsigned)((c - 0x10000) >> 10),
                0xdc00 + (unsigned)((c - 0x10000) & 0x3ff));
}

void sds_text_put_json(FILE *out, const char *json)
{
    const uint8_t *p = (const uint8_t *)json, *written = p;
    size_t left = strlen(json);

    while (left > 0) {
        ucs4_t c = *p;
        int n = c < 0x80 ? 1 : u8_mbtoucr(&c, p, left);

        if (n < 0)
            break; /* not well-formed */
        if (c != '\n' && !is_shown(c)) {
            fwrite(written, 1, (size_t)(p - written), out);
            put_utf16(out, c); /* inside a string: nothing else in JSON can be invisible */
            written = p + n;
        }
        p += n;
        left -= (size_t)n;
    }
    fwrite(written, 1, (size_t)(p - written), out);
}

size_t sds_text_width(const char *text)
{
    size_t width;

    sds_text_fit(text, SIZE_MAX, &width);
    return width;
}

size_t sds_text_fit(const char *text, size_t columns, size_t *ret_width)
{
    const uint8_t *p = (const uint8_t *)text;
    size_t left = strlen(text), width = 0;

    while (left > 0) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, p, left);
        int taken = n < 0 ? 1 : uc_width(c, "UTF-8");

        if (taken > 0 && (size_t)taken > columns - width)
            break;
        if (taken > 0)
            width += (size_t)taken;
        p += n < 0 ? 1 : n;
        left -= n < 0 ? 1 : (size_t)n;
    }
    if (ret_width)
        *ret_width = width;
    return (size_t)(p - (const uint8_t *)text);
}

size_t sds_text_break(const char *text, size_t columns)
{
    size_t fit = sds_text_fit(text, columns, NULL), len;

    if (!text[fit])
        return fit;
    while (fit == 0)
        fit = sds_text_fit(text, ++columns, NULL);
    for (len = fit; len > 0 && text[len] != ' '; len--)
        ;
    while (len > 0 && text[len - 1] == ' ') /* no line ends in spaces */
        len--;
    return len > 0 ? len : fit;
}

void sds_text_copy(char *ret, size_t size, const char *text)
{
    size_t len = strlen(text);

    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(ret, text, len);
    ret[len] = '\0';
}

bool sds_text_is_utf8(const void *bytes, size_t len)
{
    return !len || !u8_check(bytes, len);
}

char *sds_text_format(const char *format, ...)
{
    va_list args;
    char *text;
    int n;

    va_start(args, format);
    n = vasprintf(&text, format, args);
    va_end(args);
    return n < 0 ? NULL : text;
}
