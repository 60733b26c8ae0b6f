/* SPDX-License-Identifier: MIT */
#include "registry/note_items.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/note_form.h"
#include "registry/note_words.h"

#define KEY_WORDS_MAX 4   /* of a key that has blanks in it */
#define KEYS_MAX      256 /* of a note */

enum style { STYLE_PLAIN, STYLE_EQUALS, STYLE_COLON, STYLE_TABLE, STYLE_QUOTED, STYLE__COUNT };

struct reader {
    struct sds_arena *arena;
    const struct sds_token *tokens;
    size_t at;
    enum style style;
    SDS_ARR(struct sds_txt_key) keys;
    bool is_open;
    bool all_optional;
    bool is_prose_met; /* a plain list ends where sentences begin */
};

/* Where a sentence or an item may begin. */
static bool is_start(const struct reader *reader, const struct sds_token *t)
{
    if (t == reader->tokens)
        return true;
    return sds_token_is_separator(&t[-1]) || sds_token_is_bullet(&t[-1]) ||
           (t[-1].type == SDS_TOKEN_WORD && sds_token_ends_in(&t[-1], "."));
}

/* Whether the word "key" stands before a quoted one. */
static bool is_announced(const struct reader *reader, const struct sds_token *t)
{
    while (t > reader->tokens && (t[-1].type == SDS_TOKEN_COLON || t[-1].type == SDS_TOKEN_NEWLINE))
        t--;
    return t > reader->tokens && sds_token_is(&t[-1], "key");
}

/* The sign behind a key that begins here: the token after the key, or NULL where none begins. */
static const struct sds_token *find_sign(const struct reader *reader, const struct sds_token *t,
                                         enum style style)
{
    const struct sds_token *end = t;

    switch (style) {
    case STYLE_EQUALS:
        if (t->type == SDS_TOKEN_ANGLE || t->type == SDS_TOKEN_QUOTED)
            end++;
        else
            while (end->type == SDS_TOKEN_WORD && end - t < KEY_WORDS_MAX)
                end++;
        /* the one key that RFC 6763 6.7 gives a name begins no longer one */
        if (end - t > 1 && (!is_start(reader, t) || sds_token_is(t, "txtvers")))
            return NULL;
        return end > t && end->type == SDS_TOKEN_EQUALS ? end : NULL;
    case STYLE_COLON:
        if (t->type != SDS_TOKEN_WORD && t->type != SDS_TOKEN_ANGLE && t->type != SDS_TOKEN_QUOTED)
            return NULL;
        if (t[1].type != SDS_TOKEN_COLON || sds_token_is_label(t))
            return NULL;
        return t->type == SDS_TOKEN_ANGLE || is_start(reader, t) ? t + 1 : NULL;
    case STYLE_TABLE:
        return t->type == SDS_TOKEN_WORD && sds_token_has_letter(t) && !sds_token_ends_in(t, ".") &&
                       t[1].blanks > 1 && !sds_token_is_separator(&t[1])
                   ? t + 1
                   : NULL;
    case STYLE_QUOTED:
        return t->type == SDS_TOKEN_QUOTED && is_announced(reader, t) ? t + 1 : NULL;
    default:
        return NULL;
    }
}

static enum style find_style(const struct reader *reader)
{
    for (enum style style = STYLE_EQUALS; style < STYLE__COUNT; style++)
        for (const struct sds_token *t = reader->tokens; t->type != SDS_TOKEN_END; t++)
            if (find_sign(reader, t, style))
                return style;
    return STYLE_PLAIN;
}

static bool has_key(const struct reader *reader, const char *key)
{
    for (size_t i = 0; i < reader->keys.n; i++)
        if (!strcmp(reader->keys.v[i].key, key))
            return true;
    return false;
}

