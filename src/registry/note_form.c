/* SPDX-License-Identifier: MIT */
#include "registry/note_form.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/note_phrases.h"

#define VALUES_MAX 64 /* of an enumeration */

static int set_text(struct sds_arena *arena, struct sds_span text, const char **ret)
{
    *ret = sds_arena_text(arena, text.p, text.len);
    return *ret ? 0 : -ENOMEM;
}

/* Text with its white space collapsed, as a note wraps its lines anywhere. */
static int set_about(struct sds_arena *arena, struct sds_span text, struct sds_form *form)
{
    char *about = sds_arena_text(arena, text.p, text.len);
    size_t n = 0;

    if (!about)
        return -ENOMEM;
    for (size_t i = 0; i < text.len; i++) {
        bool is_blank = about[i] == ' ' || (about[i] >= '\t' && about[i] <= '\r');

        if (!is_blank)
            about[n++] = about[i];
        else if (n && about[n - 1] != ' ')
            about[n++] = ' ';
    }
    while (n && about[n - 1] == ' ')
        n--;
    about[n] = '\0';
    form->about = n ? about : NULL;
    return 0;
}

static struct sds_span trim(struct sds_span text, const char *junk)
{
    while (text.len && text.p[0] < 0x80 && strchr(junk, text.p[0]))
        text.p++, text.len--;
    while (text.len && text.p[text.len - 1] < 0x80 && strchr(junk, text.p[text.len - 1]))
        text.len--;
    return text;
}

static bool is_single_word(struct sds_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] <= ' ')
            return false;
    return text.len > 0;
}

/* Cut the next piece off @text, up to a separator or to the end. */
static struct sds_span cut(struct sds_span *text, const char *separator)
{
    const uint8_t *at = memmem(text->p, text->len, separator, strlen(separator));
    struct sds_span piece = {text->p, at ? (size_t)(at - text->p) : text->len};
    size_t taken = piece.len + (at ? strlen(separator) : 0);

    *text = (struct sds_span){text->p + taken, text->len - taken};
    return piece;
}

/* A description without its examples, which say nothing of the form. */
static struct sds_span without_examples(struct sds_span text)
{
    static const char *const words[] = {"e.g.", "for example", "such as"};

    for (size_t i = 0; i < SDS_COUNT(words); i++) {
        struct sds_span before = cut(&(struct sds_span){text.p, text.len}, words[i]);

        if (before.len)
            text = before;
    }
    return text;
}

/* Make an enumeration; returns how many values it has, or -ENOMEM. */
static int set_values(struct sds_arena *arena, const char *const *values, size_t n,
                      struct sds_form *form)
{
    form->values = sds_arena_copy(arena, values, n * sizeof(*values));
    form->n_values = n;
    form->type = SDS_FORM_ENUM;
    form->strength = SDS_STRENGTH_STATED;
    return form->values ? (int)n : -ENOMEM;
}

/* Copies of the values between separators, without quotes and brackets; their number or -ENOMEM. */
static int split_values(struct sds_arena *arena, struct sds_span text, const char *separator,
                        const char *values[VALUES_MAX])
{
    int n = 0;

    while (text.len && n < VALUES_MAX) {
        struct sds_span value = trim(cut(&text, separator), " \t\r\n<>[]{}'\",");

        if (!value.len)
            return 0;
        if (set_text(arena, value, &values[n++]) < 0)
            return -ENOMEM;
    }
    return n;
}

/**
 * Values between separators, such as `yes | no` or `{'a'|'b'}`.
 *
 * @must_be_words  refuse a value that has blanks in it
 * Returns how many, 0 where it is no enumeration, or -ENOMEM.
 */
static int read_values(struct sds_arena *arena, struct sds_span text, const char *separator,
                       bool must_be_words, struct sds_form *form)
{
    const char *values[VALUES_MAX];
    int n = split_values(arena, text, separator, values);

    for (int i = 0; i < n && must_be_words; i++)
        if (strpbrk(values[i], " \t\r\n"))
            return 0;
    return n < 2 ? n < 0 ? n : 0 : set_values(arena, values, (size_t)n, form);
}

/* Whether all are names of values, as `ON, OFF, AUTO`: words in small letters describe something.
 */
static bool are_names(const struct sds_form *form)
{
    for (size_t i = 0; i < form->n_values; i++)
        if (form->values[i][0] >= 'a' && form->values[i][0] <= 'z')
            return false;
    return true;
}

