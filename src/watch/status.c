/* SPDX-License-Identifier: MIT */

/* The status line on top, and the last line: keys, messages, or what the user types. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/pen.h"
#include "watch/age.h"
#include "watch/screen_impl.h"

/* A line that is written from the left. */
struct cursor {
    const struct sds_screen *screen;
    enum sds_ground ground;
    int y, x, end;
};

static void put(struct cursor *at, enum sds_ink ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put(struct cursor *at, enum sds_ink ink, const char *format, ...)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    at->x +=
        sds_canvas_put(&at->screen->canvas, at->y, at->x, at->end - at->x, ink, at->ground, text);
}

/* ---- the first line ----------------------------------------------------------------------- */

static void put_interfaces(struct cursor *at, const struct sds_scan *scan)
{
    for (size_t i = 0; i < scan->n_interfaces; i++) {
        const char *name = scan->interfaces[i]; /* of a recording, whatever somebody wrote */
        SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(name, strlen(name));

        put(at, SDS_INK_PLAIN, "%s%s", i ? "," : "  ", safe ? safe : "?");
    }
}

/* How far a recording has come: "2:05/10:00"; what came after its length was looked up makes it
 * longer. */
static void put_place(struct cursor *at, int64_t told_ms)
{
    const struct sds_screen_host *host = &at->screen->config.host;
    int64_t length_ms = host->length_ms(host->userdata);
    char told[SDS_AGE_EXACT_SIZE], length[SDS_AGE_EXACT_SIZE];

    sds_age_format_exact(told_ms, told);
    sds_age_format_exact(length_ms > told_ms ? length_ms : told_ms, length);
    put(at, SDS_INK_PLAIN, " %s%s%s", told, length_ms ? "/" : "", length_ms ? length : "");
}

/* A recording is played: "recording" alone would look as if one was made. */
static void put_source(struct cursor *at, const struct sds_scan *scan)
{
    const struct sds_screen_host *host = &at->screen->config.host;
    double pace = host->pace(host->userdata);

    if (!host->step) {
        put(at, SDS_INK_PLAIN, "  %s", scan->source);
        return;
    }
    put(at, SDS_INK_PLAIN, "  replay");
    if (pace > 0 && pace != 1)
        put(at, SDS_INK_PLAIN, " x%g", pace);
    put_place(at, scan->duration_ms);
}

/* Whether all has been seen that there is. */
static void put_state(struct cursor *at, const struct sds_scan *scan)
{
    const struct sds_screen *screen = at->screen;

    if (screen->trouble)
        put(at, SDS_INK_RED, "  LOST: %s", screen->trouble);
    else if (scan->n_reasons)
        put(at, SDS_INK_YELLOW, "  incomplete: %s", scan->reasons[0]);
    else if (screen->is_settled)
        put(at, SDS_INK_GREEN, "  complete");
    else
        put(at, SDS_INK_CYAN, "  looking around ...");
}

static void draw_first(const struct sds_screen *screen, const struct sds_scan *scan,
                       const struct sds_row_counts *counts)
{
    const struct sds_box *box = &screen->layout.status;
    struct cursor at = {screen, SDS_GROUND_BAR, box->y, box->x + 1, box->columns};
    char time[SDS_TIME_OF_DAY_SIZE];
    int right = box->columns - (int)sizeof(time);

    sds_time_of_day(sds_screen_now_ms(screen), time);
    sds_canvas_fill(&screen->canvas, box->y, box->x, box->columns, SDS_INK_PLAIN, SDS_GROUND_BAR,
                    "");
    at.end = right > 20 ? right - 1 : box->columns;
    put(&at, SDS_INK_BOLD, "sdscope");
    if (screen->is_held)
        put(&at, SDS_INK_YELLOW, screen->config.host.pause ? "  HELD" : "  HELD, %zu waiting",
            screen->n_waiting);
    if (screen->is_recording)
        put(&at, SDS_INK_RED, "  RECORDING");
    if (screen->has_record_ended)
        put(&at, SDS_INK_RED, "  RECORDING ENDED");
    put(&at, SDS_INK_PLAIN, "  %zu service%s", counts->here, counts->here == 1 ? "" : "s");
    if (counts->gone)
        put(&at, SDS_INK_DIM, ", %zu gone", counts->gone);
    put_state(&at, scan);
    put_source(&at, scan);
    put_interfaces(&at, scan);
    if (right > 20) /* when it was drawn: nothing is drawn for its sake */
        sds_canvas_put(&screen->canvas, box->y, right, (int)sizeof(time), SDS_INK_DIM,
                       SDS_GROUND_BAR, time);
}

/* ---- the second line ---------------------------------------------------------------------- */