/* Whether the key is required, as a bracket behind it says. */
static enum sds_need find_need(const struct sds_token *t, const struct sds_token *end)
{
    for (; t < end; t++) {
        if (!sds_token_is_bracket(t))
            continue;
        if (sds_token_begins_with(t, "option"))
            return SDS_NEED_OPTIONAL;
        if (sds_token_begins_with(t, "req"))
            return SDS_NEED_REQUIRED;
    }
    return SDS_NEED_UNSAID;
}

static bool may_be_empty(const struct sds_token *t, const struct sds_token *end)
{
    for (; t < end; t++)
        if (sds_token_is_bracket(t) && sds_token_has_text(t, "may be empty"))
            return true;
    return false;
}

/* Keys are numbered behind the first @stem bytes of @key. */
static int set_template(struct sds_arena *arena, const char *key, size_t stem,
                        struct sds_form *form)
{
    char *numbering = sds_arena_alloc(arena, stem + sizeof("<n>"));

    if (!numbering)
        return -ENOMEM;
    memcpy(numbering, key, stem);
    memcpy(numbering + stem, "<n>", sizeof("<n>"));
    form->numbering = numbering;
    return 0;
}

/* `dkX` numbers its keys: an X behind lower-case letters stands for digits. */
static int number_by_x(struct sds_arena *arena, const char *key, struct sds_form *form)
{
    size_t stem = strspn(key, "abcdefghijklmnopqrstuvwxyz");

    return stem > 0 && !strcmp(key + stem, "X") ? set_template(arena, key, stem, form) : 0;
}

/* Add a key of the tokens up to @key_end, whose description ends at @end. */
static int add_key(struct reader *reader, const struct sds_token *first,
                   const struct sds_token *key_end, const struct sds_token *end,
                   const struct sds_note_value *value)
{
    bool is_bare = key_end - first == 1 && sds_token_is_enclosed(first);
    struct sds_span words = is_bare ? sds_token_span(first) : sds_tokens_span(first, key_end);
    struct sds_txt_key key = {.form = SDS_FORM_EMPTY};
    char *text;
    int r;

    if (words.len > 1 && words.p[words.len - 1] == '.')
        words.len--;
    if (words.len == 0) /* `<>` */
        return 0;
    text = sds_arena_text(reader->arena, words.p, words.len);
    if (!text)
        return -ENOMEM;
    key.key = text;
    if (has_key(reader, text) || reader->keys.n == KEYS_MAX)
        return 0;
    r = sds_note_form(reader->arena, text, value, &key.form);
    if (r == 0)
        r = number_by_x(reader->arena, text, &key.form);
    if (r < 0)
        return r;
    if (key.form.need == SDS_NEED_UNSAID)
        key.form.need = find_need(key_end, end);
    key.form.may_be_empty = may_be_empty(key_end, end);
    return sds_arr_push(&reader->keys, key) ? 0 : -ENOMEM;
}

/* The placeholder behind an equals sign; returns what follows it. */
static const struct sds_token *take_placeholder(const struct sds_token *t,
                                                struct sds_note_value *value)
{
    const struct sds_token *end = t + 1;

    if (t->type == SDS_TOKEN_ROUND || (!sds_token_is_enclosed(t) && t->type != SDS_TOKEN_WORD))
        return t;
    if (t->type == SDS_TOKEN_WORD && t->blanks && !sds_token_is_separator(end))
        return t; /* "key = the words of a sentence" */
    while ((end->type == SDS_TOKEN_BAR || end[-1].type == SDS_TOKEN_BAR ||
            (end->type == SDS_TOKEN_SQUARE && !end->blanks)) &&
           end->type != SDS_TOKEN_END)
        end++;
    value->shape = end - t > 1 ? SDS_TOKEN_CURLY : t->type;
    value->placeholder =
        value->shape == SDS_TOKEN_CURLY ? sds_tokens_span(t, end) : sds_token_span(t);
    return end;
}

