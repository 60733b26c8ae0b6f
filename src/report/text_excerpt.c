/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sdscope/txt.h"

#define WIDTH_DEFAULT  ((size_t)100) /* where lines have no limit */
#define ROOM_MIN       ((size_t)24)  /* columns, however narrow the terminal */
#define NEIGHBOURS_MAX 8             /* strings on either side */

/* What of a string is at fault. */
enum spot {
    SPOT_STRING,
    SPOT_KEY,
    SPOT_KEY_BYTE, /* the first that no key may have */
    SPOT_KEY_EDGE, /* the space at one of its ends */
    SPOT_VALUE,
    SPOT_END, /* where it breaks off */
};

static enum spot spot_of(const struct sds_rule *rule)
{
    static const struct {
        unsigned rule;
        enum spot spot;
    } spots[] = {
        {303, SPOT_END},   {322, SPOT_KEY_BYTE}, {323, SPOT_KEY},   {324, SPOT_KEY_EDGE},
        {325, SPOT_KEY},   {327, SPOT_VALUE},    {328, SPOT_VALUE}, {329, SPOT_VALUE},
        {342, SPOT_VALUE}, {601, SPOT_KEY},      {604, SPOT_VALUE}, {605, SPOT_KEY},
        {612, SPOT_VALUE}, {613, SPOT_KEY},      {962, SPOT_KEY},   {963, SPOT_VALUE},
        {620, SPOT_VALUE},
    };

    for (size_t i = 0; i < SDS_COUNT(spots); i++)
        if (spots[i].rule == rule->number)
            return spots[i].spot;
    return SPOT_STRING;
}

/* A part of a string to be underlined, and where the caret stands; all in bytes. */
struct mark {
    size_t begin, end, caret;
};

static size_t odd_byte(struct sds_span key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.p[i] < 0x20 || key.p[i] > 0x7e) /* RFC 6763 6.4 */
            return i;
    return 0;
}

static struct mark find_mark(const struct sds_rule *rule, const struct sds_txt_string *string)
{
    size_t len = string->bytes.len, key_len = string->key.len;
    size_t value = len - string->value.len;

    switch (spot_of(rule)) {
    case SPOT_KEY:
        return (struct mark){0, key_len, 0};
    case SPOT_KEY_BYTE:
        return (struct mark){0, key_len, odd_byte(string->key)};
    case SPOT_KEY_EDGE:
        return (struct mark){0, key_len, key_len && string->key.p[0] != ' ' ? key_len - 1 : 0};
    case SPOT_VALUE:
        if (string->value.p)
            return (struct mark){value, len, value};
        break;
    case SPOT_END:
        return (struct mark){0, len, len};
    case SPOT_STRING:
        break;
    }
    return (struct mark){0, len, 0};
}

/* A string of the record as it is shown. */
struct piece {
    char *text; /* safe, between quotes */
    size_t width;
};

/* The string at fault and its neighbours. */
struct excerpt {
    struct piece before[NEIGHBOURS_MAX], at, after[NEIGHBOURS_MAX]; /* before: the nearest first */
    size_t n_before, n_after;                                       /* that are shown */
    bool is_cut_before, is_cut_after;
};

static void excerpt_done(struct excerpt *x)
{
    for (size_t i = 0; i < NEIGHBOURS_MAX; i++) {
        free(x->before[i].text);
        free(x->after[i].text);
    }
    free(x->at.text);
}

static int make_piece(const struct sds_txt_string *string, struct piece *ret)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(string->bytes.p, string->bytes.len);

    if (!safe)
        return -ENOMEM;
    ret->text = sds_text_format("\"%s%s", safe, string->is_truncated ? "" : "\"");
    if (!ret->text)
        return -ENOMEM;
    ret->width = sds_text_width(ret->text);
    return 0;
}

/* Columns of the first @n bytes of a string, with the quote before them. */
static size_t column_of(const struct sds_txt_string *string, size_t n)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(string->bytes.p, n);

    return 1 + (safe ? sds_text_width(safe) : n);
}

/* Take a neighbour in if it fits into what is left of the line: 1, or 0 where it does not. */
static int take(const struct sds_txt_string *string, struct piece *pieces, size_t *n, size_t *room)
{
    int r;

    if (*n == NEIGHBOURS_MAX)
        return 0;
    r = pieces[*n].text ? 0 : make_piece(string, &pieces[*n]);
    if (r < 0)
        return r;
    if (pieces[*n].width + 1 > *room)
        return 0;
    *room -= pieces[*n].width + 1;
    ++*n;
    return 1;
}

/* The strings right before an offset, the nearest first; returns how many. */
static size_t list_before(const struct sds_service *s, size_t offset, struct sds_txt_string *ret)
{
    struct sds_txt_iter iter = sds_txt_begin(s->txt.p, s->txt.len);
    struct sds_txt_string string;
    size_t n = 0;

    while (sds_txt_next(&iter, &string) && string.offset < offset) {
        memmove(ret + 1, ret, (NEIGHBOURS_MAX - 1) * sizeof(*ret));
        ret[0] = string;
        n += n < NEIGHBOURS_MAX;
    }
    return n;
}

/* Take strings before the one at fault, from where that ended last. */
static int take_before(struct excerpt *x, const struct sds_txt_string *near, size_t n, size_t *room)
{
    int r = 1;

    for (size_t i = x->n_before; i < n && r > 0; i++)
        r = take(&near[i], x->before, &x->n_before, room);
    return r;
}

