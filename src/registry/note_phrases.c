/* SPDX-License-Identifier: MIT */
#include "registry/note_phrases.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define COUNT_MAX 4096 /* that prose may say */

static bool is_word_char(uint8_t c)
{
    return sds_is_letter(c) || sds_is_digit(c) || c == '#' || c >= 0x80;
}

static bool begins_word(uint8_t before, uint8_t c)
{
    bool is_upper = c >= 'A' && c <= 'Z', was_lower = before >= 'a' && before <= 'z';

    return (was_lower && is_upper) || (sds_is_digit(before) && sds_is_letter(c));
}

struct sds_plain sds_plain_words(struct sds_span text)
{
    struct sds_plain plain = {" "};
    size_t n = 1;

    for (size_t i = 0; i < text.len && n < SDS_PLAIN_MAX - 3; i++) {
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
static const char *find_words(const struct sds_plain *plain, const char *words)
{
    size_t n = strlen(words);

    for (const char *p = plain->text; (p = strstr(p, words)); p++)
        if (p[-1] == ' ' && p[n] == ' ')
            return p;
    return NULL;
}

bool sds_plain_says(const struct sds_plain *plain, const char *words)
{
    return find_words(plain, words);
}

bool sds_plain_is(const struct sds_plain *plain, const char *words)
{
    const char *at = find_words(plain, words);

    return at == plain->text + 1 && !at[strlen(words) + 1];
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
    {"vesion", SDS_FORM_VERSION, SDS_STRENGTH_IMPLIED, ANYWHERE},
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
    {"sring", SDS_FORM_TEXT, SDS_STRENGTH_STATED, WHOLE},
    {"text", SDS_FORM_TEXT, SDS_STRENGTH_STATED, WHOLE},
};

static bool fits(const struct sds_plain *plain, const struct phrase *phrase)
{
    const char *at = find_words(plain, phrase->words);
    size_t n = strlen(phrase->words);

    switch (phrase->place) {
    case WHOLE:
        return sds_plain_is(plain, phrase->words);
    case AT_START:
        return at == plain->text + 1;
    case AT_END:
        return at && !at[n + 1];
    default:
        return at;
    }
}

int sds_plain_count(const struct sds_plain *plain, const char *word)
{
    const char *at = find_words(plain, word), *digits;
    long count;

    if (!at || at - plain->text < 2)
        return -1;
    for (digits = at - 1; digits > plain->text && sds_is_digit(digits[-1]);)
        digits--;
    count = strtol(digits, NULL, 10);
    return sds_is_digit(*digits) && count <= COUNT_MAX ? (int)count : -1;
}

bool sds_plain_range(const struct sds_plain *plain, int64_t *min, int64_t *max)
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

bool sds_plain_form(const struct sds_plain *plain, struct sds_form *form)
{
    for (size_t i = 0; i < SDS_COUNT(phrases); i++) {
        if (fits(plain, &phrases[i])) {
            form->type = phrases[i].type;
            form->strength = phrases[i].strength;
            return true;
        }
    }
    return false;
}
