/* SPDX-License-Identifier: MIT */
#include "watch/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "sdscope/txt.h"

/* What is sought: a part of a text. */
struct needle {
    char *word; /* in lower case; or with wildcards at its ends, where it has any */
    size_t len;
    bool is_pattern;
};

struct term {
    bool (*holds)(const struct term *term, const struct sds_row *row);
    struct needle needle;
    char *key; /* of a TXT attribute */
    bool is_inverted;
};

struct sds_filter {
    SDS_ARR(struct term) terms;
};

static bool finds(const struct needle *needle, const void *bytes, size_t len)
{
    return needle->is_pattern ? sds_glob_matches(needle->word, bytes, len)
                              : sds_fold_holds(bytes, len, needle->word, needle->len);
}

static bool finds_in_text(const struct needle *needle, const char *text)
{
    return text && finds(needle, text, strlen(text));
}

/* ---- what terms ask ----------------------------------------------------------------------- */

static bool is_of_type(const struct term *term, const struct sds_row *row)
{
    return finds_in_text(&term->needle, row->cells[SDS_CELL_TYPE]);
}

static bool is_of_name(const struct term *term, const struct sds_row *row)
{
    return finds_in_text(&term->needle, row->cells[SDS_CELL_INSTANCE]);
}

static bool is_of_host(const struct term *term, const struct sds_row *row)
{
    return finds_in_text(&term->needle, row->cells[SDS_CELL_HOST]);
}

/* The cell has one of several, with the port. */
static bool is_of_address(const struct term *term, const struct sds_row *row)
{
    const struct sds_service *s = row->service;

    if (finds_in_text(&term->needle, row->cells[SDS_CELL_ADDRESS]))
        return true;
    for (size_t i = 0; s->n_addresses > 1 && i < s->n_addresses; i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];

        sds_address_format(s->addresses[i], text);
        if (finds_in_text(&term->needle, text))
            return true;
    }
    return false;
}

/* Words of which one is a part of another are told apart by how they begin: "registered". */
static bool begins(const struct term *term, const char *word)
{
    if (term->needle.is_pattern)
        return sds_glob_matches(term->needle.word, word, strlen(word));
    return strncmp(word, term->needle.word, term->needle.len) == 0;
}

static bool is_of_verdict(const struct term *term, const struct sds_row *row)
{
    return row->result.has_verdict && begins(term, sds_verdict_name(row->result.verdict));
}

static bool is_of_severity(const struct term *term, const struct sds_row *row)
{
    for (size_t i = 0; i < row->result.n_findings; i++) {
        const struct sds_finding *f = &row->result.findings[i];

        if (!f->ignored && begins(term, sds_severity_name(f->severity)))
            return true;
    }
    return false;
}

static bool breaks_rule(const struct term *term, const struct sds_row *row)
{
    for (size_t i = 0; i < row->result.n_findings; i++) {
        const struct sds_rule *rule = row->result.findings[i].rule;

        if (finds_in_text(&term->needle, rule->id) || finds_in_text(&term->needle, rule->name))
            return true;
    }
    return false;
}

static bool has_attribute(const struct term *term, const struct sds_row *row)
{
    const struct sds_span txt = row->service->txt;
    struct sds_txt_string string;

    return sds_txt_find(txt.p, txt.len, term->key, &string) &&
           finds(&term->needle, string.value.p, string.value.len);
}

static bool is_gone(const struct term *term, const struct sds_row *row)
{
    (void)term;
    return sds_row_is_gone(row);
}

static bool is_marked(const struct term *term, const struct sds_row *row)
{
    (void)term;
    return row->is_marked;
}

static bool is_new(const struct term *term, const struct sds_row *row)
{
    (void)term;
    return row->is_new;
}

static bool is_changed(const struct term *term, const struct sds_row *row)
{
    (void)term;
    return row->last == SDS_EVENT_CHANGED;
}

static bool is_in_cells(const struct term *term, const struct sds_row *row)
{
    for (enum sds_cell i = 0; i < SDS_CELL__COUNT; i++)
        if (finds_in_text(&term->needle, row->cells[i]))
            return true;
    return false;
}

static bool is_in_txt(const struct needle *needle, struct sds_span txt)
{
    struct sds_txt_iter iter = sds_txt_begin(txt.p, txt.len);
    struct sds_txt_string string;

    while (sds_txt_next(&iter, &string))
        if (finds(needle, string.bytes.p, string.bytes.len))
            return true;
    return false;
}

/* Of all findings: the cell has the worst one alone. */
static bool is_in_findings(const struct term *term, const struct sds_row *row)
{
    for (size_t i = 0; i < row->result.n_findings; i++)
        if (finds_in_text(&term->needle, row->result.findings[i].message))
            return true;
    return breaks_rule(term, row);
}

