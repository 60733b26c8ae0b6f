/* SPDX-License-Identifier: MIT */

/*
 * IANA's table as text whose columns have collapsed into single blanks, a row a line:
 *
 *     row   = name [port] [transport] description {"[" person "]"} {date} {"[" reference "]"} notes
 *
 * Lines above the headings tell of the registry; below other headings is the list of contacts:
 *
 *     contact = "[" [id] "]" name [organization] {uri} [date]
 */
#include "registry/table.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

static const char headings[] = "Service Name Port Number Transport Protocol ";
static const char contact_headings[] = "ID Name Organization Contact URI";
static const char declaration[] = "Defined TXT keys";

#define PERSONS_MAX    2   /* assignee and contact */
#define DATES_MAX      2   /* of registration and of modification */
#define NAME_BYTES_MAX 512 /* bytes of a contact's name and organization that are told apart */

/* The rest of a line, from its next word on. */
struct line {
    const char *p, *end;
};

static bool begins_with(struct line line, const char *words)
{
    size_t n = strlen(words);

    return (size_t)(line.end - line.p) >= n && !memcmp(line.p, words, n);
}

static struct line next_word(const struct line *line)
{
    const char *end = line->p;

    while (end < line->end && *end != ' ')
        end++;
    return (struct line){line->p, end};
}

static size_t length(struct line word)
{
    return (size_t)(word.end - word.p);
}

static void skip(struct line *line, struct line word)
{
    line->p = word.end;
    while (line->p < line->end && *line->p == ' ')
        line->p++;
}

/* A bracket that stands alone; names of persons and documents have no blanks in them. */
static bool is_bracket(struct line word)
{
    return length(word) >= 2 && *word.p == '[' && word.end[-1] == ']';
}

static bool is_reference(struct line word)
{
    struct line inner = {word.p + 1, word.end};

    return is_bracket(word) && (begins_with(inner, "RFC") || begins_with(inner, "draft-") ||
                                begins_with(inner, "http"));
}

static bool is_person(struct line word)
{
    return is_bracket(word) && !is_reference(word);
}

static bool is_date(struct line word)
{
    return sds_is_date(word.p, length(word));
}

/* The name, and the port and transport where the next words are such. */
static int read_name(struct sds_load *load, struct line *line, struct sds_record *row)
{
    struct line word = next_word(line), port;
    int r = sds_load_field(load, word.p, length(word), true, &row->name);

    skip(line, word);
    word = next_word(line);
    port = word;
    if (sds_is_port(word.p, length(word))) { /* perhaps: a description may begin with a number */
        struct line rest = *line;

        skip(&rest, word);
        word = next_word(&rest);
    }
    row->transport = sds_transport_word(word.p, length(word));
    if (!row->transport)
        return r;
    skip(line, word);
    if (r == 0 && port.p != word.p)
        r = sds_load_field(load, port.p, length(port), true, &row->port);
    return r;
}

/* Everything up to a person, a date, a reference or a declaration. */
static int read_description(struct sds_load *load, struct line *line, struct sds_record *row)
{
    const char *start = line->p;

    while (line->p < line->end && !begins_with(*line, declaration)) {
        struct line word = next_word(line);

        if (is_bracket(word) || is_date(word))
            break;
        skip(line, word);
    }
    return sds_load_field(load, start, (size_t)(line->p - start), true, &row->description);
}

static int read_persons(struct sds_load *load, struct line *line, struct sds_record *row)
{
    const char **persons[PERSONS_MAX] = {&row->assignee, &row->contact};
    struct line word;
    int r = 0;

    for (size_t i = 0; r == 0 && i < PERSONS_MAX; i++) {
        word = next_word(line);
        if (!is_person(word))
            break;
        r = sds_load_persons(load, word.p, length(word), persons[i]);
        skip(line, word);
    }
    return r;
}

