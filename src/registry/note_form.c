/* SPDX-License-Identifier: MIT */
#include "registry/note_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define PLAIN_MAX  512  /* bytes of a description that are looked at */
#define VALUES_MAX 64   /* of an enumeration */
#define DIGITS_MAX 4096 /* that a count in prose may say */

/*
 * A description in plain words: lower case, single blanks between and around them, and a blank
 * where camelCase or a digit begins a new word. "portForHTTP" becomes " port for http ".
 */
struct plain {
    char text[PLAIN_MAX];
};

static bool is_word_char(uint8_t c)
{
    return sds_is_letter(c) || sds_is_digit(c) || c == '#' || c >= 0x80;
}

static bool begins_word(uint8_t before, uint8_t c)
{
    bool is_upper = c >= 'A' && c <= 'Z', was_lower = before >= 'a' && before <= 'z';

    return (was_lower && is_upper) || (sds_is_digit(before) && sds_is_letter(c));
}

static struct plain plain_words(struct sds_span text)
{
    struct plain plain = {" "};
    size_t n = 1;

    for (size_t i = 0; i < text.len && n < PLAIN_MAX - 3; i++) {
        uint8_t c = text.p[i];

        if (plain.text[n - 1] != ' ' && (!is_word_char(c) || begins_word(text.p[i - 1], c)))
            plain.text[n++] = ' ';
        if (is_word_char(c))
            plain.text[n++] = (char)sds_fold(c);
    }
    if (plain.text[n - 1] != ' ')
        plain.text[n++] = ' ';
    plain.text[n] = '\0';
    return plain;
}

/* Where words stand in a description, as whole words; NULL where they do not. */
static const char *find_words(const struct plain *plain, const char *words)
{
    size_t n = strlen(words);

    for (const char *p = plain->text; (p = strstr(p, words)); p++)
        if (p[-1] == ' ' && p[n] == ' ')
            return p;
    return NULL;
}

static bool says(const struct plain *plain, const char *words)
{
    return find_words(plain, words);
}

enum place { ANYWHERE, WHOLE, AT_START, AT_END };

/* What a description says of the form. The first row that fits decides. */
static const struct phrase {
    const char *words;
    enum sds_form_type type;
    enum sds_strength strength;
    enum place place;
} phrases[] = {
    {"mac address", SDS_FORM_MAC, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"bssid", SDS_FORM_MAC, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"uuid string", SDS_FORM_UUID, SDS_STRENGTH_STATED, ANYWHERE},
    {"uuid", SDS_FORM_UUID, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"guid", SDS_FORM_UUID, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"hex", SDS_FORM_HEX, SDS_STRENGTH_STATED, ANYWHERE},
    {"hexadecimal", SDS_FORM_HEX, SDS_STRENGTH_STATED, ANYWHERE},
    {"ip address", SDS_FORM_HOST, SDS_STRENGTH_STATED, ANYWHERE},
    {"domain name", SDS_FORM_HOST, SDS_STRENGTH_STATED, ANYWHERE},
    {"dns name", SDS_FORM_HOST, SDS_STRENGTH_STATED, ANYWHERE},
    {"host name", SDS_FORM_HOST, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"hostname", SDS_FORM_HOST, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"host", SDS_FORM_HOST, SDS_STRENGTH_IMPLIED, WHOLE},
    {"url", SDS_FORM_URL, SDS_STRENGTH_STATED, ANYWHERE},
    {"urls", SDS_FORM_URL, SDS_STRENGTH_STATED, ANYWHERE},
    {"uri", SDS_FORM_URL, SDS_STRENGTH_STATED, ANYWHERE},
    {"uris", SDS_FORM_URL, SDS_STRENGTH_STATED, ANYWHERE},
    {"path", SDS_FORM_PATH, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"pathname", SDS_FORM_PATH, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"name", SDS_FORM_TEXT, SDS_STRENGTH_NONE, AT_END},
    {"serial number", SDS_FORM_TEXT, SDS_STRENGTH_NONE, ANYWHERE},
    {"port #", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"port number", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"port", SDS_FORM_INT, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"major minor", SDS_FORM_VERSION, SDS_STRENGTH_STATED, ANYWHERE},
    {"version", SDS_FORM_VERSION, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"versions", SDS_FORM_VERSION, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"ver", SDS_FORM_VERSION, SDS_STRENGTH_IMPLIED, WHOLE},
    {"boolean", SDS_FORM_BOOL, SDS_STRENGTH_STATED, ANYWHERE},
    {"bool", SDS_FORM_BOOL, SDS_STRENGTH_STATED, ANYWHERE},
    {"flag", SDS_FORM_BOOL, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"whether", SDS_FORM_BOOL, SDS_STRENGTH_IMPLIED, ANYWHERE},
    {"integer", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"int", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"decimal", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"digit", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"digits", SDS_FORM_INT, SDS_STRENGTH_STATED, ANYWHERE},
    {"number of", SDS_FORM_INT, SDS_STRENGTH_IMPLIED, AT_START},
    {"number", SDS_FORM_INT, SDS_STRENGTH_IMPLIED, WHOLE},
    {"alphanumeric", SDS_FORM_TEXT, SDS_STRENGTH_STATED, ANYWHERE},
    {"numeric", SDS_FORM_TEXT, SDS_STRENGTH_STATED, ANYWHERE},
    {"printable ascii", SDS_FORM_TEXT, SDS_STRENGTH_STATED, ANYWHERE},
    {"string", SDS_FORM_TEXT, SDS_STRENGTH_STATED, WHOLE},
    {"text", SDS_FORM_TEXT, SDS_STRENGTH_STATED, WHOLE},
};

