/* SPDX-License-Identifier: MIT */

/* Keys and mouse, and what each does. */

#include <curses.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/subject.h"
#include "watch/screen_impl.h"

#define JUMP_MS      60000
#define WHEEL_LINES  3
#define MOUSE_EVENTS 8 /* that curses keeps */

/* ---- words of keys ------------------------------------------------------------------------ */

#define WORD_SIZE 8

static const char *word_of_code(wint_t key)
{
    static const struct {
        wint_t key;
        const char *word;
    } words[] = {
        {KEY_UP, "Up"},       {KEY_DOWN, "Down"},     {KEY_LEFT, "Left"}, {KEY_RIGHT, "Right"},
        {KEY_PPAGE, "PgUp"},  {KEY_NPAGE, "PgDn"},    {KEY_HOME, "Home"}, {KEY_END, "End"},
        {KEY_ENTER, "Enter"}, {KEY_BACKSPACE, "Esc"}, {KEY_F(1), "F1"},   {KEY_F(10), "F10"},
    };

    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (words[i].key == key)
            return words[i].word;
    return "";
}

/* "j", "^L", "Esc" ...: the word by which the table calls a key, into WORD_SIZE bytes. */
static const char *word_of_character(wint_t key, char *ret)
{
    static const struct {
        wint_t key;
        const char *word;
    } words[] = {
        {'\r', "Enter"}, {'\n', "Enter"}, {'\t', "Tab"}, {' ', "Space"}, {0x1B, "Esc"},
    };

    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (words[i].key == key)
            return words[i].word;
    if (key < ' ')
        snprintf(ret, WORD_SIZE, "^%c", (char)(key + '@'));
    else if (snprintf(ret, WORD_SIZE, "%lc", key) < 0)
        return ""; /* no character at all */
    return ret;
}

/* ---- moving ------------------------------------------------------------------------------- */

static size_t n_seen(const struct sds_box *box)
{
    return box->lines > 2 ? (size_t)box->lines - 1 : 1;
}

static const struct sds_row *row_at(const struct sds_screen *screen, size_t line)
{
    return line < screen->lines.n ? screen->lines.v[line].row : NULL;
}

void sds_control_select(struct sds_screen *screen, size_t line)
{
    size_t n = screen->lines.n;
    struct sds_row *row;

    if (line >= n)
        line = n ? n - 1 : 0;
    if (n && !row_at(screen, line)) /* the head of a group: its first row follows */
        line++;
    row = line < n ? screen->lines.v[line].row : NULL;
    if (row != screen->selected && screen->page_kind == SDS_PAGE_DETAIL) {
        screen->needs_page = true;
        screen->page_scroll = (struct sds_scroll){0, 0};
    }
    screen->selected = row;
    screen->list.at = line;
    if (line == 1 && screen->list.top == 1)
        screen->list.top = 0; /* the first head comes into sight, too */
}

/* The user points at a line. */
static void choose(struct sds_screen *screen, size_t line)
{
    screen->has_moved = true;
    screen->wanted = sds_service_free(screen->wanted);
    sds_control_select(screen, line);
}

static size_t moved(size_t at, size_t n, long by)
{
    if (at >= n)
        at = n ? n - 1 : 0;
    if (by < 0)
        return at > (size_t)-by ? at - (size_t)-by : 0;
    return n - at > (size_t)by ? at + (size_t)by : (n ? n - 1 : 0);
}

static void move_list(struct sds_screen *screen, long by)
{
    size_t to = moved(screen->list.at, screen->lines.n, by);

    if (by < 0 && to > 0 && to < screen->lines.n && !row_at(screen, to))
        to--; /* over the head of a group */
    choose(screen, to);
}

/* Details have a line to point at; other pages only scroll. */
static void move_page(struct sds_screen *screen, long by)
{
    size_t n = screen->page ? sds_page_n_lines(screen->page) : 0;
    size_t seen = n_seen(&screen->layout.page);
    struct sds_scroll *scroll = &screen->page_scroll;

    if (screen->page_kind == SDS_PAGE_DETAIL) {
        scroll->at = moved(scroll->at, n, by);
        return;
    }
    scroll->top = moved(scroll->top, n > seen ? n - seen + 1 : 1, by);
    scroll->at = scroll->top;
}