/* Rows older than the registry's persons and dates have but a date of modification. */
static int read_dates(struct sds_load *load, struct line *line, struct sds_record *row)
{
    const char *dates[DATES_MAX] = {0};
    size_t n = 0;
    int r = 0;

    while (r == 0 && n < DATES_MAX && is_date(next_word(line))) {
        struct line word = next_word(line);

        r = sds_load_field(load, word.p, length(word), true, &dates[n++]);
        skip(line, word);
    }
    if (n == 1 && !row->assignee) {
        row->modified = dates[0];
    } else {
        row->registered = dates[0];
        row->modified = dates[1];
    }
    return r;
}

static int read_rest(struct sds_load *load, struct line *line, struct sds_record *row)
{
    const char *start = line->p;
    int r;

    while (is_reference(next_word(line)))
        skip(line, next_word(line));
    r = sds_load_references(load, start, (size_t)(line->p - start), row);
    return r < 0 ? r : sds_load_field(load, line->p, length(*line), false, &row->notes);
}

static int read_row(struct sds_load *load, struct line line, size_t number)
{
    struct sds_record row = {0};
    int r;

    if (!sds_load_is_text(line.p, length(line))) {
        sds_load_say(load, number, 0, "a row is not UTF-8 text, or too long");
        return 0;
    }
    r = read_name(load, &line, &row);
    if (r == 0)
        r = read_description(load, &line, &row);
    if (r == 0 && !row.description) {
        sds_load_say(load, number, 0, "a row has no description");
        return 0;
    }
    if (r == 0)
        r = read_persons(load, &line, &row);
    if (r == 0)
        r = read_dates(load, &line, &row);
    if (r == 0)
        r = read_rest(load, &line, &row);
    return r < 0 ? r : sds_load_add(load, row, false);
}

/* ---- contacts ---------------------------------------------------------------------------------*/

/* Such as "mailto:ann&example.com": a scheme (RFC 3986 3.1), and something behind its colon. */
static bool is_uri(struct line word)
{
    const char *p = word.p;

    if (p == word.end || !sds_is_letter(*p))
        return false;
    while (p < word.end &&
           (sds_is_letter(*p) || sds_is_digit(*p) || *p == '+' || *p == '.' || *p == '-'))
        p++;
    return p + 1 < word.end && *p == ':';
}

static bool is_letter(char c)
{
    return sds_is_letter(c) || sds_is_digit(c) || (uint8_t)c >= 0x80;
}

static void skip_marks(struct line *line)
{
    while (line->p < line->end && !is_letter(*line->p))
        line->p++;
}

/* An id is a name whose blanks and marks are other ones or none, numbered where others have it. */
static struct line without_number(struct line id)
{
    const char *end = id.end;

    while (end > id.p && sds_is_digit(end[-1]))
        end--;
    if (end < id.end && end > id.p && end[-1] == '_')
        id.end = end - 1;
    return id;
}

/* Where the words of an id end that a text begins with; NULL where it begins with other ones. */
static const char *end_of_id(struct line text, struct line id)
{
    for (skip_marks(&id); id.p < id.end; skip_marks(&id)) {
        skip_marks(&text);
        if (text.p == text.end || *text.p++ != *id.p++)
            return NULL;
    }
    while (text.p < text.end && *text.p != ' ') /* marks that end the word: "Ltd." */
        if (is_letter(*text.p++))
            return NULL;
    return text.p;
}

/**
 * What follows a person's name, whose words are those of the id: "Oven Works" in "J. Ann Ode Oven
 * Works" of [Ann_Ode]. It is nothing, and all of the text is the name, where the words are other
 * ones or none are left; where the id is a single word, which may be the first of an organization's
 * name; and where an abbreviation alone is left: "Oven Works d.o.o.", "Ann Ode Jr.".
 */
static struct line find_organization(struct line text, struct line id)
{
    const struct line none = {text.end, text.end};
    const char *end = NULL;