static bool fits(const struct plain *plain, const struct phrase *phrase)
{
    const char *at = find_words(plain, phrase->words);
    size_t n = strlen(phrase->words);

    switch (phrase->place) {
    case WHOLE:
        return at == plain->text + 1 && !at[n + 1];
    case AT_START:
        return at == plain->text + 1;
    case AT_END:
        return at && !at[n + 1];
    default:
        return at;
    }
}

/* Take a number of digits or bytes that stands right before a word; -1 where there is none. */
static int count_before(const struct plain *plain, const char *word)
{
    const char *at = find_words(plain, word), *digits;
    long count;

    if (!at || at - plain->text < 2)
        return -1;
    for (digits = at - 1; digits > plain->text && sds_is_digit(digits[-1]);)
        digits--;
    count = strtol(digits, NULL, 10);
    return sds_is_digit(*digits) && count <= DIGITS_MAX ? (int)count : -1;
}

/* "0-4", "0..4", "from 0 to 4" in a description. */
static bool find_range(const struct plain *plain, int64_t *min, int64_t *max)
{
    for (const char *p = plain->text; *p; p++) {
        char *end;
        long low, high;

        if (p[0] != ' ' || !sds_is_digit(p[1]))
            continue;
        low = strtol(p, &end, 10);
        if (!strncmp(end, " to ", 4))
            end += 3;
        if (end[0] != ' ' || !sds_is_digit(end[1]))
            continue;
        high = strtol(end, &end, 10);
        if (*end == ' ' && low < high) {
            *min = low;
            *max = high;
            return true;
        }
    }
    return false;
}

static int set_text(struct sds_arena *arena, struct sds_span text, const char **ret)
{
    *ret = sds_arena_text(arena, text.p, text.len);
    return *ret ? 0 : -ENOMEM;
}

/* Words of the registry that are misspelt and mean a type. */
static struct sds_span mend(struct sds_span text)
{
    static const char *const words[][2] = {{"sring", "string"}, {"vesion", "version"}};

    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (sds_fold_equal(text.p, text.len, words[i][0], strlen(words[i][0])))
            return (struct sds_span){(const uint8_t *)words[i][1], strlen(words[i][1])};
    return text;
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
    int n = 0;

    while (text.len && n < VALUES_MAX) {
        struct sds_span value = trim(cut(&text, separator), " \t\r\n<>[]{}'\",");

        if (!value.len || (must_be_words && !is_single_word(value)))
            return 0;
        if (set_text(arena, value, &values[n++]) < 0)
            return -ENOMEM;
    }
    return n < 2 ? 0 : set_values(arena, values, (size_t)n, form);
}

/* Alternatives that a text spells out: `a | b`, `a or b`, `{'a','b'}`, or `a, b, c`. */
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
        if (r > 2 || (r > 0 && is_set))
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

