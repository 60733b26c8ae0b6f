/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "config.h"
#include "registry/stored.h"
#include "registry/update.h"
#include "report/pen.h"

#if SDS_HAVE_UPDATE

#define IANA_URL                                                                                   \
    "https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xml"
#define TIMEOUT_MS  600000
#define BAR_COLUMNS 30
#define STEP_MS     100 /* the bar moves no oftener */

/* A bar on a terminal's standard error; elsewhere nothing. */
struct bar {
    bool is_wanted, is_drawn;
    int64_t drawn_ms;
};

static bool wants_bar(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

static void draw_bar(void *userdata, uint64_t bytes, uint64_t total)
{
    struct bar *bar = userdata;
    int64_t now_ms = sds_system_clock.mono_ms();
    int done = total ? (int)(bytes * BAR_COLUMNS / total) : 0;

    if (!bar->is_wanted || (bar->is_drawn && now_ms - bar->drawn_ms < STEP_MS && bytes != total))
        return;
    if (total)
        fprintf(stderr, "\r[%.*s%*s] %3d %% of %.1f MB\033[K", done,
                "==============================", BAR_COLUMNS - done, "",
                (int)(bytes * 100 / total), (double)total / 1e6);
    else
        fprintf(stderr, "\r%.1f MB\033[K", (double)bytes / 1e6);
    bar->is_drawn = true;
    bar->drawn_ms = now_ms;
}

static void clear_bar(const struct bar *bar)
{
    if (bar->is_drawn)
        fputs("\r\033[K", stderr);
}

/* What serves, in a clause. */
static char *describe(const struct sds_registry *registry)
{
    struct sds_registry_table table = sds_registry_table_at(registry, 0);

    return sds_text_format("%s of %s with %zu records",
                           strcmp(table.origin, "builtin") == 0 ? "the registry built in,"
                                                                : "the updated registry,",
                           table.updated ? table.updated : "no date", table.n_records);
}

static int say_failure(const struct sds_update_result *result, const struct sds_registry *serving)
{
    SDS_CLEANUP(sds_freep) char *still = describe(serving);
    bool is_answer = result->outcome != SDS_UPDATE_NO_ANSWER && result->outcome != SDS_UPDATE_CUT;

    sds_fail(0, "%s%s", result->text,
             result->outcome == SDS_UPDATE_CUT ? "; the next update goes on from there" : "");
    sds_fail(0, "%s, still serves", still ? still : "what served");
    return is_answer ? SDS_EXIT_USAGE : SDS_EXIT_NO_SOURCE;
}

static int print_outcome(const struct sds_update_result *result, const struct sds_registry *serving,
                         const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    bool is_new = result->outcome == SDS_UPDATE_DONE;
    const struct sds_registry *serves = is_new ? result->registry : serving;

    if (sds_wants_json(opts)) {
        json_t *members =
            json_pack("{s:s, s:o, s:I}", "outcome", is_new ? "updated" : "current", "before",
                      sds_registry_origins(serving), "unread", (json_int_t)result->n_messages);

        return sds_print_json(serves, members, SDS_EXIT_OK);
    }
    puts(is_new ? "updated; from now on this serves:" : "nothing newer there; this serves:");
    sds_registry_tell(serves, &pen);
    if (result->n_messages)
        sds_fail(0, "%zu of its records could not be read", result->n_messages);
    return SDS_EXIT_OK;
}

int sds_registry_fetch(const struct sds_registry *registry, const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_freep) char *folder = sds_stored_folder();
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *serving = NULL;
    struct bar bar = {.is_wanted = wants_bar()};
    struct sds_update update = {
        .folder = folder,
        .url = opts->url ? opts->url : IANA_URL,
        .ca_file = opts->ca_file,
        .timeout_ms = opts->timeout_ms ? opts->timeout_ms : TIMEOUT_MS,
        .progress = draw_bar,
        .userdata = &bar,
    };
    struct sds_update_result result;
    int r;

    (void)registry;
    if (!folder)
        return sds_fail(SDS_EXIT_USAGE, "there is no folder for it: set XDG_DATA_HOME or HOME");
    if (sds_open_registry(NULL, &serving) < 0)
        return SDS_EXIT_USAGE;
    update.serving = serving;
    r = sds_registry_update(&update, &result);
    clear_bar(&bar);
    if (r < 0)
        r = sds_fail_memory();
    else if (result.outcome == SDS_UPDATE_DONE || result.outcome == SDS_UPDATE_CURRENT)
        r = print_outcome(&result, serving, opts);
    else
        r = say_failure(&result, serving);
    sds_registry_free(result.registry);
    return r;
}

#else

int sds_registry_fetch(const struct sds_registry *registry, const struct sds_opts *opts)
{
    (void)registry;
    (void)opts;
    return sds_fail(SDS_EXIT_NO_SOURCE, "this sdscope was built without libcurl, which fetches "
                                        "registries: --registry takes a file");
}

#endif
