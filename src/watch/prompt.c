/* SPDX-License-Identifier: MIT */
#include "watch/prompt.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>
#include <uniwidth.h>

#include "base/mem.h"
#include "base/text.h"

#define TEXT_MAX  1024 /* bytes */
#define OLDER_MAX 50   /* texts */

struct sds_prompt {
    char text[TEXT_MAX + 1];
    size_t len, cursor;       /* bytes */
    char *older[OLDER_MAX];   /* the latest last */
    size_t n_older, at;       /* at: which of them is shown; n_older: none, but what is typed */
    char typed[TEXT_MAX + 1]; /* while an older one is shown */
};

struct sds_prompt *sds_prompt_new(const char *text)
{
    struct sds_prompt *prompt = calloc(1, sizeof(*prompt));

    if (prompt)
        sds_prompt_set(prompt, text);
    return prompt;
}

struct sds_prompt *sds_prompt_free(struct sds_prompt *prompt)
{
    if (!prompt)
        return NULL;
    for (size_t i = 0; i < prompt->n_older; i++)
        free(prompt->older[i]);
    free(prompt);
    return NULL;
}

const char *sds_prompt_text(const struct sds_prompt *prompt)
{
    return prompt->text;
}

size_t sds_prompt_cursor(const struct sds_prompt *prompt)
{
    return prompt->cursor;
}

/* ---- characters --------------------------------------------------------------------------- */

/* Whether a character can be shown as it is: none that a terminal obeys or the eye cannot see. */
static bool is_typable(const char *utf8, size_t len)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(utf8, len);

    return safe && (*utf8 == '\\' || strcmp(safe, utf8) == 0);
}

static void insert(struct sds_prompt *prompt, const char *utf8, size_t len)
{
    char *at = prompt->text + prompt->cursor;

    if (len > TEXT_MAX - prompt->len)
        return;
    memmove(at + len, at, prompt->len - prompt->cursor + 1);
    memcpy(at, utf8, len);
    prompt->len += len;
    prompt->cursor += len;
}

void sds_prompt_type(struct sds_prompt *prompt, wchar_t c)
{
    char utf8[8] = "";
    int len = u8_uctomb((uint8_t *)utf8, (ucs4_t)c, sizeof(utf8) - 1);

    if (len > 0 && is_typable(utf8, (size_t)len))
        insert(prompt, utf8, (size_t)len);
}

/* Whether the character at a place belongs to the one before it: what combines, and the parts of
 * one emoji. */
static bool is_joined(const struct sds_prompt *prompt, size_t at)
{
    static const char zwj[] = "\u200d";
    size_t zwj_len = strlen(zwj);
    ucs4_t c;

    u8_strmbtouc(&c, (const uint8_t *)prompt->text + at);
    return uc_width(c, "UTF-8") == 0 ||
           (at >= zwj_len && memcmp(prompt->text + at - zwj_len, zwj, zwj_len) == 0);
}

/* Whether people see a character begin at a place. */
static bool is_border(const struct sds_prompt *prompt, size_t at)
{
    bool is_inside = ((unsigned char)prompt->text[at] & 0xc0) == 0x80;

    return at == 0 || at == prompt->len || (!is_inside && !is_joined(prompt, at));
}

static size_t before(const struct sds_prompt *prompt, size_t at)
{
    while (at > 0 && !is_border(prompt, --at))
        ;
    return at;
}

static size_t after(const struct sds_prompt *prompt, size_t at)
{
    while (at < prompt->len && !is_border(prompt, ++at))
        ;
    return at;
}

/* Where the word begins in which, or behind which, the cursor stands. */
static size_t word_before(const struct sds_prompt *prompt)
{
    size_t at = prompt->cursor;

    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

/* Take bytes away, and stand where they were. */
static void erase(struct sds_prompt *prompt, size_t begin, size_t end)
{
    memmove(prompt->text + begin, prompt->text + end, prompt->len - end + 1);
    prompt->len -= end - begin;
    prompt->cursor = begin;
}

/* ---- what was typed before ---------------------------------------------------------------- */

static void show(struct sds_prompt *prompt, const char *text)
{
    sds_text_copy(prompt->text, sizeof(prompt->text), text);
    prompt->len = prompt->cursor = strlen(prompt->text);
}

static void show_older(struct sds_prompt *prompt)
{
    if (prompt->at == 0)
        return;
    if (prompt->at == prompt->n_older)
        memcpy(prompt->typed, prompt->text, sizeof(prompt->typed));
    show(prompt, prompt->older[--prompt->at]);
}

static void show_newer(struct sds_prompt *prompt)
{
    if (prompt->at == prompt->n_older)
        return;
    prompt->at++;
    show(prompt, prompt->at < prompt->n_older ? prompt->older[prompt->at] : prompt->typed);
}

void sds_prompt_remember(struct sds_prompt *prompt)
{
    char *text;

    if (prompt->len > 0 &&
        (prompt->n_older == 0 || strcmp(prompt->older[prompt->n_older - 1], prompt->text) != 0)) {
        text = strdup(prompt->text);
        if (text && prompt->n_older == OLDER_MAX) {
            free(prompt->older[0]);
            memmove(prompt->older, prompt->older + 1, sizeof(prompt->older) - sizeof(text));
            prompt->n_older--;
        }
        if (text)
            prompt->older[prompt->n_older++] = text;
    }
    prompt->at = prompt->n_older;
}

void sds_prompt_set(struct sds_prompt *prompt, const char *text)
{
    show(prompt, "");
    prompt->at = prompt->n_older;
    for (const uint8_t *p = (const uint8_t *)text; *p;) {
        ucs4_t c;
        int n = u8_strmbtouc(&c, p);

        if (n > 0)
            sds_prompt_type(prompt, (wchar_t)c);
        p += n > 0 ? n : 1;
    }
}

/* ---- keys --------------------------------------------------------------------------------- */

void sds_prompt_press(struct sds_prompt *prompt, enum sds_prompt_key key)
{
    switch (key) {
    case SDS_PROMPT_LEFT:
        prompt->cursor = before(prompt, prompt->cursor);
        break;
    case SDS_PROMPT_RIGHT:
        prompt->cursor = after(prompt, prompt->cursor);
        break;
    case SDS_PROMPT_HOME:
        prompt->cursor = 0;
        break;
    case SDS_PROMPT_END:
        prompt->cursor = prompt->len;
        break;
    case SDS_PROMPT_BACKSPACE:
        erase(prompt, before(prompt, prompt->cursor), prompt->cursor);
        break;
    case SDS_PROMPT_DELETE:
        erase(prompt, prompt->cursor, after(prompt, prompt->cursor));
        break;
    case SDS_PROMPT_ERASE_WORD:
        erase(prompt, word_before(prompt), prompt->cursor);
        break;
    case SDS_PROMPT_ERASE_LINE:
        erase(prompt, 0, prompt->len);
        break;
    case SDS_PROMPT_OLDER:
        show_older(prompt);
        break;
    case SDS_PROMPT_NEWER:
        show_newer(prompt);
        break;
    }
}