/* Alternatives that a text spells out: `a | b`, `a or b`, `{'a','b'}`, or `A, B, C`. */
static int read_alternatives(struct sds_arena *arena, struct sds_span text, bool is_set,
                             struct sds_form *form)
{
    int r;

    if (memchr(text.p, '|', text.len))
        return read_values(arena, text, "|", false, form);
    r = read_values(arena, text, " or ", true, form);
    if (r == 0) {
        struct sds_form list = *form;

        r = read_values(arena, text, ",", true, &list);
        if (r > 0 && (is_set || (r > 2 && are_names(&list))))
            *form = list;
        else if (r > 0)
            r = 0;
    }
    return r;
}

/* `one of "a", "b" or "c"`: two or more words in double quotes, and no examples. */
static int read_quoted(struct sds_arena *arena, struct sds_span text, struct sds_form *form)
{
    const char *values[VALUES_MAX];
    size_t n = 0;

    text = without_examples(text);
    for (cut(&text, "\""); text.len && n < VALUES_MAX; cut(&text, "\"")) {
        struct sds_span value = cut(&text, "\"");

        if (!is_single_word(value))
            return 0;
        if (set_text(arena, value, &values[n++]) < 0)
            return -ENOMEM;
    }
    return n < 2 ? 0 : set_values(arena, values, n, form);
}

/* `x.y`, `x.xx`: letters that stand for the digits of a version. */
static bool is_version_pattern(struct sds_span text)
{
    bool was_dot = true;

    if (!text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_dot = text.p[i] == '.';

        if (is_dot ? was_dot : !strchr("nwxyzNXYZ", text.p[i]) || !text.p[i])
            return false;
        was_dot = is_dot;
    }
    return !was_dot;
}

static int read_form(struct sds_arena *arena, struct sds_span text, struct sds_form *form);

static bool is_list(struct sds_span text)
{
    return text.len && memmem(text.p, text.len, "list of ", strlen("list of "));
}

/* "comma-separated list of ..." */
static int read_list(struct sds_arena *arena, struct sds_span text, const struct sds_plain *plain,
                     struct sds_form *form)
{
    static const struct {
        const char *words, *separator;
    } separators[] = {
        {"comma", ","}, {"space", " "}, {"blank", " "}, {"semicolon", ";"}, {"colon", ":"},
    };
    const uint8_t *items = memmem(text.p, text.len, "list of ", strlen("list of "));
    struct sds_form *of = sds_arena_alloc(arena, sizeof(*of));
    int r;

    if (!of)
        return -ENOMEM;
    *of = SDS_FORM_EMPTY;
    items += strlen("list of ");
    text = (struct sds_span){items, (size_t)(text.p + text.len - items)};
    r = is_list(text) ? 0 : read_form(arena, text, of); /* one list is deep enough */
    if (r < 0)
        return r;
    of->about = NULL;
    of->strength = SDS_STRENGTH_NONE;
    form->type = SDS_FORM_LIST;
    form->strength = SDS_STRENGTH_STATED;
    form->of = of;
    for (size_t i = 0; !form->sep && i < SDS_COUNT(separators); i++)
        if (sds_plain_says(plain, separators[i].words))
            form->sep = separators[i].separator;
    return 0;
}

static void refine_url(const struct sds_plain *plain, struct sds_form *form)
{
    static const char *const http[] = {"http"}, *const https[] = {"https"};
    bool is_relative = sds_plain_says(plain, "relative"),
         is_absolute = sds_plain_says(plain, "absolute");

    if (is_relative || is_absolute)
        form->relative = !is_absolute  ? SDS_RELATIVE_YES
                         : is_relative ? SDS_RELATIVE_EITHER
                                       : SDS_RELATIVE_NO;
    if (sds_plain_says(plain, "http url"))
        form->schemes = http;
    else if (sds_plain_says(plain, "https url"))
        form->schemes = https;
    form->n_schemes = form->schemes != NULL;
}

static void refine_int(const struct sds_plain *plain, struct sds_form *form)
{
    if (sds_plain_says(plain, "port")) {
        form->min = 0;
        form->max = UINT16_MAX;
        form->has_range = true;
    } else {
        form->has_range = sds_plain_range(plain, &form->min, &form->max);
    }
}

