/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PROMPT_H
#define SDS_WATCH_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* A line that the user types, as UTF-8. */
struct sds_prompt;

/* @text  what stands there to begin with. NULL when out of memory. */
struct sds_prompt *sds_prompt_new(const char *text);
struct sds_prompt *sds_prompt_free(struct sds_prompt *prompt);

enum sds_prompt_key {
    SDS_PROMPT_LEFT,
    SDS_PROMPT_RIGHT,
    SDS_PROMPT_HOME, /* and ^A */
    SDS_PROMPT_END,  /* and ^E */
    SDS_PROMPT_BACKSPACE,
    SDS_PROMPT_DELETE,
    SDS_PROMPT_ERASE_WORD, /* ^W */
    SDS_PROMPT_ERASE_LINE, /* ^U */
    SDS_PROMPT_OLDER,      /* what was typed before: up */
    SDS_PROMPT_NEWER,
};

/* Insert a character where the cursor is; controls are ignored. */
void sds_prompt_type(struct sds_prompt *prompt, wchar_t c);
void sds_prompt_press(struct sds_prompt *prompt, enum sds_prompt_key key);

/* Borrowed until the next key. */
const char *sds_prompt_text(const struct sds_prompt *prompt);

/* Bytes before the cursor. */
size_t sds_prompt_cursor(const struct sds_prompt *prompt);

/* Keep the text among the older ones. */
void sds_prompt_remember(struct sds_prompt *prompt);
/* Begin anew with this text; older ones stay. */
void sds_prompt_set(struct sds_prompt *prompt, const char *text);

#endif
