/* SPDX-License-Identifier: MIT */

/* What leaves the screen: the clipboard, reports, recordings. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"
#include "watch/screen_impl.h"
#include "watch/term.h"

/* The services that an action is about, in the order of the screen: those marked; where none is,
 * all that are shown, or the selected one alone. */
struct choice {
    struct sds_report_item *v;
    size_t n, cap;
};

static bool add(struct choice *choice, const struct sds_row *row)
{
    const struct sds_report_item item = {
        .service = row->service,
        .result = row->is_checked ? &row->result : NULL,
    };

    return sds_arr_push(choice, item);
}

static bool choose(const struct sds_screen *screen, bool wants_all, struct choice *ret)
{
    bool is_ok = true;

    for (size_t i = 0; i < screen->lines.n && is_ok; i++) {
        const struct sds_row *row = screen->lines.v[i].row;

        if (row && row->is_marked)
            is_ok = add(ret, row);
    }
    if (ret->n || !is_ok)
        return is_ok;
    if (!wants_all)
        return !screen->selected || add(ret, screen->selected);
    for (size_t i = 0; i < screen->lines.n && is_ok; i++) {
        const struct sds_row *row = screen->lines.v[i].row;

        if (row && !sds_row_is_gone(row))
            is_ok = add(ret, row);
    }
    return is_ok;
}

/* What went wrong, or nothing, in a message. */
static void say(struct sds_screen *screen, int r, char *done, const char *what)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(what, strlen(what));

    if (r == 0) {
        sds_screen_say(screen, done);
        return;
    }
    free(done);
    sds_screen_say(screen, sds_text_format("cannot write '%s': %s", safe ? safe : "?",
                                           r == -EINVAL ? "its name tells no format: .txt, .json, "
                                                          ".ndjson, .csv, .sarif or .xml"
                                                        : strerror(-r)));
}

static int print(const struct sds_screen *screen, const struct choice *choice, char **ret)
{
    size_t size;
    FILE *out = open_memstream(ret, &size);
    int r;

    if (!out)
        return -ENOMEM;
    r = screen->config.host.print(screen->config.host.userdata, choice->v, choice->n, out);
    return fclose(out) && r == 0 ? -ENOMEM : r;
}

void sds_action_copy(struct sds_screen *screen)
{
    struct choice choice = {0};
    SDS_CLEANUP(sds_freep) char *text = NULL;
    int r = choose(screen, false, &choice) ? 0 : -ENOMEM;

    if (r == 0 && choice.n)
        r = print(screen, &choice, &text);
    if (r == 0 && choice.n)
        r = sds_term_copy(text);
    if (r == -E2BIG)
        sds_screen_say(screen, strdup("too much for a clipboard: e writes it to a file"));
    else if (r == 0 && !choice.n)
        sds_screen_say(screen, strdup("nothing is selected"));
    else
        say(screen, r, sds_text_format("copied %zu service%s", choice.n, choice.n == 1 ? "" : "s"),
            "the clipboard");
    free(choice.v);
}

void sds_action_export(struct sds_screen *screen, const char *path, bool may_replace)
{
    const struct sds_screen_host *host = &screen->config.host;
    struct choice choice = {0};
    int r = choose(screen, true, &choice) ? 0 : -ENOMEM;

    if (r == 0)
        r = host->export(host->userdata, choice.v, choice.n, path, may_replace);
    if (r == -EEXIST)
        sds_ask(screen, SDS_ASK_REPLACE);
    else
        say(screen, r,
            sds_text_format("wrote %zu service%s to %s", choice.n, choice.n == 1 ? "" : "s", path),
            path);
    free(choice.v);
}

void sds_action_record(struct sds_screen *screen, const char *path)
{
    const struct sds_screen_host *host = &screen->config.host;
    int r = host->record(host->userdata, path);

    screen->is_recording = path && r == 0;
    screen->has_record_ended = false;
    say(screen, r,
        path ? sds_text_format("recording to %s: r ends it", path)
             : strdup("the recording is written"),
        path ? path : "the recording");
}

void sds_screen_end_recording(struct sds_screen *screen, int error)
{
    screen->is_recording = false;
    screen->has_record_ended = true;
    sds_screen_warn(screen, error < 0
                                ? sds_text_format("the recording has ended: %s", strerror(-error))
                                : strdup("the recording has ended: time went back"));
}
