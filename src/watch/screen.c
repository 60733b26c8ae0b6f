/* SPDX-License-Identifier: MIT */

/* The whole of it: what happened goes in, frames come out, at most thirty a second, and none while
 * nothing changes. */

#include "watch/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "watch/age.h"
#include "watch/screen_impl.h"
#include "watch/term.h"

#define FRAME_MS   34 /* from one to the next */
#define MESSAGE_MS 6000
#define FOR_EVER   INT64_MAX /* until a key is pressed */

SDS_DEFINE_FREEP(struct sds_screen, sds_screen_free)

int64_t sds_screen_now_ms(const struct sds_screen *screen)
{
    return screen->config.host.now_ms(screen->config.host.userdata);
}

/* ---- frames ------------------------------------------------------------------------------- */

void sds_screen_redraw(struct sds_screen *screen)
{
    int64_t since_ms = sds_system_clock.mono_ms() - screen->drawn_ms;

    if (screen->is_due)
        return;
    screen->is_due = true;
    sds_timer_set(screen->frame, since_ms < FRAME_MS ? FRAME_MS - since_ms : 0);
}

void sds_screen_rearrange(struct sds_screen *screen)
{
    screen->needs_arranging = true;
    screen->needs_page = screen->needs_page || screen->page_kind == SDS_PAGE_DETAIL;
    sds_screen_redraw(screen);
}

/* The selected row is found again, or the one that took its place. */
static void arrange(struct sds_screen *screen)
{
    size_t at;

    if (sds_arrange(screen->rows, &screen->arrangement, &screen->lines) < 0) {
        screen->lines.n = screen->lines.n_rows = 0; /* they may name rows that are no more */
        sds_screen_warn(screen, strdup("out of memory: the list cannot be shown"));
    }
    screen->needs_arranging = false;
    sds_keep_find(screen);
    at = screen->has_moved && screen->selected ? sds_lines_find(&screen->lines, screen->selected)
                                               : SIZE_MAX;
    if (at == SIZE_MAX)
        at = screen->has_moved ? screen->list.at : 0;
    sds_control_select(screen, at);
}

static void place(struct sds_screen *screen)
{
    bool has_page = screen->page_kind != SDS_PAGE_NONE;
    int page_columns = screen->layout.page.columns;

    screen->layout = sds_layout_make(LINES, COLS, has_page, screen->has_log);
    if (screen->focus == SDS_FOCUS_LOG && !screen->layout.log.lines) /* the screen has shrunk */
        screen->focus = SDS_FOCUS_LIST;
    if (screen->focus == SDS_FOCUS_LIST && has_page && !screen->layout.list.lines)
        screen->focus = SDS_FOCUS_PAGE;
    screen->needs_page |= screen->layout.page.columns != page_columns;
}

void sds_screen_catch_up(struct sds_screen *screen)
{
    place(screen);
    if (screen->needs_arranging)
        arrange(screen);
    if (screen->focus == SDS_FOCUS_PAGE)
        sds_page_catch_up(screen);
}

static void draw(struct sds_screen *screen)
{
    erase();
    sds_list_draw(screen);
    sds_page_draw(screen);
    sds_log_draw(screen);
    sds_status_draw(screen);
    curs_set(screen->question != SDS_ASK_NOTHING);
    sds_keys_draw(screen);
    wnoutrefresh(stdscr);
    sds_term_update();
}

/* When what is seen will look different by itself, in the time that is told; INT64_MAX: never. */
static int64_t next_change_ms(const struct sds_screen *screen)
{
    int64_t gone_ms = sds_rows_first_gone_ms(screen->rows), next_ms = sds_list_next_ms(screen);
    int64_t lasts_ms = INT64_MAX;

    if (gone_ms != INT64_MAX) /* it is counted, though it may be out of sight */
        lasts_ms = gone_ms + SDS_AGE_GONE_MS - sds_screen_now_ms(screen);
    return lasts_ms < next_ms ? lasts_ms : next_ms;
}