/* What a placeholder stands for, where the note says so: "... (NAME): a, b" before the keys. */
static struct sds_span find_choices(const struct reader *reader, const struct sds_token *name)
{
    for (const struct sds_token *t = reader->tokens; t->type != SDS_TOKEN_END; t++) {
        const struct sds_token *end = t + 2;

        if (t->type != SDS_TOKEN_ROUND || t[1].type != SDS_TOKEN_COLON || t->len != name->len ||
            memcmp(t->p, name->p, t->len) != 0 || end->type != SDS_TOKEN_WORD)
            continue;
        for (end++; end->type == SDS_TOKEN_COMMA && end[1].type == SDS_TOKEN_WORD;)
            end += 2;
        return sds_tokens_span(t + 2, end);
    }
    return (struct sds_span){0};
}

/* `NAME`, or `NAME[,NAME]`, as a placeholder. */
static void read_name(const struct reader *reader, const struct sds_token *t,
                      struct sds_note_value *value)
{
    if (t->type != SDS_TOKEN_WORD)
        return;
    value->choices = find_choices(reader, t);
    if (value->choices.len && t[1].type == SDS_TOKEN_SQUARE && !t[1].blanks && t[1].len > 0)
        value->separator = (struct sds_span){(const uint8_t *)t[1].p, 1};
}

/* Whether prose ends here: at a blank line, or a line that a table's rows do not go on in. */
static bool ends_prose(const struct reader *reader, const struct sds_token *t)
{
    if (reader->style == STYLE_QUOTED && sds_token_is(t, "key"))
        return true;
    if (t->type != SDS_TOKEN_NEWLINE)
        return false;
    return t[1].type == SDS_TOKEN_NEWLINE || (reader->style == STYLE_TABLE && !t[1].blanks);
}

/* Where a description ends: at the next key; one of a few words already at a separator. */
static const struct sds_token *find_end(const struct reader *reader, const struct sds_token *t,
                                        bool is_prose)
{
    for (; t->type != SDS_TOKEN_END; t++) {
        if (sds_token_is_example(t) || find_sign(reader, t, reader->style))
            return t;
        if (is_prose ? ends_prose(reader, t)
                     : sds_token_is_separator(t) && t->type != SDS_TOKEN_WORD)
            return t;
    }
    return t;
}

/* Words and brackets that describe a value, from @t up to @end. */
static void read_description(const struct sds_token *t, const struct sds_token *end,
                             struct sds_note_value *value)
{
    const struct sds_token *first = t, *last = end;

    for (; t < end; t++)
        if (sds_token_is_bracket(t) && !value->remark.p)
            value->remark = sds_token_span(t);
    while (first < last && (sds_token_is_bracket(first) || sds_token_is_separator(first)))
        first++;
    while (first < last && (sds_token_is_bracket(&last[-1]) || sds_token_is_separator(&last[-1])))
        last--;
    value->prose = sds_tokens_span(first, last);
}

/* An item with a sign behind its key. */
static int read_signed_item(struct reader *reader, const struct sds_token *first,
                            const struct sds_token *sign)
{
    struct sds_note_value value = {.shape = SDS_TOKEN_END};
    const struct sds_token *key_end = sign, *t = sign, *end;
    bool is_prose;

    if (sign->type == SDS_TOKEN_EQUALS)
        t = take_placeholder(sign + 1, &value);
    else if (sign->type == SDS_TOKEN_COLON && reader->style == STYLE_COLON)
        t++;
    if (value.shape != SDS_TOKEN_END)
        read_name(reader, sign + 1, &value);
    if (sign->type != SDS_TOKEN_EQUALS && t->type == SDS_TOKEN_NEWLINE)
        t++;
    is_prose = value.shape == SDS_TOKEN_END && !sds_token_is_separator(t);
    end = find_end(reader, t, is_prose);
    read_description(t, end, &value);
    if (value.shape == SDS_TOKEN_WORD && value.prose.len && !sds_is_digit(value.placeholder.p[0]) &&
        !sds_token_is(&t[-1], "value")) { /* the first word of prose */
        value.shape = SDS_TOKEN_END;
        read_description(t - 1, end, &value);
    }
    reader->at = (size_t)(end - reader->tokens);
    return add_key(reader, first, key_end, end, &value);
}

