/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/output.h"
#include "policy/baseline.h"

static int report_word(const struct sds_report *report, FILE *out)
{
    (void)report;
    return fputs("whole", out) < 0;
}

static int report_nothing(const struct sds_report *report, FILE *out)
{
    (void)report;
    fputs("half", out);
    return -ENOMEM;
}

static const struct sds_format format = {.name = "word", .report = report_word};
static const struct sds_format failing = {.name = "failing", .report = report_nothing};
static char folder[] = "/tmp/sdscope-output-XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    static const char *const names[] = {"file", "link", "other", "stream"};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(names); i++)
        unlink(names[i]);
    return chdir("/") || rmdir(folder); /* nothing else was left behind */
}

static void put(const char *name, const char *text, mode_t mode)
{
    FILE *out = fopen(name, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fchmod(fileno(out), mode), 0);
    fclose(out);
}

static void expect(const char *name, const char *text)
{
    char found[64] = "";
    FILE *in = fopen(name, "r");

    assert_non_null(in);
    assert_true(fread(found, 1, sizeof(found) - 1, in) > 0);
    fclose(in);
    assert_string_equal(found, text);
}

/* What `-o PATH` does; it is written only if @is_whole. */
static void write_to(const char *path, bool is_whole)
{
    struct sds_output output = {&format, path};
    struct sds_opts opts = {.outputs = {&output, 1, 1}};
    struct sds_report report = {.command = "check"};
    struct sds_outputs *outputs = NULL;

    assert_int_equal(sds_outputs_open(&opts, NULL, &outputs), 0);
    if (is_whole)
        assert_int_equal(sds_outputs_write(outputs, &report), 0);
    sds_outputs_free(outputs);
}

static void a_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    write_to("file", false);
    assert_int_equal(access("file", F_OK), -1);
    write_to("file", true);
    expect("file", "whole");
    put("file", "old", 0644);
    write_to("file", false);
    expect("file", "old");
}

/* Killed while it waits for its input, it leaves nothing behind. */
static void nothing_is_there_before_it_is_written(void **state)
{
    struct sds_output output = {&format, "file"};
    struct sds_opts opts = {.outputs = {&output, 1, 1}};
    struct sds_outputs *outputs = NULL;

    (void)state;
    unlink("file");
    assert_int_equal(sds_outputs_open(&opts, NULL, &outputs), 0);
    assert_int_equal(rmdir(folder), 0); /* it is empty */
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(chdir(folder), 0);
    sds_outputs_free(outputs);
}

static void what_cannot_be_written_is_told_early(void **state)
{
    struct sds_output output = {&format, "no/folder"};
    struct sds_opts opts = {.outputs = {&output, 1, 1}};
    struct sds_outputs *outputs = NULL;

    (void)state;
    assert_true(sds_outputs_open(&opts, NULL, &outputs) < 0);
}

/* Whichever of several outputs fails, no file is replaced, and none is new. */
static void files_are_replaced_all_or_none(void **state)
{
    static const struct sds_output outputs[][3] = {
        {{&format, "file"}, {&format, "other"}, {&failing, "third"}},
        {{&failing, "third"}, {&format, "file"}, {&format, "other"}},
        {{&format, "file"}, {&format, "/dev/full"}, {&format, "other"}},
        {{&format, "file"}, {&format, "other"}, {&failing, "/dev/null"}},
    };

    (void)state;
    unlink("other");
    for (size_t i = 0; i < SDS_COUNT(outputs); i++) {
        struct sds_opts opts = {.outputs = {(struct sds_output *)outputs[i], 3, 3}};
        struct sds_report report = {.command = "check"};
        struct sds_outputs *open = NULL;

        put("file", "old", 0644);
        assert_int_equal(sds_outputs_open(&opts, NULL, &open), 0);
        assert_true(sds_outputs_write(open, &report) < 0);
        sds_outputs_free(open);
        expect("file", "old");
        assert_int_equal(access("other", F_OK), -1);
        assert_int_equal(access("third", F_OK), -1);
    }
}

/* Let standard error add to a file; returns what it was, for restore_stderr(). */
static int redirect_stderr(const char *path)
{
    int kept = dup(STDERR_FILENO), fd = open(path, O_WRONLY | O_APPEND);

    assert_true(kept >= 0 && fd >= 0);
    dup2(fd, STDERR_FILENO);
    close(fd);
    return kept;
}

static void restore_stderr(int kept)
{
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* `--write-baseline file` after a search that was cut short: told once, and only it is kept. */
static void a_baseline_of_half_a_network_is_withheld(void **state)
{
    struct sds_output output = {&format, "other"};
    struct sds_opts opts = {.outputs = {&output, 1, 1}, .write_baseline = "file"};
    struct sds_scan scan = {.is_complete = false};
    struct sds_report report = {.command = "audit", .scan = &scan, .found = sds_baseline_new()};
    struct sds_outputs *outputs = NULL;
    int kept;

    (void)state;
    put("file", "old", 0600);
    put("stream", "", 0600);
    assert_int_equal(sds_outputs_open(&opts, NULL, &outputs), 0);
    kept = redirect_stderr("stream");
    assert_int_equal(sds_outputs_write(outputs, &report), 0);
    restore_stderr(kept);
    sds_outputs_free(outputs);
    expect("stream", "sdscope: discovery was incomplete: 'file' is not written\n");
    expect("file", "old");
    expect("other", "whole");
    opts.allow_partial = true;
    assert_int_equal(sds_outputs_open(&opts, NULL, &outputs), 0);
    assert_int_equal(sds_outputs_write(outputs, &report), 0);
    sds_outputs_free(outputs);
    expect("file", "{\"sdscope_baseline\": 1, \"findings\": []}\n");
    sds_baseline_free((struct sds_baseline *)report.found);
}

static void a_file_keeps_its_mode(void **state)
{
    struct stat st;

    (void)state;
    put("file", "old", 0600);
    write_to("file", true);
    expect("file", "whole");
    assert_int_equal(stat("file", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_link_stays_one(void **state)
{
    struct stat st;

    (void)state;
    unlink("file");
    assert_int_equal(symlink("file", "link"), 0);
    write_to("link", true); /* to what is not there yet */
    expect("file", "whole");
    put("file", "old", 0644);
    write_to("link", true);
    expect("file", "whole");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

/* `-o /dev/stdout >>stream` as root must not put a file in place of /dev/stdout. */
static void a_standard_stream_is_added_to(void **state)
{
    int kept;

    (void)state;
    put("stream", "before, ", 0644);
    kept = redirect_stderr("stream");
    write_to("stream", true);
    restore_stderr(kept);
    expect("stream", "before, whole");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_whole_or_not_at_all),
        cmocka_unit_test(nothing_is_there_before_it_is_written),
        cmocka_unit_test(what_cannot_be_written_is_told_early),
        cmocka_unit_test(files_are_replaced_all_or_none),
        cmocka_unit_test(a_baseline_of_half_a_network_is_withheld),
        cmocka_unit_test(a_file_keeps_its_mode),
        cmocka_unit_test(a_link_stays_one),
        cmocka_unit_test(a_standard_stream_is_added_to),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