/* What is seen now looks the same until then, unless something happens. */
static void plan_next(struct sds_screen *screen)
{
    double pace = screen->config.host.pace(screen->config.host.userdata);
    int64_t next_ms;

    if (screen->is_due)
        return;
    next_ms = screen->is_held || pace <= 0 ? INT64_MAX : next_change_ms(screen);

    if (next_ms != INT64_MAX)
        next_ms = (int64_t)((double)next_ms / pace) + 1;
    if (screen->message && screen->message_ms != FOR_EVER &&
        screen->message_ms - screen->drawn_ms < next_ms)
        next_ms = screen->message_ms - screen->drawn_ms;
    if (next_ms == INT64_MAX)
        return;
    sds_timer_set(screen->frame, next_ms < FRAME_MS ? FRAME_MS : next_ms);
}

static void forget(struct sds_screen *screen)
{
    int64_t now_ms = sds_screen_now_ms(screen);

    if (sds_hold_is_waiting(screen) ||
        sds_rows_first_gone_ms(screen->rows) > now_ms - SDS_AGE_GONE_MS)
        return;
    sds_rows_forget_gone(screen->rows, now_ms - SDS_AGE_GONE_MS + 1);
    screen->needs_arranging = true;
}

static void on_frame(void *userdata)
{
    struct sds_screen *screen = userdata;
    int64_t now_ms = sds_system_clock.mono_ms();

    screen->is_due = false;
    if (screen->message && now_ms >= screen->message_ms)
        free(SDS_TAKE(screen->message));
    forget(screen);
    sds_screen_catch_up(screen);
    draw(screen);
    screen->drawn_ms = now_ms;
    plan_next(screen);
}

void sds_screen_say(struct sds_screen *screen, char *message)
{
    free(screen->message);
    screen->message = message;
    screen->message_ms = sds_system_clock.mono_ms() + MESSAGE_MS;
    sds_screen_redraw(screen);
}

void sds_screen_warn(struct sds_screen *screen, char *message)
{
    sds_screen_say(screen, message);
    screen->message_ms = FOR_EVER;
}

/* ---- the terminal ------------------------------------------------------------------------- */

static void on_keyboard(void *userdata)
{
    struct sds_screen *screen = userdata;

    if (sds_term_is_gone(sds_control_read(screen)))
        screen->config.host.quit(screen->config.host.userdata);
}

static void on_signal(void *userdata)
{
    struct sds_screen *screen = userdata;
    struct signalfd_siginfo info;

    while (read(screen->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGTSTP)
            sds_term_suspend();
        else
            sds_term_resize(); /* also after SIGCONT: who knows what was drawn meanwhile */
    }
    screen->needs_page = true;
    sds_screen_redraw(screen);
}

static int watch_terminal(struct sds_screen *screen)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGWINCH);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    screen->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (screen->signal_fd < 0)
        return -errno;
    screen->signals = sds_watch_new(screen->config.loop, screen->signal_fd, on_signal, screen);
    screen->keyboard = sds_watch_new(screen->config.loop, STDIN_FILENO, on_keyboard, screen);
    screen->frame = sds_timer_new(screen->config.loop, on_frame, screen);
    return screen->signals && screen->keyboard && screen->frame ? 0 : -ENOMEM;
}

bool sds_screen_is_possible(void)
{
    return sds_term_is_possible();
}

static int make_parts(struct sds_screen *screen)
{
    screen->rows = sds_rows_new();
    screen->waiting = sds_rows_new();
    screen->log = sds_log_new();
    screen->waiting_log = sds_log_new();
    for (size_t i = SDS_ASK_FILTER; i < SDS_COUNT(screen->prompts); i++) {
        screen->prompts[i] = sds_prompt_new("");
        if (!screen->prompts[i])
            return -ENOMEM;
    }
    return screen->rows && screen->waiting && screen->log && screen->waiting_log ? 0 : -ENOMEM;
}