/* What is seen moves with the line that is pointed at, so that nothing is seen twice. */
static void turn_page(struct sds_screen *screen, long by)
{
    size_t n = screen->page ? sds_page_n_lines(screen->page) : 0;

    if (screen->page_kind == SDS_PAGE_DETAIL)
        screen->page_scroll.top = moved(screen->page_scroll.top, n, by);
    move_page(screen, by);
}

static void move_log(struct sds_screen *screen, long by)
{
    screen->log_at = moved(screen->log_at, sds_log_n(screen->log), -by);
}

static void move_by(struct sds_screen *screen, long lines)
{
    switch (screen->focus) {
    case SDS_FOCUS_LIST:
        move_list(screen, lines);
        break;
    case SDS_FOCUS_PAGE:
        move_page(screen, lines);
        break;
    case SDS_FOCUS_LOG:
        move_log(screen, lines);
        break;
    }
    sds_screen_redraw(screen);
}

/* @halves  of a page; negative: up */
static void move_pages(struct sds_screen *screen, long halves)
{
    const struct sds_box *boxes[] = {
        [SDS_FOCUS_LIST] = &screen->layout.list,
        [SDS_FOCUS_PAGE] = &screen->layout.page,
        [SDS_FOCUS_LOG] = &screen->layout.log,
    };
    long seen = (long)n_seen(boxes[screen->focus]), lines = halves * seen / 2;

    if (lines == 0)
        lines = halves;
    if (screen->focus == SDS_FOCUS_PAGE)
        turn_page(screen, lines);
    else
        move_by(screen, lines);
    sds_screen_redraw(screen);
}

#define ALL_LINES 1000000000L

/* ---- from finding to finding -------------------------------------------------------------- */

/* The next line that @has, from @at on; SIZE_MAX: none. */
static size_t seek(const struct sds_screen *screen, size_t at, size_t n, int by,
                   bool (*has)(const struct sds_screen *screen, size_t line))
{
    while (by < 0 ? at > 0 : at + 1 < n) {
        at += (size_t)by;
        if (has(screen, at))
            return at;
    }
    return SIZE_MAX;
}

static bool has_fault(const struct sds_screen *screen, size_t line)
{
    const struct sds_row *row = row_at(screen, line);

    return row && row->worst != SDS_SEV_OFF;
}

/* A finding may have several lines: the first counts. */
static bool begins_finding(const struct sds_screen *screen, size_t line)
{
    const struct sds_rule *rule = sds_page_line_at(screen->page, line)->rule;

    return rule && (line == 0 || sds_page_line_at(screen->page, line - 1)->rule != rule);
}

static void move_to_fault(struct sds_screen *screen, int by)
{
    bool is_in_page =
        screen->page_kind == SDS_PAGE_DETAIL && screen->focus == SDS_FOCUS_PAGE && screen->page;
    size_t to = is_in_page ? seek(screen, screen->page_scroll.at, sds_page_n_lines(screen->page),
                                  by, begins_finding)
                           : seek(screen, screen->list.at, screen->lines.n, by, has_fault);

    if (to == SIZE_MAX) {
        sds_screen_say(screen, sds_text_format("no finding %s", by < 0 ? "before" : "after"));
        return;
    }
    if (is_in_page) {
        screen->page_scroll.at = to;
    } else {
        choose(screen, to);
    }
    sds_screen_redraw(screen);
}

/* ---- panes -------------------------------------------------------------------------------- */

void sds_control_open(struct sds_screen *screen, enum sds_page_kind kind)
{
    if (screen->page_kind == SDS_PAGE_NONE)
        screen->focus_under = screen->focus;
    if (screen->page_kind == SDS_PAGE_NONE || screen->page_kind == SDS_PAGE_DETAIL) {
        screen->page_under = screen->page_kind; /* of several over it, the last one stands alone */
        screen->scroll_under = screen->page_scroll;
    }
    screen->has_moved |= kind == SDS_PAGE_DETAIL; /* who reads about a service has chosen it */
    screen->page_kind = kind;
    screen->page_scroll = (struct sds_scroll){0, 0};
    screen->needs_page = true;
    screen->focus = SDS_FOCUS_PAGE;
    sds_screen_redraw(screen);
}