/* Words that promise more keys than are listed, or say that none is required. */
static void read_remark(struct reader *reader, const struct sds_token *t,
                        const struct sds_token *end)
{
    bool says_more = false, says_all = false;

    for (; t < end; t++) {
        says_more |= sds_token_is_more(t);
        says_all |= sds_token_is(t, "all");
        reader->is_open |= sds_token_is_remainder(t) || (says_more && sds_token_is(t, "keys")) ||
                           (sds_token_is_bracket(t) && sds_token_begins_with(t, "other"));
        reader->all_optional |= says_all && sds_token_is(t, "optional");
    }
}

/* Whether words can be a key: few, and no part of a sentence. */
static bool is_key(const struct reader *reader, const struct sds_token *first,
                   const struct sds_token *end)
{
    ptrdiff_t max = reader->style == STYLE_PLAIN ? KEY_WORDS_MAX : 1;
    bool has_name = false;

    if (first == end || end - first > max)
        return false;
    if (end - first == 1 && first->type == SDS_TOKEN_QUOTED)
        return true;
    for (const struct sds_token *t = first; t < end; t++) {
        if (t->type != SDS_TOKEN_WORD || sds_token_is_document(t) || sds_token_is_service_type(t))
            return false;
        if (end - first > 1 &&
            (sds_token_is_prose(t) || (t + 1 < end && sds_token_ends_in(t, "."))))
            return false;
        has_name |= sds_token_has_letter(t);
    }
    return has_name;
}

/* Words before a colon that head a list, or a line that is none; returns what follows them. */
static const struct sds_token *skip_heading(const struct reader *reader,
                                            const struct sds_token *colon)
{
    const struct sds_token *t = colon + 1;

    if (reader->style == STYLE_PLAIN && colon[-1].type != SDS_TOKEN_ROUND)
        return t;
    while (t->type != SDS_TOKEN_NEWLINE && t->type != SDS_TOKEN_END &&
           !find_sign(reader, t, reader->style))
        t++;
    return t;
}

/* An item of a plain list: words, perhaps with a bracket that describes them. */
static int read_plain_item(struct reader *reader, const struct sds_token *first)
{
    struct sds_note_value value = {.shape = SDS_TOKEN_END};
    const struct sds_token *key_end = NULL, *end = first;

    while (!sds_token_is_separator(end) && end->type != SDS_TOKEN_COLON &&
           !find_sign(reader, end, reader->style)) {
        if (!key_end && (sds_token_is_bracket(end) || sds_token_is(end, "-")))
            key_end = end;
        end++;
    }
    if (!key_end)
        key_end = end;
    if (end->type == SDS_TOKEN_COLON && end > first) {
        reader->at = (size_t)(skip_heading(reader, end) - reader->tokens);
        return 0;
    }
    reader->at = (size_t)(end - reader->tokens) + (end == first);
    if (sds_token_is_remainder(first) || !is_key(reader, first, key_end)) {
        reader->is_prose_met |= sds_token_has_letter(first);
        read_remark(reader, first, end);
        return 0;
    }
    if (reader->is_prose_met || (reader->style != STYLE_PLAIN && reader->style != STYLE_EQUALS))
        return 0;
    if (key_end < end && key_end->type == SDS_TOKEN_ROUND)
        value.remark = sds_token_span(key_end);
    return add_key(reader, first, key_end, end, &value);
}