static void put_verdicts(struct cursor *at, const struct sds_row_counts *counts)
{
    for (int verdict = SDS_VERDICT__COUNT - 1; verdict >= 0; verdict--)
        if (counts->verdicts[verdict])
            put(at, sds_ink_of_verdict((enum sds_verdict)verdict), "%zu %s  ",
                counts->verdicts[verdict], sds_verdict_name((enum sds_verdict)verdict));
    if (counts->unjudged)
        put(at, SDS_INK_PLAIN, "%zu without verdict  ", counts->unjudged);
}

/* By the letters that stand before the services. */
static void put_severities(struct cursor *at, const struct sds_row_counts *counts)
{
    for (int severity = SDS_SEV__COUNT - 1; severity > SDS_SEV_OFF; severity--) {
        size_t n = counts->severities[severity];

        if (n)
            put(at, sds_ink_of_severity((enum sds_severity)severity), "%c %zu  ",
                sds_severity_sign((enum sds_severity)severity), n);
    }
}

/* Its title and its date, on the right where there is room. */
static void put_registry(struct cursor *at)
{
    const struct sds_registry *registry = at->screen->config.registry;
    SDS_CLEANUP(sds_freep) char *date = NULL;
    SDS_CLEANUP(sds_freep) char *title = NULL;
    const char *updated, *shown;
    int width;

    if (!registry || sds_registry_n_tables(registry) == 0)
        return;
    updated = sds_registry_table_at(registry, 0).updated;
    date = updated ? sds_text_dup(updated, strlen(updated)) : strdup("of an unknown date");
    title = date ? sds_text_format("registry %s", date) : NULL;
    if (!title)
        return;
    shown = at->x + 2 + (int)sds_text_width(title) < at->end ? title : date;
    width = (int)sds_text_width(shown);
    if (at->x + width >= at->end)
        return;
    at->x = at->end - width - 1;
    put(at, SDS_INK_DIM, "%s", shown);
}

static void draw_second(const struct sds_screen *screen, const struct sds_row_counts *counts)
{
    const struct sds_box *box = &screen->layout.status;
    struct cursor at = {screen, SDS_GROUND_PLAIN, box->y + 1, box->x + 1, box->columns};

    put_verdicts(&at, counts);
    put_severities(&at, counts);
    put_registry(&at);
}

void sds_status_draw(struct sds_screen *screen)
{
    struct sds_row_counts counts = sds_rows_count(screen->rows);
    struct sds_scan scan = {0};

    screen->config.host.scan(screen->config.host.userdata, &scan);
    if (screen->layout.status.lines > 0)
        draw_first(screen, &scan, &counts);
    if (screen->layout.status.lines > 1)
        draw_second(screen, &counts);
}

/* ---- the last line ------------------------------------------------------------------------ */

/* What a key does where it is pressed; the most wanted first, as the last ones may find no room. */
struct hint {
    enum sds_action action;
    const char *word;
    bool is_of_time; /* of a recording alone */
};

static const struct hint list_hints[] = {
    {SDS_ACTION_HELP, "keys", false},       {SDS_ACTION_QUIT, "quit", false},
    {SDS_ACTION_DETAIL, "details", false},  {SDS_ACTION_FILTER, "filter", false},
    {SDS_ACTION_PAUSE, "hold", false},      {SDS_ACTION_STEP_BACK, "wind back", true},
    {SDS_ACTION_STEP, "on", true},          {SDS_ACTION_FAULTS, "faults", false},
    {SDS_ACTION_SORT, "sort", false},       {SDS_ACTION_GROUP, "group", false},
    {SDS_ACTION_EXPORT, "export", false},   {SDS_ACTION_NEXT_FAULT, "next fault", false},
    {SDS_ACTION_EXPLAIN, "explain", false}, {SDS_ACTION_COPY, "copy", false},
    {SDS_ACTION_RECORD, "record", false},
};

static const struct hint detail_hints[] = {
    {SDS_ACTION_HELP, "keys", false},
    {SDS_ACTION_BACK, "back", false},
    {SDS_ACTION_NEXT_FAULT, "next finding", false},
    {SDS_ACTION_EXPLAIN, "explain", false},
    {SDS_ACTION_COPY, "copy", false},
    {SDS_ACTION_STEP_BACK, "wind back", true},
    {SDS_ACTION_STEP, "on", true},
    {SDS_ACTION_NEXT_PANE, "other pane", false},
    {SDS_ACTION_QUIT, "quit", false},
};

static const struct hint log_hints[] = {
    {SDS_ACTION_HELP, "keys", false},
    {SDS_ACTION_BACK, "back", false},
    {SDS_ACTION_DETAIL, "details", false},
    {SDS_ACTION_END, "the latest", false},
    {SDS_ACTION_STEP_BACK, "wind back", true},
    {SDS_ACTION_STEP, "on", true},
    {SDS_ACTION_NEXT_PANE, "other pane", false},
    {SDS_ACTION_QUIT, "quit", false},
};

