/* SPDX-License-Identifier: MIT */

/* What the user types on the last line: a filter, which works while it is typed, or a file. */

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "watch/screen_impl.h"

static void use_filter(struct sds_screen *screen)
{
    const char *text = sds_prompt_text(screen->prompts[SDS_ASK_FILTER]);

    screen->filter = sds_filter_free(screen->filter);
    if (*text)
        screen->filter = sds_filter_new(text);
    screen->arrangement.filter = screen->filter;
    screen->list.at = 0; /* where the selected one does not pass, the first that does is selected */
    sds_screen_rearrange(screen);
}

void sds_ask(struct sds_screen *screen, enum sds_question question)
{
    screen->question = question;
    free(screen->former_filter);
    screen->former_filter = strdup(sds_prompt_text(screen->prompts[SDS_ASK_FILTER]));
    sds_screen_say(screen, NULL);
}

static void accept(struct sds_screen *screen)
{
    enum sds_question question = screen->question;
    struct sds_prompt *prompt = screen->prompts[question];
    const char *text = sds_prompt_text(prompt);

    screen->question = SDS_ASK_NOTHING;
    sds_prompt_remember(prompt);
    if (*text && question == SDS_ASK_EXPORT)
        sds_action_export(screen, text, false);
    if (*text && question == SDS_ASK_RECORD)
        sds_action_record(screen, text);
    sds_screen_redraw(screen);
}

static void cancel(struct sds_screen *screen)
{
    enum sds_question question = screen->question;

    screen->question = SDS_ASK_NOTHING;
    if (question == SDS_ASK_FILTER) {
        sds_prompt_set(screen->prompts[question],
                       screen->former_filter ? screen->former_filter : "");
        use_filter(screen);
    }
    sds_screen_redraw(screen);
}

/* The key of the prompt, or -1. */
static int prompt_key(bool is_code, wint_t key)
{
    static const struct {
        wint_t code, control;
        enum sds_prompt_key key;
    } keys[] = {
        {KEY_LEFT, 'B' & 0x1F, SDS_PROMPT_LEFT},     {KEY_RIGHT, 'F' & 0x1F, SDS_PROMPT_RIGHT},
        {KEY_HOME, 'A' & 0x1F, SDS_PROMPT_HOME},     {KEY_END, 'E' & 0x1F, SDS_PROMPT_END},
        {KEY_BACKSPACE, 0x7F, SDS_PROMPT_BACKSPACE}, {KEY_BACKSPACE, '\b', SDS_PROMPT_BACKSPACE},
        {KEY_DC, 'D' & 0x1F, SDS_PROMPT_DELETE},     {0, 'W' & 0x1F, SDS_PROMPT_ERASE_WORD},
        {0, 'U' & 0x1F, SDS_PROMPT_ERASE_LINE},      {KEY_UP, 'P' & 0x1F, SDS_PROMPT_OLDER},
        {KEY_DOWN, 'N' & 0x1F, SDS_PROMPT_NEWER},
    };

    for (size_t i = 0; i < SDS_COUNT(keys); i++)
        if (key == (is_code ? keys[i].code : keys[i].control))
            return (int)keys[i].key;
    return -1;
}

/* Yes is one key, and no is any other. */
static void press_yes_or_no(struct sds_screen *screen, bool is_yes)
{
    screen->question = SDS_ASK_NOTHING;
    if (is_yes)
        sds_action_export(screen, sds_prompt_text(screen->prompts[SDS_ASK_EXPORT]), true);
    else
        sds_screen_say(screen, strdup("nothing is written"));
}

void sds_ask_press(struct sds_screen *screen, bool is_code, wint_t key)
{
    struct sds_prompt *prompt;
    int known = prompt_key(is_code, key);

    if (screen->question == SDS_ASK_REPLACE) {
        press_yes_or_no(screen, !is_code && (key == 'y' || key == 'Y'));
        return;
    }
    prompt = screen->prompts[screen->question];
    if ((is_code && key == KEY_ENTER) || (!is_code && (key == '\r' || key == '\n'))) {
        accept(screen);
        return;
    }
    if (!is_code && key == 0x1B) {
        cancel(screen);
        return;
    }
    if (known >= 0)
        sds_prompt_press(prompt, (enum sds_prompt_key)known);
    else if (!is_code)
        sds_prompt_type(prompt, (wchar_t)key);
    if (screen->question == SDS_ASK_FILTER)
        use_filter(screen);
    sds_screen_redraw(screen);
}