/* `c0, c1, ..., cn` number their keys: letters and then digits, or an n, beside an ellipsis. */
static int number_keys(struct reader *reader, const char *like)
{
    size_t stem = strlen(like);
    int r = 0;

    while (stem > 0 && sds_is_digit(like[stem - 1]))
        stem--;
    if (stem == 0 || !like[stem])
        return 0;
    for (size_t i = 0; r == 0 && i < reader->keys.n; i++) {
        struct sds_txt_key *key = &reader->keys.v[i];
        const char *number = key->key + stem;

        if (strncmp(key->key, like, stem) ||
            (strspn(number, "0123456789") != strlen(number) && strcmp(number, "n")))
            continue;
        r = set_template(reader->arena, like, stem, &key->form);
    }
    return r;
}

static int read_ellipses(struct reader *reader)
{
    for (size_t i = 0; reader->tokens[i].type != SDS_TOKEN_END; i++) {
        const struct sds_token *t = &reader->tokens[i];
        struct sds_span before;
        const char *like;
        int r;

        if (!sds_token_is(t, "...") || i < 2 || t[-1].type != SDS_TOKEN_COMMA)
            continue;
        before = sds_token_span(&t[-2]);
        like = sds_arena_text(reader->arena, before.p, before.len);
        if (!like)
            return -ENOMEM;
        r = number_keys(reader, like);
        if (r < 0)
            return r;
    }
    return 0;
}

/* A list without any separator: each word is a key where none looks like part of a title. */
static int read_blank_separated(struct reader *reader, bool *ret_is_read)
{
    const struct sds_token *t = reader->tokens;
    size_t n = 0;

    *ret_is_read = false;
    for (; t->type == SDS_TOKEN_WORD; t++, n++) {
        if (sds_token_is_separator(t) || sds_token_is_bullet(t) || !sds_token_has_letter(t) ||
            sds_token_is_prose(t) || sds_token_is_document(t) || sds_token_is_service_type(t))
            return 0;
        if (t->p[0] >= 'A' && t->p[0] <= 'Z')
            return 0;
    }
    while (t->type == SDS_TOKEN_NEWLINE)
        t++;
    if (t->type != SDS_TOKEN_END || n < 2)
        return 0;
    *ret_is_read = true;
    for (t = reader->tokens; t->type == SDS_TOKEN_WORD; t++) {
        struct sds_note_value value = {.shape = SDS_TOKEN_END};
        int r = add_key(reader, t, t + 1, t + 1, &value);

        if (r < 0)
            return r;
    }
    return 0;
}

static int read_items(struct reader *reader)
{
    bool is_read = false;
    int r = 0;

    reader->style = find_style(reader);
    if (reader->style == STYLE_PLAIN)
        r = read_blank_separated(reader, &is_read);
    while (r == 0 && !is_read && reader->tokens[reader->at].type != SDS_TOKEN_END) {
        const struct sds_token *t = &reader->tokens[reader->at];
        const struct sds_token *sign = find_sign(reader, t, reader->style);

        if (sds_token_is_example(t))
            break;
        if (sds_token_is_separator(t) || sds_token_is_bullet(t))
            reader->at++;
        else if (sign)
            r = read_signed_item(reader, t, sign);
        else
            r = read_plain_item(reader, t);
    }
    return r < 0 ? r : read_ellipses(reader);
}

int sds_note_items(struct sds_arena *arena, const struct sds_token *tokens,
                   struct sds_txt_decl *ret)
{
    struct reader reader = {.arena = arena, .tokens = tokens};
    int r = read_items(&reader);

    for (size_t i = 0; reader.all_optional && i < reader.keys.n; i++)
        reader.keys.v[i].form.need = SDS_NEED_OPTIONAL;
    if (r == 0) {
        ret->keys = sds_arena_copy(arena, reader.keys.v, reader.keys.n * sizeof(*ret->keys));
        ret->n_keys = reader.keys.n;
        ret->open = reader.keys.n > 0 && reader.is_open;
        r = ret->keys ? 0 : -ENOMEM;
    }
    free(reader.keys.v);
    return r;
}