static const struct hint other_hints[] = {
    {SDS_ACTION_BACK, "back", false},
    {SDS_ACTION_PAGE_DOWN, "next page", false},
    {SDS_ACTION_END, "last line", false},
    {SDS_ACTION_QUIT, "quit", false},
};

static const struct hint *hints_of(const struct sds_screen *screen, size_t *ret_n)
{
    if (screen->focus == SDS_FOCUS_LIST) {
        *ret_n = SDS_COUNT(list_hints);
        return list_hints;
    }
    if (screen->focus == SDS_FOCUS_PAGE && screen->page_kind == SDS_PAGE_DETAIL) {
        *ret_n = SDS_COUNT(detail_hints);
        return detail_hints;
    }
    if (screen->focus == SDS_FOCUS_LOG) {
        *ret_n = SDS_COUNT(log_hints);
        return log_hints;
    }
    *ret_n = SDS_COUNT(other_hints);
    return other_hints;
}

/* The first of the keys of an action; false where there is no room for it. */
static bool put_hint(struct cursor *at, const struct hint *hint)
{
    const struct sds_key *key = sds_key_at(hint->action);
    int len = (int)strcspn(key->keys, " ");

    if (at->x + len + 1 + (int)strlen(hint->word) + 2 > at->end)
        return false;
    put(at, SDS_INK_BOLD, "%.*s", len, key->keys);
    put(at, SDS_INK_DIM, " %s  ", hint->word);
    return true;
}

static void put_hints(struct cursor *at)
{
    size_t n;
    const struct hint *hints = hints_of(at->screen, &n);

    for (size_t i = 0; i < n; i++) {
        if (hints[i].is_of_time && !at->screen->config.host.step)
            continue;
        if (!put_hint(at, &hints[i]))
            return;
    }
}

/* What is left out, and how to have it back. */
static void put_filter(struct cursor *at)
{
    const struct sds_screen *screen = at->screen;
    const char *text = sds_prompt_text(screen->prompts[SDS_ASK_FILTER]);
    size_t n;

    sds_rows_list(screen->rows, &n);
    put(at, SDS_INK_CYAN, "%zu of %zu", screen->lines.n_rows, n);
    if (screen->arrangement.faults_only)
        put(at, SDS_INK_PLAIN, " with findings");
    if (*text)
        put(at, SDS_INK_PLAIN, " match /%s", text);
    put(at, SDS_INK_DIM, " (%s: all)  ", *text ? "Esc" : "f");
}

static void draw_question(const struct sds_screen *screen)
{
    static const struct {
        const char *words, *few; /* what is typed matters more */
    } questions[] = {
        [SDS_ASK_FILTER] = {"/", "/"},
        [SDS_ASK_EXPORT] = {"write what is shown to (.txt .json .ndjson .csv .sarif .xml): ",
                            "write to: "},
        [SDS_ASK_RECORD] = {"record to: ", "record to: "},
    };
    const struct sds_prompt *prompt = screen->prompts[screen->question];
    const struct sds_box *box = &screen->layout.keys;
    struct cursor at = {screen, SDS_GROUND_PLAIN, box->y, box->x, box->columns};
    const char *text = sds_prompt_text(prompt), *words = questions[screen->question].words;
    SDS_CLEANUP(sds_freep) char *before = strndup(text, sds_prompt_cursor(prompt));
    size_t room, width = before ? sds_text_width(before) : 0;

    if ((int)(strlen(words) + sds_text_width(text)) >= at.end - at.x)
        words = questions[screen->question].few;
    put(&at, SDS_INK_CYAN, "%s", words);
    room = at.end > at.x ? (size_t)(at.end - at.x - 1) : 0;
    while (width > room) { /* the cursor stays in sight */
        size_t cells, len = sds_text_fit(text, 1, &cells);

        len = len ? len : sds_text_fit(text, 2, &cells);
        text += len;
        width -= cells;
    }
    put(&at, SDS_INK_PLAIN, "%s", text);
    move(box->y, at.end - (int)room - 1 + (int)width);
}

static void draw_yes_or_no(const struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.keys;
    struct cursor at = {screen, SDS_GROUND_PLAIN, box->y, box->x, box->columns};

    put(&at, SDS_INK_YELLOW, "the file is there already: replace it? (y/n) ");
    move(box->y, at.x < at.end ? at.x : at.end - 1);
}

void sds_keys_draw(struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.keys;
    struct cursor at = {screen, SDS_GROUND_PLAIN, box->y, box->x + 1, box->columns};

    if (box->lines < 1)
        return;
    if (screen->question == SDS_ASK_REPLACE)
        draw_yes_or_no(screen);
    else if (screen->question != SDS_ASK_NOTHING)
        draw_question(screen);
    else if (screen->message)
        put(&at, SDS_INK_BOLD, "%s", screen->message);
    else {
        if (screen->filter || screen->arrangement.faults_only)
            put_filter(&at);
        put_hints(&at);
    }
}