    id = without_number(id);
    skip_marks(&id);
    if (length(text) > NAME_BYTES_MAX || !memchr(id.p, '_', length(id)))
        return none;
    while (!end && text.p < text.end) {
        end = end_of_id(text, id);
        skip(&text, next_word(&text));
    }
    if (!end)
        return none;
    text.p = end;
    skip(&text, (struct line){end, end});
    if (text.p < text.end && text.end[-1] == '.' && next_word(&text).end == text.end)
        return none;
    return text;
}

/* Everything up to the first URI or date: the name, and the organization where it is sure. */
static int read_contact_name(struct sds_load *load, struct line *line, struct line id,
                             struct sds_person *person)
{
    struct line text = *line, organization;
    int r;

    while (line->p < line->end && !is_uri(next_word(line)) && !is_date(next_word(line)))
        skip(line, next_word(line));
    text.end = line->p;
    while (text.end > text.p && text.end[-1] == ' ')
        text.end--;
    organization = find_organization(text, id);
    r = sds_load_field(load, text.p, (size_t)(organization.p - text.p), true, &person->name);
    if (r == 0)
        r = sds_load_field(load, organization.p, length(organization), true, &person->organization);
    return r;
}

static int read_contact(struct sds_load *load, struct line line, size_t number)
{
    struct sds_person person = {0};
    struct line id = next_word(&line), word;
    const char *uris;
    int r;

    if (!sds_load_is_text(line.p, length(line))) {
        sds_load_say(load, number, 0, "a contact is not UTF-8 text, or too long");
        return 0;
    }
    if (!is_bracket(id)) {
        sds_load_say(load, number, 0, "a contact does not begin with an id in brackets");
        return 0;
    }
    skip(&line, id);
    id = (struct line){id.p + 1, id.end - 1};
    person.id = sds_arena_text(&load->table->arena, id.p, length(id));
    r = person.id ? read_contact_name(load, &line, id, &person) : -ENOMEM;
    uris = line.p;
    while (is_uri(next_word(&line)))
        skip(&line, next_word(&line));
    if (r == 0)
        r = sds_load_field(load, uris, (size_t)(line.p - uris), true, &person.uri);
    word = next_word(&line);
    if (is_date(word)) {
        if (r == 0)
            r = sds_load_field(load, word.p, length(word), true, &person.updated);
        skip(&line, word);
    }
    if (r == 0 && length(line)) {
        sds_load_say(load, number, 0, "a contact has text behind its URI or date");
        return 0;
    }
    return r < 0 ? r : sds_load_add_person(load, person);
}

/* ---- the file ---------------------------------------------------------------------------------*/

bool sds_is_excerpt(const char *bytes, size_t len)
{
    return memmem(bytes, len, headings, strlen(headings));
}

/* Cut a line off, without the blanks around it. */
static struct line take_line(const char **p, const char *end)
{
    const char *newline = memchr(*p, '\n', (size_t)(end - *p));
    struct line line = {*p, newline ? newline : end};

    *p = newline ? newline + 1 : end;
    while (line.p < line.end && (line.end[-1] == ' ' || line.end[-1] == '\r'))
        line.end--;
    while (line.p < line.end && *line.p == ' ')
        line.p++;
    return line;
}

int sds_load_excerpt(struct sds_load *load, const char *bytes, size_t len)
{
    const char *p = bytes, *end = bytes + len;
    bool in_rows = false, in_contacts = false;
    int r = 0;

    for (size_t number = 1; r == 0 && p < end; number++) {
        struct line line = take_line(&p, end);

        if (begins_with(line, headings))
            in_rows = true;
        else if (in_rows && begins_with(line, contact_headings))
            in_contacts = true;
        else if (in_contacts && length(line))
            r = read_contact(load, line, number);
        else if (in_rows && length(line))
            r = read_row(load, line, number);
        else if (!load->table->title && length(line) && sds_load_is_text(line.p, length(line)))
            r = sds_load_field(load, line.p, length(line), true, &load->table->title);
    }
    return r;
}