static bool is_in_row(const struct term *term, const struct sds_row *row)
{
    const struct sds_service *s = row->service;

    if (is_in_cells(term, row) || is_in_txt(&term->needle, s->txt))
        return true;
    for (size_t i = 0; i < s->n_more_txt; i++)
        if (is_in_txt(&term->needle, s->more_txt[i]))
            return true;
    return is_in_findings(term, row) || is_of_address(term, row);
}

/* ---- reading ------------------------------------------------------------------------------ */

typedef bool test(const struct term *term, const struct sds_row *row);

static const struct field {
    const char *name;
    test *holds;
    bool is_anchored; /* a value is how the word begins */
} fields[] = {
    {"address:", is_of_address, false},  {"host:", is_of_host, false},
    {"name:", is_of_name, false},        {"rule:", breaks_rule, false},
    {"severity:", is_of_severity, true}, {"type:", is_of_type, false},
    {"verdict:", is_of_verdict, true},
};

static const struct {
    const char *name;
    test *holds;
} states[] = {
    {"changed", is_changed},
    {"gone", is_gone},
    {"marked", is_marked},
    {"new", is_new},
};

static void term_done(struct term *term)
{
    free(term->needle.word);
    free(term->key);
}

static bool set_needle(struct term *term, const char *word, bool is_anchored)
{
    struct needle *needle = &term->needle;

    needle->is_pattern = sds_glob_is_pattern(word);
    needle->word =
        needle->is_pattern ? sds_text_format("%s%s*", is_anchored ? "" : "*", word) : strdup(word);
    needle->len = needle->word ? strlen(needle->word) : 0;
    return needle->word;
}

/* What is behind a prefix; NULL where the text does not begin with it. */
static const char *after(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);

    return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static test *find_state(const char *word)
{
    for (size_t i = 0; i < SDS_COUNT(states); i++)
        if (after(states[i].name, word))
            return states[i].holds;
    return NULL;
}

/* Returns false when out of memory; the term has no test where it lets all pass. */
static bool read_term(const char *word, struct term *ret)
{
    const char *value = after(word, "is:");

    if (value && (!*value || find_state(value))) {
        ret->holds = *value ? find_state(value) : NULL;
        return true;
    }
    for (size_t i = 0; i < SDS_COUNT(fields); i++) {
        value = after(word, fields[i].name);
        if (!value)
            continue;
        ret->holds = *value ? fields[i].holds : NULL;
        return set_needle(ret, value, fields[i].is_anchored);
    }
    value = strchr(word, '=');
    if (value && value > word) {
        ret->holds = has_attribute;
        ret->key = strdup(word);
        if (ret->key)
            ret->key[value - word] = '\0';
        return ret->key && set_needle(ret, value + 1, false);
    }
    ret->holds = *word ? is_in_row : NULL;
    return set_needle(ret, word, false);
}

/* Take a term off the text: in lower case, without its quotes, into as many bytes as that has. */
static void take_word(const char **text, char *ret)
{
    bool is_quoted = false;

    for (; **text && (is_quoted || **text != ' '); (*text)++)
        if (**text == '"')
            is_quoted = !is_quoted;
        else
            *ret++ = (char)sds_fold(**text);
    *ret = '\0';
}

static bool add_term(struct sds_filter *filter, const char *word, bool is_inverted)
{
    struct term term = {.is_inverted = is_inverted};
    bool is_read = read_term(word, &term);

    if (is_read && term.holds && sds_arr_push(&filter->terms, term))
        return true;
    term_done(&term);
    return is_read && !term.holds;
}

static bool read_terms(struct sds_filter *filter, const char *text)
{
    SDS_CLEANUP(sds_freep) char *word = malloc(strlen(text) + 1);

    while (word && *text) {
        bool is_inverted = *text == '!';

        text += is_inverted;
        take_word(&text, word);
        if (!add_term(filter, word, is_inverted))
            return false;
        text += strspn(text, " ");
    }
    return word;
}

struct sds_filter *sds_filter_new(const char *text)
{
    struct sds_filter *filter = calloc(1, sizeof(*filter));

    if (filter && !read_terms(filter, text + strspn(text, " ")))
        return sds_filter_free(filter);
    return filter;
}

struct sds_filter *sds_filter_free(struct sds_filter *filter)
{
    if (!filter)
        return NULL;
    for (size_t i = 0; i < filter->terms.n; i++)
        term_done(&filter->terms.v[i]);
    free(filter->terms.v);
    free(filter);
    return NULL;
}

bool sds_filter_passes(const struct sds_filter *filter, const struct sds_row *row)
{
    for (size_t i = 0; filter && i < filter->terms.n; i++) {
        const struct term *term = &filter->terms.v[i];

        if (term->holds(term, row) == term->is_inverted)
            return false;
    }
    return true;
}
