/* SPDX-License-Identifier: MIT */
#include "report/pen.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"

#define ROOM_MIN ((size_t)16) /* columns that a wrapped line gets on however narrow a terminal */

static const char *const codes[SDS_INK__COUNT] = {
    [SDS_INK_BOLD] = "1",   [SDS_INK_DIM] = "2",     [SDS_INK_RED] = "31",
    [SDS_INK_GREEN] = "32", [SDS_INK_YELLOW] = "33", [SDS_INK_MAGENTA] = "35",
    [SDS_INK_CYAN] = "36",
};

enum sds_ink sds_ink_of_severity(enum sds_severity severity)
{
    static const enum sds_ink inks[SDS_SEV__COUNT] = {
        [SDS_SEV_INFO] = SDS_INK_CYAN,
        [SDS_SEV_WARNING] = SDS_INK_YELLOW,
        [SDS_SEV_ERROR] = SDS_INK_RED,
    };

    return inks[severity];
}

enum sds_ink sds_ink_of_verdict(enum sds_verdict verdict)
{
    static const enum sds_ink inks[SDS_VERDICT__COUNT] = {
        [SDS_VERDICT_MALFORMED] = SDS_INK_RED,       [SDS_VERDICT_RETIRED] = SDS_INK_MAGENTA,
        [SDS_VERDICT_UNREGISTERED] = SDS_INK_YELLOW, [SDS_VERDICT_KNOWN] = SDS_INK_CYAN,
        [SDS_VERDICT_ALLOWED] = SDS_INK_CYAN,        [SDS_VERDICT_REGISTERED] = SDS_INK_GREEN,
    };

    return inks[verdict];
}

enum sds_ink sds_ink_take(const char **text)
{
    const char *code = *text + strlen("\033");
    size_t len;

    code += *code == '[';
    len = strcspn(code, "m");
    *text = code + len + (code[len] == 'm');
    for (enum sds_ink ink = 0; ink < SDS_INK__COUNT; ink++)
        if (codes[ink] && strlen(codes[ink]) == len && memcmp(codes[ink], code, len) == 0)
            return ink;
    return SDS_INK_PLAIN;
}

static void put_bytes(const struct sds_pen *pen, enum sds_ink ink, const char *text, size_t len)
{
    bool is_coloured = pen->style->color && codes[ink] && len > 0;

    if (is_coloured)
        fprintf(pen->out, "\033[%sm", codes[ink]);
    fwrite(text, 1, len, pen->out);
    if (is_coloured)
        fputs("\033[0m", pen->out);
}

void sds_pen_put(const struct sds_pen *pen, enum sds_ink ink, const char *text)
{
    put_bytes(pen, ink, text, strlen(text));
}

void sds_pen_format(const struct sds_pen *pen, enum sds_ink ink, const char *format, ...)
{
    bool is_coloured = pen->style->color && codes[ink];
    va_list args;

    if (is_coloured)
        fprintf(pen->out, "\033[%sm", codes[ink]);
    va_start(args, format);
    vfprintf(pen->out, format, args);
    va_end(args);
    if (is_coloured)
        fputs("\033[0m", pen->out);
}

void sds_pen_spaces(const struct sds_pen *pen, size_t n)
{
    for (; n > 0; n--)
        fputc(' ', pen->out);
}

const char *sds_pen_ellipsis(const struct sds_pen *pen)
{
    return pen->style->is_ascii ? "~" : "\u2026";
}

size_t sds_pen_cut(const struct sds_pen *pen, enum sds_ink ink, const char *text, size_t columns)
{
    size_t width;
    size_t len = sds_text_fit(text, columns, &width);

    if (!text[len]) {
        put_bytes(pen, ink, text, len);
        return width;
    }
    if (columns == 0)
        return 0;
    len = sds_text_fit(text, columns - 1, &width);
    sds_pen_format(pen, ink, "%.*s%s", (int)len, text, sds_pen_ellipsis(pen));
    return width + 1;
}

size_t sds_pen_wrap(const struct sds_pen *pen, enum sds_ink ink, const char *text, size_t at,
                    size_t indent)
{
    size_t width = pen->style->width;

    if (!width) {
        sds_pen_put(pen, ink, text);
        return at + sds_text_width(text);
    }
    for (;;) {
        size_t len = sds_text_break(text, width > at + ROOM_MIN ? width - at : ROOM_MIN);

        put_bytes(pen, ink, text, len);
        if (!text[len])
            return at + sds_text_width(text);
        text += len + strspn(text + len, " ");
        fputc('\n', pen->out);
        sds_pen_spaces(pen, indent);
        at = indent;
    }
}

void sds_pen_paragraphs(const struct sds_pen *pen, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        SDS_CLEANUP(sds_freep) char *line = strndup(text, len);

        if (line && *line == ' ')
            sds_pen_put(pen, SDS_INK_PLAIN, line);
        else if (line)
            sds_pen_wrap(pen, SDS_INK_PLAIN, line, 0, 0);
        fputc('\n', pen->out);
        text += len + (text[len] == '\n');
    }
}