void sds_control_close(struct sds_screen *screen)
{
    screen->page_kind = screen->page_kind == SDS_PAGE_DETAIL ? SDS_PAGE_NONE : screen->page_under;
    screen->page_scroll = screen->scroll_under;
    screen->needs_page = true;
    if (screen->page_kind == SDS_PAGE_NONE)
        screen->focus = screen->focus_under;
    sds_screen_redraw(screen);
}

static void drop_filter(struct sds_screen *screen)
{
    sds_prompt_set(screen->prompts[SDS_ASK_FILTER], "");
    screen->filter = sds_filter_free(screen->filter);
    screen->arrangement.filter = NULL;
    screen->arrangement.faults_only = false;
    sds_screen_rearrange(screen);
}

static bool is_in_list(const struct sds_screen *screen)
{
    return screen->page_kind == SDS_PAGE_NONE && screen->focus == SDS_FOCUS_LIST;
}

static void leave(struct sds_screen *screen)
{
    if (screen->page_kind != SDS_PAGE_NONE)
        sds_control_close(screen);
    else
        screen->focus = SDS_FOCUS_LIST;
    sds_screen_redraw(screen);
}

static void go_back(struct sds_screen *screen)
{
    if (!is_in_list(screen))
        leave(screen);
    else if (screen->filter || screen->arrangement.faults_only)
        drop_filter(screen);
}

/* Keys that change the list bring it back where a page stands in its place. */
static void show_list(struct sds_screen *screen)
{
    while (screen->page_kind != SDS_PAGE_NONE && screen->layout.list.lines < 1)
        sds_control_close(screen);
}

static void next_pane(struct sds_screen *screen)
{
    const struct sds_box *boxes[] = {
        [SDS_FOCUS_LIST] = &screen->layout.list,
        [SDS_FOCUS_PAGE] = &screen->layout.page,
        [SDS_FOCUS_LOG] = &screen->layout.log,
    };
    enum sds_focus focus = screen->focus;

    do
        focus = (focus + 1) % SDS_COUNT(boxes);
    while (boxes[focus]->lines < 1 && focus != screen->focus);
    screen->focus = focus;
    sds_screen_redraw(screen);
}

static void explain(struct sds_screen *screen)
{
    const struct sds_finding *worst = NULL;
    const struct sds_page_line *line = NULL;

    if (screen->focus == SDS_FOCUS_PAGE && screen->page_kind == SDS_PAGE_RULE)
        return;
    if (screen->focus == SDS_FOCUS_PAGE && screen->page_kind == SDS_PAGE_DETAIL && screen->page &&
        screen->page_scroll.at < sds_page_n_lines(screen->page))
        line = sds_page_line_at(screen->page, screen->page_scroll.at);
    if (screen->selected && screen->selected->is_checked)
        worst = sds_worst_finding(&screen->selected->result);
    if (line && line->rule)
        screen->rule = line->rule;
    else if (worst)
        screen->rule = worst->rule;
    else {
        sds_screen_say(screen, strdup("no rule has anything against this service"));
        return;
    }
    sds_control_open(screen, SDS_PAGE_RULE);
}

/* ---- the list ----------------------------------------------------------------------------- */

static void sort_by(struct sds_screen *screen, enum sds_cell cell)
{
    screen->arrangement.is_descending =
        cell == screen->arrangement.sort && !screen->arrangement.is_descending;
    screen->arrangement.sort = cell;
    sds_screen_rearrange(screen);
}

/* Columns in the order in which they stand on the screen, those that are not shown left out. */
static void sort_by_next(struct sds_screen *screen)
{
    struct sds_list_columns columns = sds_layout_columns(screen->layout.list.columns);
    int from = columns.x[screen->arrangement.sort], next = -1, first = -1;

    show_list(screen);
    for (int cell = 0; cell < SDS_CELL__COUNT; cell++) {
        if (!columns.width[cell])
            continue;
        if (first < 0 || columns.x[cell] < columns.x[first])
            first = cell;
        if (columns.x[cell] > from && (next < 0 || columns.x[cell] < columns.x[next]))
            next = cell;
    }
    if (first >= 0)
        sort_by(screen, (enum sds_cell)(next < 0 ? first : next));
}