/* "additionally '_', '+'": the characters between single quotes. */
static int refine_text(struct sds_arena *arena, struct sds_span text, const struct sds_plain *plain,
                       struct sds_form *form)
{
    char extra[VALUES_MAX];
    size_t n = 0;

    form->chars = sds_plain_says(plain, "printable ascii") ? "printable-ascii"
                  : sds_plain_says(plain, "alphanumeric")  ? "alphanumeric"
                  : sds_plain_says(plain, "numeric")       ? "numeric"
                                                           : NULL;
    for (size_t i = 0; form->chars && i + 2 < text.len && n < sizeof(extra); i++)
        if (text.p[i] == '\'' && text.p[i + 2] == '\'') {
            extra[n++] = (char)text.p[i + 1];
            i += 2;
        }
    return n ? set_text(arena, (struct sds_span){(uint8_t *)extra, n}, &form->extra_chars) : 0;
}

/* What is particular to the type that the words have settled. */
static int refine(struct sds_arena *arena, struct sds_span text, const struct sds_plain *plain,
                  struct sds_form *form)
{
    switch (form->type) {
    case SDS_FORM_HEX:
        form->digits = sds_plain_count(plain, "hex");
        return 0;
    case SDS_FORM_HOST:
        form->what = !sds_plain_says(plain, "ip address") ? "name"
                     : sds_plain_says(plain, "domain name") || sds_plain_says(plain, "host name")
                         ? "either"
                         : "ip";
        return 0;
    case SDS_FORM_URL:
        refine_url(plain, form);
        return 0;
    case SDS_FORM_PATH:
        form->is_absolute = (text.len && text.p[0] == '/') || sds_plain_says(plain, "absolute");
        if (form->is_absolute)
            form->strength = SDS_STRENGTH_STATED;
        return 0;
    case SDS_FORM_VERSION:
        if (sds_plain_says(plain, "major minor"))
            form->pattern = "x.y";
        return 0;
    case SDS_FORM_INT:
        refine_int(plain, form);
        return 0;
    case SDS_FORM_TEXT:
        return refine_text(arena, text, plain, form);
    default:
        return 0;
    }
}

/* The form that a description speaks of; text where it names no other. */
static int read_form(struct sds_arena *arena, struct sds_span text, struct sds_form *form)
{
    struct sds_plain plain = sds_plain_words(without_examples(text));
    int length = sds_plain_count(&plain, "bytes");

    if (sds_plain_says(&plain, "if supported"))
        form->need = SDS_NEED_OPTIONAL;
    if (is_list(text))
        return read_list(arena, text, &plain, form);
    if (is_version_pattern(text)) {
        form->type = SDS_FORM_VERSION;
        form->strength = SDS_STRENGTH_STATED;
        return set_text(arena, text, &form->pattern);
    }
    if (text.len && text.p[0] == '/') {
        form->type = SDS_FORM_PATH;
        return refine(arena, text, &plain, form);
    }
    form->type = SDS_FORM_TEXT;
    if (sds_plain_form(&plain, form)) {
        if (sds_plain_is(&plain, "sring")) /* as four notes of IANA's have it */
            form->about = "string";
        return refine(arena, text, &plain, form);
    }
    if (length >= 0) {
        form->type = SDS_FORM_BYTES;
        form->strength = SDS_STRENGTH_STATED;
        form->length = length;
    }
    return 0;
}

/* A description in words: `<...>`, `(...)`, or words behind the key. */
static int read_description(struct sds_arena *arena, struct sds_span text, bool is_set,
                            struct sds_form *form)
{
    int r = read_alternatives(arena, text, is_set, form);

    if (r == 0)
        r = read_quoted(arena, text, form);
    if (r != 0)
        return r < 0 ? r : 0;
    r = set_about(arena, text, form);
    return r < 0 ? r : read_form(arena, text, form);
}

/* A value that stands there as such: `txtvers=1`. */
static int read_literal(struct sds_arena *arena, struct sds_span text, struct sds_form *form)
{
    if (text.len == 1 && text.p[0] == '?') {
        form->type = SDS_FORM_ANY;
        return set_text(arena, text, &form->placeholder);
    }
    if (is_version_pattern(text)) {
        form->type = SDS_FORM_VERSION;
        form->strength = SDS_STRENGTH_STATED;
        return set_text(arena, text, &form->pattern);
    }
    form->type = SDS_FORM_CONST;
    form->strength = SDS_STRENGTH_STATED;
    return set_text(arena, text, &form->value);
}