int sds_screen_open(const struct sds_screen_config *config, struct sds_screen **ret)
{
    SDS_CLEANUP(sds_screen_freep) struct sds_screen *screen = calloc(1, sizeof(*screen));
    int r;

    if (!screen)
        return -ENOMEM;
    screen->config = *config;
    screen->canvas.is_ascii = config->is_ascii;
    screen->signal_fd = -1;
    screen->has_log = true;
    screen->reset_ms = INT64_MIN;
    screen->arrangement.sort = SDS_CELL_INSTANCE;
    r = make_parts(screen);
    if (r == 0)
        r = watch_terminal(screen);
    if (r == 0)
        r = sds_term_begin(config->has_color, config->has_mouse);
    if (r < 0)
        return r;
    sds_paint_begin();
    sds_screen_rearrange(screen);
    *ret = SDS_TAKE(screen);
    return 0;
}

struct sds_screen *sds_screen_free(struct sds_screen *screen)
{
    if (!screen)
        return NULL;
    sds_term_end();
    sds_timer_free(screen->frame);
    sds_watch_free(screen->keyboard);
    sds_watch_free(screen->signals);
    if (screen->signal_fd >= 0)
        close(screen->signal_fd);
    for (size_t i = 0; i < SDS_COUNT(screen->prompts); i++)
        sds_prompt_free(screen->prompts[i]);
    sds_lines_done(&screen->lines);
    sds_filter_free(screen->filter);
    sds_page_free(screen->page);
    sds_log_free(screen->waiting_log);
    sds_log_free(screen->log);
    sds_rows_free(screen->waiting);
    sds_rows_free(screen->rows);
    sds_keep_done(screen);
    free(screen->former_filter);
    free(screen->message);
    free(screen->trouble);
    free(screen);
    return NULL;
}

/* ---- what happens ------------------------------------------------------------------------- */

static void take_state(struct sds_screen *screen, const struct sds_event *event)
{
    switch (event->kind) {
    case SDS_EVENT_SETTLED:
        screen->is_settled = true;
        break;
    case SDS_EVENT_LOST:
        free(screen->trouble);
        screen->trouble = strdup(event->message ? event->message : "");
        break;
    case SDS_EVENT_BACK:
        free(SDS_TAKE(screen->trouble));
        break;
    default:
        break;
    }
}

static int note(struct sds_screen *screen, const struct sds_event *event, bool is_waiting)
{
    const char *arrow = sds_canvas_sign(&screen->canvas, SDS_SIGN_ARROW);

    if (event->time_ms <= screen->reset_ms) /* the log has it */
        return 0;
    if (!sds_event_is_news(event))
        return 0;
    if (is_waiting)
        return sds_log_take(screen->waiting_log, event, arrow);
    sds_log_follow(screen, 1);
    return sds_log_take(screen->log, event, arrow);
}

int sds_screen_take(struct sds_screen *screen, const struct sds_event *event,
                    struct sds_result *result)
{
    bool is_waiting = sds_hold_is_waiting(screen);
    struct sds_row *row;
    int r = note(screen, event, is_waiting);

    take_state(screen, event);
    if (r == 0)
        r = is_waiting && event->service ? sds_hold_take(screen, event, result)
                                         : sds_rows_take(screen->rows, event, result, &row);
    if (is_waiting)
        sds_screen_redraw(screen);
    else
        sds_screen_rearrange(screen);
    return r;
}

void sds_screen_reset(struct sds_screen *screen, int64_t time_ms)
{
    size_t n_entries; /* that are cut off */

    sds_screen_catch_up(screen); /* so that what is selected is there yet */
    sds_keep_choice(screen);
    sds_rows_clear(screen->rows);
    n_entries = sds_log_n(screen->log);
    sds_log_cut(screen->log, time_ms);
    n_entries -= sds_log_n(screen->log);
    screen->log_at -= n_entries < screen->log_at ? n_entries : screen->log_at;
    screen->reset_ms = time_ms;
    screen->is_settled = false;
    free(SDS_TAKE(screen->trouble));
    sds_screen_rearrange(screen);
}