static void mark(struct sds_screen *screen)
{
    if (!screen->selected)
        return;
    screen->selected->is_marked = !screen->selected->is_marked;
    move_list(screen, 1);
    sds_screen_rearrange(screen);
}

static void forget(struct sds_screen *screen)
{
    if (!sds_rows_forget_gone(screen->rows, INT64_MAX))
        sds_screen_say(screen, strdup("nothing is gone"));
    sds_screen_rearrange(screen);
}

/* ---- time --------------------------------------------------------------------------------- */

static void travel(struct sds_screen *screen, int n_events, int64_t distance_ms)
{
    const struct sds_screen_host *host = &screen->config.host;
    int r;

    if (!host->step) {
        sds_screen_say(screen,
                       strdup("only a recording can be wound: r makes one, --source shows it"));
        return;
    }
    sds_hold(screen, true);
    r = n_events ? host->step(host->userdata, n_events) : host->travel(host->userdata, distance_ms);
    if (r < 0)
        sds_screen_say(screen, sds_text_format("cannot wind the recording: %s", strerror(-r)));
    sds_screen_rearrange(screen);
}

/* ---- actions ------------------------------------------------------------------------------ */

static void line_up(struct sds_screen *screen)
{
    move_by(screen, -1);
}

static void line_down(struct sds_screen *screen)
{
    move_by(screen, 1);
}

static void page_up(struct sds_screen *screen)
{
    move_pages(screen, -2);
}

static void page_down(struct sds_screen *screen)
{
    move_pages(screen, 2);
}

static void half_up(struct sds_screen *screen)
{
    move_pages(screen, -1);
}

static void half_down(struct sds_screen *screen)
{
    move_pages(screen, 1);
}

static void next_fault(struct sds_screen *screen)
{
    move_to_fault(screen, 1);
}

static void last_fault(struct sds_screen *screen)
{
    move_to_fault(screen, -1);
}

static void to_first(struct sds_screen *screen)
{
    move_by(screen, -ALL_LINES);
}

static void to_last(struct sds_screen *screen)
{
    move_by(screen, ALL_LINES);
}

/* The details of the service that an event is of. */
static void open_event(struct sds_screen *screen)
{
    const struct sds_log_entry *entry = sds_log_selected(screen);
    struct sds_row *row =
        entry && entry->service ? sds_rows_find(screen->rows, entry->service) : NULL;
    size_t line = sds_lines_find(&screen->lines, row);

    if (!entry || !entry->service) {
        sds_screen_say(screen, strdup("this event is of no service"));
    } else if (!row) {
        sds_screen_say(screen, strdup("the service is gone, and forgotten"));
    } else if (line == SIZE_MAX) {
        sds_screen_say(screen, strdup("the filter leaves this service out"));
    } else {
        choose(screen, line);
        sds_control_open(screen, SDS_PAGE_DETAIL);
    }
}

static void go_into(struct sds_screen *screen)
{
    if (screen->focus == SDS_FOCUS_LOG)
        open_event(screen);
    else if (screen->page_kind != SDS_PAGE_NONE)
        screen->focus = SDS_FOCUS_PAGE;
    else if (screen->selected)
        sds_control_open(screen, SDS_PAGE_DETAIL);
    sds_screen_redraw(screen);
}

static void ask_filter(struct sds_screen *screen)
{
    show_list(screen);
    sds_ask(screen, SDS_ASK_FILTER);
}

static void turn_order(struct sds_screen *screen)
{
    show_list(screen);
    sort_by(screen, screen->arrangement.sort);
}

static void group_by_next(struct sds_screen *screen)
{
    struct sds_arrangement *arrangement = &screen->arrangement;

    show_list(screen);
    arrangement->grouping = (arrangement->grouping + 1) % SDS_GROUPING__COUNT;
    sds_screen_say(
        screen, arrangement->grouping == SDS_GROUPING_NONE
                    ? strdup("not grouped")
                    : sds_text_format("grouped by %s", sds_grouping_name(arrangement->grouping)));
    sds_screen_rearrange(screen);
}