static int take_after(struct excerpt *x, struct sds_txt_iter iter, size_t *room)
{
    struct sds_txt_string next;
    int r = 1;

    while (r > 0 && sds_txt_next(&iter, &next))
        r = take(&next, x->after, &x->n_after, room);
    x->is_cut_after = r == 0;
    return r;
}

/* Choose neighbours: those before may take half of the room, those after what is left, and where
 * these need less, those before again. */
static int choose(struct excerpt *x, const struct sds_service *s,
                  const struct sds_txt_string *string, struct sds_txt_iter iter, size_t room)
{
    struct sds_txt_string near[NEIGHBOURS_MAX] = {0};
    size_t n = list_before(s, string->offset, near), half = room / 2, rest = room - half;
    int r = take_before(x, near, n, &half);

    rest += half;
    if (r >= 0)
        r = take_after(x, iter, &rest);
    if (r >= 0)
        r = take_before(x, near, n, &rest);
    x->is_cut_before = (x->n_before ? &near[x->n_before - 1] : string)->offset > 0;
    return r < 0 ? r : 0;
}

/* The line of the record, and beneath it the mark. */
static void put_excerpt(const struct sds_pen *pen, const struct excerpt *x, size_t begin,
                        size_t end, size_t caret, size_t indent)
{
    size_t at = indent;

    sds_pen_spaces(pen, indent);
    if (x->is_cut_before) {
        sds_pen_format(pen, SDS_INK_DIM, "%s ", sds_pen_ellipsis(pen));
        at += 2;
    }
    for (size_t i = x->n_before; i-- > 0;) {
        sds_pen_format(pen, SDS_INK_PLAIN, "%s ", x->before[i].text);
        at += x->before[i].width + 1;
    }
    sds_pen_put(pen, SDS_INK_PLAIN, x->at.text);
    for (size_t i = 0; i < x->n_after; i++)
        sds_pen_format(pen, SDS_INK_PLAIN, " %s", x->after[i].text);
    if (x->is_cut_after)
        sds_pen_format(pen, SDS_INK_DIM, " %s", sds_pen_ellipsis(pen));
    fputc('\n', pen->out);
    sds_pen_spaces(pen, at + (begin < caret ? begin : caret));
    for (size_t i = begin < caret ? begin : caret; i < end || i <= caret; i++)
        sds_pen_put(pen, SDS_INK_GREEN, i == caret ? "^" : "~");
    fputc('\n', pen->out);
}

/* Where the string alone is wider than the line: so much of it as shows the caret. Returns the
 * column of the string that is the first shown. */
static int cut_string(struct piece *piece, const char *ellipsis, size_t caret, size_t room,
                      size_t *ret_first)
{
    size_t skipped = caret > room * 3 / 4 ? caret - room / 2 : 0, first = 0, from, len;
    char *cut;

    from = sds_text_fit(piece->text, skipped, &first);
    len = sds_text_fit(piece->text + from, room - 2, NULL);
    cut = sds_text_format("%s%.*s%s", from ? ellipsis : "", (int)len, piece->text + from,
                          piece->text[from + len] ? ellipsis : "");
    if (!cut)
        return -ENOMEM;
    free(piece->text);
    piece->text = cut;
    piece->width = sds_text_width(cut);
    *ret_first = from ? first - 1 : 0; /* the ellipsis takes the place of one */
    return 0;
}

static size_t clamp(size_t column, size_t first, size_t width)
{
    if (column < first)
        return 0;
    return column - first < width ? column - first : width;
}

static int put_string(const struct sds_pen *pen, const struct sds_service *s,
                      const struct sds_rule *rule, const struct sds_txt_string *string,
                      struct sds_txt_iter iter, size_t indent)
{
    SDS_CLEANUP(excerpt_done) struct excerpt x = {0};
    struct mark mark = find_mark(rule, string);
    size_t begin = column_of(string, mark.begin), end = column_of(string, mark.end);
    size_t caret = column_of(string, mark.caret), first = 0;
    size_t width = pen->style->width ? pen->style->width : WIDTH_DEFAULT, room;
    int r = make_piece(string, &x.at);

    room = width > indent + ROOM_MIN ? width - indent : ROOM_MIN;
    if (r < 0)
        return r;
    if (x.at.width + 4 > room) /* an ellipsis and a space on either side */
        r = cut_string(&x.at, sds_pen_ellipsis(pen), caret, room - 4, &first);
    if (r == 0)
        r = choose(&x, s, string, iter, room - 4 > x.at.width ? room - 4 - x.at.width : 0);
    if (r < 0)
        return r;
    put_excerpt(pen, &x, clamp(begin, first, x.at.width), clamp(end, first, x.at.width),
                clamp(caret, first, x.at.width), indent);
    return 0;
}

int sds_text_put_excerpt(const struct sds_pen *pen, const struct sds_service *service,
                         const struct sds_finding *f, size_t indent)
{
    struct sds_txt_iter iter;
    struct sds_txt_string string;

    if (f->offset < 0 || f->record || f->rule->part != SDS_PART_TXT ||
        sds_service_state(service, SDS_PART_TXT) != SDS_PRESENT)
        return 0;
    iter = sds_txt_begin(service->txt.p, service->txt.len);
    while (sds_txt_next(&iter, &string))
        if (string.offset == (size_t)f->offset)
            return put_string(pen, service, f->rule, &string, iter, indent);
    return 0;
}