/* "comma-separated list of ..." */
static int read_list(struct sds_arena *arena, struct sds_span text, const struct plain *plain,
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
    r = read_form(arena, (struct sds_span){items, (size_t)(text.p + text.len - items)}, of);
    if (r < 0)
        return r;
    of->about = NULL;
    of->strength = SDS_STRENGTH_NONE;
    form->type = SDS_FORM_LIST;
    form->strength = SDS_STRENGTH_STATED;
    form->of = of;
    for (size_t i = 0; !form->sep && i < SDS_COUNT(separators); i++)
        if (says(plain, separators[i].words))
            form->sep = separators[i].separator;
    return 0;
}

static void refine_url(const struct plain *plain, struct sds_form *form)
{
    static const char *const http[] = {"http"}, *const https[] = {"https"};
    bool is_relative = says(plain, "relative"), is_absolute = says(plain, "absolute");

    if (is_relative || is_absolute)
        form->relative = !is_absolute  ? SDS_RELATIVE_YES
                         : is_relative ? SDS_RELATIVE_EITHER
                                       : SDS_RELATIVE_NO;
    if (says(plain, "http url"))
        form->schemes = http;
    else if (says(plain, "https url"))
        form->schemes = https;
    form->n_schemes = form->schemes != NULL;
}

static void refine_int(const struct plain *plain, struct sds_form *form)
{
    if (says(plain, "port")) {
        form->min = 0;
        form->max = UINT16_MAX;
        form->has_range = true;
    } else {
        form->has_range = find_range(plain, &form->min, &form->max);
    }
}

/* "additionally '_', '+'": the characters between single quotes. */
static int refine_text(struct sds_arena *arena, struct sds_span text, const struct plain *plain,
                       struct sds_form *form)
{
    char extra[VALUES_MAX];
    size_t n = 0;

    form->chars = says(plain, "printable ascii") ? "printable-ascii"
                  : says(plain, "alphanumeric")  ? "alphanumeric"
                  : says(plain, "numeric")       ? "numeric"
                                                 : NULL;
    for (size_t i = 0; form->chars && i + 2 < text.len && n < sizeof(extra); i++)
        if (text.p[i] == '\'' && text.p[i + 2] == '\'') {
            extra[n++] = (char)text.p[i + 1];
            i += 2;
        }
    return n ? set_text(arena, (struct sds_span){(uint8_t *)extra, n}, &form->extra_chars) : 0;
}

/* What is particular to the type that the words have settled. */
static int refine(struct sds_arena *arena, struct sds_span text, const struct plain *plain,
                  struct sds_form *form)
{
    switch (form->type) {
    case SDS_FORM_HEX:
        form->digits = count_before(plain, "hex");
        return 0;
    case SDS_FORM_HOST:
        form->what = !says(plain, "ip address")                               ? "name"
                     : says(plain, "domain name") || says(plain, "host name") ? "either"
                                                                              : "ip";
        return 0;
    case SDS_FORM_URL:
        refine_url(plain, form);
        return 0;
    case SDS_FORM_PATH:
        form->is_absolute = text.p[0] == '/' || says(plain, "absolute");
        if (form->is_absolute)
            form->strength = SDS_STRENGTH_STATED;
        return 0;
    case SDS_FORM_VERSION:
        if (says(plain, "major minor"))
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
    struct plain plain = plain_words(without_examples(text));
    int length = count_before(&plain, "bytes");

    if (says(&plain, "if supported"))
        form->need = SDS_NEED_OPTIONAL;
    if (memmem(text.p, text.len, "list of ", strlen("list of ")))
        return read_list(arena, text, &plain, form);
    if (is_version_pattern(text)) {
        form->type = SDS_FORM_VERSION;
        form->strength = SDS_STRENGTH_STATED;
        return set_text(arena, text, &form->pattern);
    }
    if (text.p[0] == '/') {
        form->type = SDS_FORM_PATH;
        return refine(arena, text, &plain, form);
    }
    form->type = SDS_FORM_TEXT;
    for (size_t i = 0; i < SDS_COUNT(phrases); i++) {
        if (fits(&plain, &phrases[i])) {
            form->type = phrases[i].type;
            form->strength = phrases[i].strength;
            return refine(arena, text, &plain, form);
        }
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
    text = mend(text);
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
    struct plain plain = plain_words(remark);
    int r;

    if (form->type == SDS_FORM_INT && form->strength == SDS_STRENGTH_IMPLIED && !form->has_range &&
        says(&plain, "version"))
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
    bool repeats = sds_fold_equal(placeholder.p, placeholder.len, key, strlen(key));
    int r;

    *ret = SDS_FORM_EMPTY;
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