static void toggle_faults(struct sds_screen *screen)
{
    show_list(screen);
    screen->arrangement.faults_only = !screen->arrangement.faults_only;
    sds_screen_rearrange(screen);
}

static void toggle_log(struct sds_screen *screen)
{
    screen->has_log = !screen->has_log;
    if (screen->focus == SDS_FOCUS_LOG)
        screen->focus = SDS_FOCUS_LIST;
    sds_screen_redraw(screen);
}

static void toggle_hold(struct sds_screen *screen)
{
    sds_hold(screen, !screen->is_held);
}

static void ask_export(struct sds_screen *screen)
{
    sds_ask(screen, SDS_ASK_EXPORT);
}

static void toggle_record(struct sds_screen *screen)
{
    if (screen->is_recording)
        sds_action_record(screen, NULL);
    else
        sds_ask(screen, SDS_ASK_RECORD);
}

static void draw_anew(struct sds_screen *screen)
{
    clearok(curscr, TRUE);
    sds_screen_redraw(screen);
}

static void step_back(struct sds_screen *screen)
{
    travel(screen, -1, 0);
}

static void step_on(struct sds_screen *screen)
{
    travel(screen, 1, 0);
}

static void jump_back(struct sds_screen *screen)
{
    travel(screen, 0, -JUMP_MS);
}

static void jump_on(struct sds_screen *screen)
{
    travel(screen, 0, JUMP_MS);
}

static void toggle_keys(struct sds_screen *screen)
{
    if (screen->page_kind == SDS_PAGE_KEYS)
        sds_control_close(screen);
    else
        sds_control_open(screen, SDS_PAGE_KEYS);
}

static void quit(struct sds_screen *screen)
{
    screen->config.host.quit(screen->config.host.userdata);
}

void sds_control_do(struct sds_screen *screen, enum sds_action action)
{
    static void (*const actions[SDS_ACTION__COUNT])(struct sds_screen *) = {
        [SDS_ACTION_UP] = line_up,
        [SDS_ACTION_DOWN] = line_down,
        [SDS_ACTION_LEFT] = leave,
        [SDS_ACTION_RIGHT] = go_into,
        [SDS_ACTION_PAGE_UP] = page_up,
        [SDS_ACTION_PAGE_DOWN] = page_down,
        [SDS_ACTION_HALF_UP] = half_up,
        [SDS_ACTION_HALF_DOWN] = half_down,
        [SDS_ACTION_NEXT_FAULT] = next_fault,
        [SDS_ACTION_LAST_FAULT] = last_fault,
        [SDS_ACTION_HOME] = to_first,
        [SDS_ACTION_END] = to_last,
        [SDS_ACTION_DETAIL] = go_into,
        [SDS_ACTION_BACK] = go_back,
        [SDS_ACTION_NEXT_PANE] = next_pane,
        [SDS_ACTION_FILTER] = ask_filter,
        [SDS_ACTION_SORT] = sort_by_next,
        [SDS_ACTION_REVERSE] = turn_order,
        [SDS_ACTION_GROUP] = group_by_next,
        [SDS_ACTION_FAULTS] = toggle_faults,
        [SDS_ACTION_EXPLAIN] = explain,
        [SDS_ACTION_EVENTS] = toggle_log,
        [SDS_ACTION_PAUSE] = toggle_hold,
        [SDS_ACTION_MARK] = mark,
        [SDS_ACTION_FORGET] = forget,
        [SDS_ACTION_COPY] = sds_action_copy,
        [SDS_ACTION_EXPORT] = ask_export,
        [SDS_ACTION_RECORD] = toggle_record,
        [SDS_ACTION_REDRAW] = draw_anew,
        [SDS_ACTION_STEP_BACK] = step_back,
        [SDS_ACTION_STEP] = step_on,
        [SDS_ACTION_JUMP_BACK] = jump_back,
        [SDS_ACTION_JUMP] = jump_on,
        [SDS_ACTION_HELP] = toggle_keys,
        [SDS_ACTION_QUIT] = quit,
    };

    actions[action](screen);
}

