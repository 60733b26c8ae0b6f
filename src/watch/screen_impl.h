/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_SCREEN_IMPL_H
#define SDS_WATCH_SCREEN_IMPL_H

#include "base/arr.h"
#include "watch/arrange.h"
#include "watch/canvas.h"
#include "watch/keys.h"
#include "watch/layout.h"
#include "watch/log.h"
#include "watch/page.h"
#include "watch/prompt.h"
#include "watch/row.h"
#include "watch/screen.h"

/* Who has the keys. */
enum sds_focus { SDS_FOCUS_LIST, SDS_FOCUS_PAGE, SDS_FOCUS_LOG };

/* What the page shows. */
enum sds_page_kind { SDS_PAGE_NONE, SDS_PAGE_DETAIL, SDS_PAGE_RULE, SDS_PAGE_KEYS };

/* What the user is asked for. */
enum sds_question {
    SDS_ASK_NOTHING,
    SDS_ASK_FILTER,
    SDS_ASK_EXPORT,
    SDS_ASK_RECORD,
    SDS_ASK_REPLACE
};

/* Lines that scroll: which is selected, and which is the first to be seen. */
struct sds_scroll {
    size_t at, top;
};

struct sds_screen {
    struct sds_screen_config config;
    struct sds_canvas canvas;
    struct sds_layout layout;

    struct sds_rows *rows, *waiting; /* what happens while the screen is held */
    struct sds_log *log, *waiting_log;
    int64_t reset_ms; /* a recording went back to here: what was before is in the log */
    size_t n_waiting;

    struct sds_arrangement arrangement;
    struct sds_filter *filter;
    struct sds_lines lines;
    struct sds_scroll list;
    struct sds_row *selected;   /* NULL: none */
    bool has_moved;             /* the user chose the selected row */
    struct sds_service *wanted; /* that was selected when a recording went back; NULL: none */
    SDS_ARR(struct sds_service *) marked; /* likewise */

    enum sds_focus focus, focus_under; /* the latter before there was a page */
    enum sds_page_kind page_kind, page_under; /* a rule stands over the details */
    struct sds_page *page;
    struct sds_scroll page_scroll, scroll_under;
    const struct sds_rule *rule;
    bool has_log;
    size_t log_at;   /* the selected entry: how many came after it */
    size_t log_back; /* how many came after the last one that is seen */

    enum sds_question question;
    struct sds_prompt *prompts[SDS_ASK_RECORD + 1];
    char *former_filter; /* while another is typed: the text of the one before; NULL: none */
    char *message;       /* for the user; NULL: none */
    int64_t message_ms;  /* until when, by the clock that never goes back */

    bool is_held, is_recording, is_settled;
    bool has_record_ended; /* by itself; until another is asked for */
    char *trouble;         /* why the source is lost; NULL: it is not */

    struct sds_timer *frame;
    struct sds_watch *keyboard, *signals;
    int signal_fd;
    int64_t drawn_ms; /* the last frame, by the clock that never goes back */
    bool is_due;      /* a frame will come soon */
    bool needs_arranging, needs_page;
};

/* ---- screen.c ---- */

/* Draw soon; what has changed decides how much work that is. */
void sds_screen_redraw(struct sds_screen *screen);
void sds_screen_rearrange(struct sds_screen *screen);

/* Lay out the rows as they are now: lines and the selected row are of some while ago, and rows that
 * they name may be no more. */
void sds_screen_catch_up(struct sds_screen *screen);

/* Say something on the last line for a while; malloc'ed text, which is taken; NULL: nothing. */
void sds_screen_say(struct sds_screen *screen, char *message);

/* The same until the next key, for the user may be away. */
void sds_screen_warn(struct sds_screen *screen, char *message);

int64_t sds_screen_now_ms(const struct sds_screen *screen);

/* ---- panes: each draws into its box of the layout ---- */

void sds_list_draw(struct sds_screen *screen);
/* The letter that stands before a service for its worst finding. */
char sds_severity_sign(enum sds_severity severity);
/* When an age or a glow in the list will look different; INT64_MAX: never. */
int64_t sds_list_next_ms(const struct sds_screen *screen);
/* The line of the list at a place of the screen; SIZE_MAX: none. */
size_t sds_list_line_at(const struct sds_screen *screen, int y, int x);
/* The column whose head stands there; -1: none. */
int sds_list_head_at(const struct sds_screen *screen, int y, int x);

void sds_log_draw(struct sds_screen *screen);
/* What came late goes below what is looked at, which stays where it is. */
void sds_log_follow(struct sds_screen *screen, size_t n_new);
/* The entry that is selected; NULL where there is none. */
const struct sds_log_entry *sds_log_selected(const struct sds_screen *screen);
/* How many entries came after the one at a line of the screen; SIZE_MAX: none is there. */
size_t sds_log_line_at(const struct sds_screen *screen, int y, int x);
void sds_page_draw(struct sds_screen *screen);
/* What the page shows is made anew, where that is due. */
void sds_page_catch_up(struct sds_screen *screen);
void sds_status_draw(struct sds_screen *screen);
void sds_keys_draw(struct sds_screen *screen);

/* Keep what is selected, or what is nearest to it, in sight of @n_seen lines. */
void sds_scroll_follow(struct sds_scroll *scroll, size_t n, size_t n_seen);

/* ---- control.c ---- */

/* All keys that were pressed. Returns whether there were any. */
bool sds_control_read(struct sds_screen *screen);
void sds_control_do(struct sds_screen *screen, enum sds_action action);

/* The list moved to a line: its row is the selected one. */
void sds_control_select(struct sds_screen *screen, size_t line);
void sds_control_open(struct sds_screen *screen, enum sds_page_kind kind);
void sds_control_close(struct sds_screen *screen);

/* ---- ask.c ---- */

void sds_ask(struct sds_screen *screen, enum sds_question question);
/* A key while something is asked; @is_code: of curses, else a character. */
void sds_ask_press(struct sds_screen *screen, bool is_code, wint_t key);

/* ---- keep.c ---- */

/* Keep what is selected and marked; after that, rows may go. */
void sds_keep_choice(struct sds_screen *screen);
/* Select and mark it again, as far as it is there. */
void sds_keep_find(struct sds_screen *screen);
void sds_keep_done(struct sds_screen *screen);

/* ---- hold.c ---- */

void sds_hold(struct sds_screen *screen, bool is_held);

/* Whether what happens has to wait; a recording is held by letting nothing happen. */
bool sds_hold_is_waiting(const struct sds_screen *screen);

/* Take in what happens to a service meanwhile, as sds_rows_take() does. */
int sds_hold_take(struct sds_screen *screen, const struct sds_event *event,
                  struct sds_result *result);

/* ---- action.c ---- */

void sds_action_copy(struct sds_screen *screen);
/* Where a file is there already and may not be replaced, the user is asked. */
void sds_action_export(struct sds_screen *screen, const char *path, bool may_replace);
void sds_action_record(struct sds_screen *screen, const char *path);

#endif