/* A placeholder that the note itself has explained, alone or repeated. */
static int read_choices(struct sds_arena *arena, const struct sds_note_value *value,
                        struct sds_form *form)
{
    const char *values[VALUES_MAX];
    struct sds_form *of;
    int n = split_values(arena, value->choices, ",", values);

    if (n > 0)
        n = set_values(arena, values, (size_t)n, form);
    if (n <= 0 || !value->separator.len)
        return n < 0 ? n : 0;
    of = sds_arena_copy(arena, form, sizeof(*form));
    if (!of)
        return -ENOMEM;
    of->strength = SDS_STRENGTH_NONE;
    *form = SDS_FORM_EMPTY;
    form->type = SDS_FORM_LIST;
    form->strength = SDS_STRENGTH_STATED;
    form->of = of;
    n = set_text(arena, value->separator, &form->sep);
    return n < 0 ? n : set_about(arena, value->placeholder, form);
}

/* "[if not specified then default is 1.0, ...]" */
static int read_fallback(struct sds_arena *arena, struct sds_span remark, struct sds_form *form)
{
    static const char words[] = "default is ";
    const uint8_t *at = remark.p ? memmem(remark.p, remark.len, words, sizeof(words) - 1) : NULL;
    struct sds_span rest, value;

    if (!at)
        return 0;
    rest.p = at + sizeof(words) - 1;
    rest.len = (size_t)(remark.p + remark.len - rest.p);
    value = trim(cut(&rest, " "), ",;.'\"");
    return value.len ? set_text(arena, value, &form->fallback) : 0;
}

/* A bracket that states a syntax is stronger than words that only name a thing. */
static int read_remark(struct sds_arena *arena, struct sds_span remark, struct sds_form *form)
{
    struct sds_form stated = SDS_FORM_EMPTY;
    struct sds_plain plain = sds_plain_words(remark);
    int r;

    if (form->type == SDS_FORM_INT && form->strength == SDS_STRENGTH_IMPLIED && !form->has_range &&
        sds_plain_says(&plain, "version"))
        form->type = SDS_FORM_VERSION; /* "<number> [default is 1.0, a version of ...]" */
    if (!remark.len || form->type != SDS_FORM_TEXT || form->strength == SDS_STRENGTH_STATED)
        return 0;
    stated.about = form->about;
    r = read_form(arena, remark, &stated);
    if (r == 0 && stated.strength == SDS_STRENGTH_STATED && stated.type != SDS_FORM_URL &&
        stated.type != SDS_FORM_HOST)
        *form = stated;
    return r;
}

int sds_note_form(struct sds_arena *arena, const char *key, const struct sds_note_value *value,
                  struct sds_form *ret)
{
    struct sds_span placeholder = trim(value->placeholder, " \t\r\n");
    struct sds_span prose = trim(value->prose, " \t\r\n"), about = placeholder;
    bool is_set = value->shape == SDS_TOKEN_CURLY || value->shape == SDS_TOKEN_SQUARE;
    bool is_literal = (value->shape == SDS_TOKEN_WORD || value->shape == SDS_TOKEN_QUOTED) &&
                      !(placeholder.len && memchr(placeholder.p, '<', placeholder.len));
    bool is_value = sds_fold_equal(placeholder.p, placeholder.len, "value", 5);
    bool repeats = sds_fold_is(placeholder.p, placeholder.len, key);
    int r;

    *ret = SDS_FORM_EMPTY;
    if (value->choices.len)
        return read_choices(arena, value, ret);
    if (!placeholder.len || (is_value && is_literal))
        about = value->remark.len && !prose.len ? value->remark : prose;
    else if (is_literal)
        return read_literal(arena, placeholder, ret);
    else if (repeats && prose.len)
        about = prose;
    if (!about.len)
        return 0;
    r = read_description(arena, about, is_set, ret);
    if (r < 0)
        return r;
    if (ret->type == SDS_FORM_ENUM && prose.len && prose.p != about.p)
        r = set_about(arena, prose, ret);
    if (r < 0)
        return r;
    r = read_remark(arena, value->remark, ret);
    return r < 0 ? r : read_fallback(arena, value->remark, ret);
}
