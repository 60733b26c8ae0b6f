/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/registry.h"
#include "sdscope/lint.h"

/* Where the faults of a file go: one of two. */
struct sink {
    json_t *faults; /* NULL: to standard output, a line each */
    bool is_whole;  /* memory was enough */
};

static void on_fault(void *userdata, const struct sds_load_message *message)
{
    struct sink *sink = userdata;

    if (sink->faults) {
        if (json_array_append_new(sink->faults,
                                  json_pack("{s:s, s:I, s:I, s:s}", "file", message->file, "line",
                                            (json_int_t)message->line, "column",
                                            (json_int_t)message->column, "text", message->text)))
            sink->is_whole = false;
        return;
    }
    sds_text_puts(stdout, message->file);
    if (message->line)
        printf(":%zu", message->line);
    if (message->column)
        printf(":%zu", message->column);
    printf(": %s\n", message->text);
}

int sds_registry_lint(const struct sds_registry *registry, const struct sds_opts *opts)
{
    json_auto_t *faults = json_array();
    struct sink sink = {.faults = sds_wants_json(opts) ? faults : NULL, .is_whole = faults != NULL};
    size_t n, n_all = 0;

    (void)registry;
    for (int i = 0; i < SDS_ACTION_N_ARGS(opts); i++) {
        const char *path = SDS_ACTION_ARGS(opts)[i];
        int r = sds_lint(path, on_fault, &sink, &n);

        if (r < 0)
            return sds_fail(SDS_EXIT_USAGE, "cannot read '%s': %s", path, strerror(-r));
        n_all += n;
    }
    if (!sink.is_whole)
        return sds_fail_memory();
    if (sink.faults)
        return sds_print_json(NULL, json_pack("{s:O}", "faults", faults),
                              n_all ? SDS_EXIT_FINDINGS : SDS_EXIT_OK);
    return n_all ? SDS_EXIT_FINDINGS : SDS_EXIT_OK;
}
