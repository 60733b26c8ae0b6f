/* SPDX-License-Identifier: MIT */
#include "watch/canvas.h"

#include <string.h>
#include <wchar.h>

#include "base/text.h"

static const char *const signs[SDS_SIGN__COUNT][2] = {
    [SDS_SIGN_ELLIPSIS] = {"\u2026", "~"},   [SDS_SIGN_BAR] = {"\u2502", "|"},
    [SDS_SIGN_ARROW] = {" \u2192 ", " -> "}, [SDS_SIGN_ASCENDING] = {"\u25B2", "^"},
    [SDS_SIGN_DESCENDING] = {"\u25BC", "v"},
};

const char *sds_canvas_sign(const struct sds_canvas *canvas, enum sds_sign sign)
{
    return signs[sign][canvas->is_ascii];
}

/* The terminal must count columns as we do, or what follows is drawn in the wrong place: a
 * character of which it thinks otherwise becomes as many question marks. */
static void put_character(const char *text, size_t len, size_t width)
{
    wchar_t wide[16];
    const char *at = text;
    size_t n = 0;
    mbstate_t state = {0};

    while (at < text + len && n + 1 < sizeof(wide) / sizeof(*wide)) {
        size_t taken = mbrtowc(&wide[n], at, (size_t)(text + len - at), &state);

        if (taken == 0 || taken > len)
            break;
        at += taken;
        n++;
    }
    wide[n] = L'\0';
    if (at == text + len && wcswidth(wide, n) == (int)width)
        addnwstr(wide, (int)n);
    else
        for (size_t i = 0; i < width; i++)
            addch('?');
}

/* The bytes of the first character, its combining marks with it. */
static size_t character_len(const char *text, size_t left, size_t *ret_width)
{
    size_t columns = 0, len;

    do
        len = sds_text_fit(text, ++columns, ret_width);
    while (len == 0 && columns < 2);
    return len && len <= left ? len : left;
}

static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static void put_bytes(const char *text, size_t len)
{
    size_t at = 0;

    if (is_plain(text, len)) {
        addnstr(text, (int)len);
        return;
    }
    while (at < len) {
        size_t width, n = character_len(text + at, len - at, &width);

        put_character(text + at, n, width);
        at += n;
    }
}

int sds_canvas_put(const struct sds_canvas *canvas, int y, int x, int columns, enum sds_ink ink,
                   enum sds_ground ground, const char *text)
{
    size_t fits, width = 0, room = columns > 0 ? (size_t)columns : 0;
    short pair;
    attr_t attributes = sds_paint(ink, ground, &pair);
    bool is_cut;

    if (!text || !room || move(y, x) == ERR)
        return 0;
    fits = sds_text_fit(text, room, &width);
    is_cut = text[fits] != '\0';
    if (is_cut)
        fits = sds_text_fit(text, room - 1, &width);
    attr_set(attributes, pair, NULL);
    put_bytes(text, fits);
    if (is_cut)
        addstr(sds_canvas_sign(canvas, SDS_SIGN_ELLIPSIS));
    attr_set(A_NORMAL, 0, NULL);
    return (int)width + is_cut;
}

void sds_canvas_fill(const struct sds_canvas *canvas, int y, int x, int columns, enum sds_ink ink,
                     enum sds_ground ground, const char *text)
{
    int at = sds_canvas_put(canvas, y, x, columns, ink, ground, text);
    short pair;
    attr_t attributes = sds_paint(ink, ground, &pair);

    attr_set(attributes, pair, NULL);
    for (; at < columns; at++)
        mvaddch(y, x + at, ' ');
    attr_set(A_NORMAL, 0, NULL);
}