/* ---- the mouse ---------------------------------------------------------------------------- */

/* @at  as in sds_screen.log_at; SIZE_MAX: at none */
static void point_at_event(struct sds_screen *screen, size_t at)
{
    bool is_again = screen->focus == SDS_FOCUS_LOG && screen->log_at == at;

    screen->focus = SDS_FOCUS_LOG;
    if (at != SIZE_MAX)
        screen->log_at = at;
    if (is_again)
        sds_control_do(screen, SDS_ACTION_DETAIL);
}

static void point(struct sds_screen *screen, int y, int x)
{
    size_t line = sds_list_line_at(screen, y, x);
    int head = sds_list_head_at(screen, y, x);

    if (head >= 0) {
        sort_by(screen, (enum sds_cell)head);
    } else if (line != SIZE_MAX && row_at(screen, line)) {
        bool is_again = row_at(screen, line) == screen->selected && screen->has_moved;

        screen->focus = SDS_FOCUS_LIST;
        choose(screen, line);
        if (is_again)
            sds_control_do(screen, SDS_ACTION_DETAIL);
    } else if (sds_box_holds(&screen->layout.page, y, x)) {
        screen->focus = SDS_FOCUS_PAGE;
        if (y > screen->layout.page.y)
            screen->page_scroll.at =
                screen->page_scroll.top + (size_t)(y - screen->layout.page.y - 1);
    } else if (sds_box_holds(&screen->layout.log, y, x)) {
        point_at_event(screen, sds_log_line_at(screen, y, x));
    }
    sds_screen_redraw(screen);
}

/* The wheel turns what is under it, whoever has the keys. */
static void turn(struct sds_screen *screen, int y, int x, long lines)
{
    enum sds_focus focus = screen->focus;

    if (sds_box_holds(&screen->layout.page, y, x))
        screen->focus = SDS_FOCUS_PAGE;
    else if (sds_box_holds(&screen->layout.log, y, x))
        screen->focus = SDS_FOCUS_LOG;
    else
        screen->focus = SDS_FOCUS_LIST;
    move_by(screen, lines);
    screen->focus = focus;
}

static void take_mouse_event(struct sds_screen *screen, const MEVENT *event)
{
    if (event->bstate & BUTTON1_PRESSED)
        point(screen, event->y, event->x);
    else if (event->bstate & BUTTON4_PRESSED)
        turn(screen, event->y, event->x, -WHEEL_LINES);
    else if (event->bstate & BUTTON5_PRESSED)
        turn(screen, event->y, event->x, WHEEL_LINES);
}

/* What came at once is told by one key, the latest first. */
static void take_mouse(struct sds_screen *screen)
{
    MEVENT events[MOUSE_EVENTS];
    size_t n = 0;

    while (n < SDS_COUNT(events) && getmouse(&events[n]) == OK)
        n++;
    while (n-- > 0 && screen->question == SDS_ASK_NOTHING)
        take_mouse_event(screen, &events[n]);
}

/* ---- reading ------------------------------------------------------------------------------ */

static void press(struct sds_screen *screen, bool is_code, wint_t key)
{
    char word[WORD_SIZE];
    int action;

    sds_screen_catch_up(screen);
    if (is_code && key == KEY_MOUSE) {
        take_mouse(screen);
        return;
    }
    if (is_code && key == KEY_RESIZE)
        return; /* the signal told it */
    if (screen->question != SDS_ASK_NOTHING) {
        sds_ask_press(screen, is_code, key);
        return;
    }
    action = sds_action_of_key(is_code ? word_of_code(key) : word_of_character(key, word));
    if (action < 0)
        return;
    if (screen->message)
        sds_screen_say(screen, NULL);
    sds_control_do(screen, (enum sds_action)action);
}

bool sds_control_read(struct sds_screen *screen)
{
    bool has_read = false;
    wint_t key;
    int r;

    while ((r = get_wch(&key)) != ERR) {
        has_read = true;
        press(screen, r == KEY_CODE_YES, key);
    }
    return has_read;
}
