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

#define ZWNJ 0x200C
#define ZWJ 0x200D

/* Scripts and emoji need the joiners; every other format character only hides or reorders text. */
static bool is_shown(ucs4_t c)
{
    if (c == ZWNJ || c == ZWJ)
        return true;
    return !uc_is_general_category_withtable(
        c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp);
}

void sds_text_put(FILE *out, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    while (len > 0) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, p, len);

        if (n < 0)
            n = 1, fprintf(out, "\\x%02x", *p);
        else if (c == '\\')
            fputs("\\\\", out);
        else if (is_shown(c))
            fwrite(p, 1, (size_t)n, out);
        else if (c < 0x80)
            fprintf(out, "\\x%02x", (unsigned)c);
        else
            fprintf(out, "\\u{%04x}", (unsigned)c);
        p += n;
        len -= (size_t)n;
    }
}

void sds_text_puts(FILE *out, const char *text)
{
    sds_text_put(out, text, strlen(text));
}

char *sds_text_dup(const void *bytes, size_t len)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    sds_text_put(out, bytes, len);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

size_t sds_text_width(const char *text)
{
    int width = u8_strwidth((const uint8_t *)text, "UTF-8");

    return width > 0 ? (size_t)width : 0;
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
