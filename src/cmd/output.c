/* SPDX-License-Identifier: MIT */
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "policy/baseline.h"

struct file {
    const struct sds_format *format;
    const char *path; /* NULL: standard output */
    char *target;     /* @path without symbolic links; NULL: not to be replaced */
    mode_t mode;      /* of @target */
    char *temporary;  /* beside @target, while it is written */
    FILE *out;
};

struct sds_outputs {
    const struct sds_opts *opts;
    SDS_ARR(struct file) files;
};

struct sds_outputs *sds_outputs_free(struct sds_outputs *outputs)
{
    if (!outputs)
        return NULL;
    for (size_t i = 0; i < outputs->files.n; i++) {
        struct file *file = &outputs->files.v[i];

        if (file->path && file->out)
            fclose(file->out);
        if (file->temporary)
            unlink(file->temporary);
        free(file->temporary);
        free(file->target);
    }
    free(outputs->files.v);
    free(outputs);
    return NULL;
}

/* Whether it is one of our standard streams: `-o /dev/stdout >>log` adds to the log. */
static bool is_standard_stream(const struct stat *st)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        struct stat stream;

        if (fstat(fd, &stream) == 0 && stream.st_dev == st->st_dev && stream.st_ino == st->st_ino)
            return true;
    }
    return false;
}

/* A device or a pipe takes what comes; only a regular file can be replaced. */
static int open_in_place(struct file *file, const char *mode)
{
    file->out = fopen(file->path, mode);
    return file->out ? 0 : -errno;
}

/* Only when there is something to write: what is killed before leaves nothing behind. */
static int open_temporary(struct file *file)
{
    int fd;

    file->temporary = sds_text_format("%s.XXXXXX", file->target);
    if (!file->temporary)
        return -ENOMEM;
    fd = mkostemp(file->temporary, O_CLOEXEC);
    if (fd < 0) {
        int r = -errno;

        free(SDS_TAKE(file->temporary));
        return r;
    }
    fchmod(fd, file->mode);
    file->out = fdopen(fd, "w");
    if (!file->out)
        close(fd);
    return file->out ? 0 : -ENOMEM;
}

static mode_t mode_of_new_files(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* Where a file that is not there yet will be. */
static int find_new_target(struct file *file)
{
    SDS_CLEANUP(sds_freep) char *for_folder = strdup(file->path);
    SDS_CLEANUP(sds_freep) char *for_name = strdup(file->path);
    SDS_CLEANUP(sds_freep) char *folder = NULL;

    if (!for_folder || !for_name)
        return -ENOMEM;
    folder = realpath(dirname(for_folder), NULL);
    if (!folder)
        return -errno;
    file->target = sds_text_format("%s/%s", folder, basename(for_name));
    return 0;
}

/* Tell early that it cannot be written. */
static int prepare_target(struct file *file, mode_t mode)
{
    SDS_CLEANUP(sds_freep) char *copy = file->target ? strdup(file->target) : NULL;

    if (!copy)
        return -ENOMEM;
    file->mode = mode;
    return access(dirname(copy), W_OK | X_OK) < 0 ? -errno : 0;
}

static int open_file(struct file *file)
{
    struct stat st;
    int r;

    if (stat(file->path, &st) < 0) {
        if (errno != ENOENT)
            return -errno;
        if (lstat(file->path, &st) == 0) /* a symbolic link to what is not there yet */
            return open_in_place(file, "we");
        r = find_new_target(file);
        return r < 0 ? r : prepare_target(file, mode_of_new_files());
    }
    if (!S_ISREG(st.st_mode))
        return open_in_place(file, "we");
    if (is_standard_stream(&st))
        return open_in_place(file, "ae");
    if (access(file->path, W_OK) < 0)
        return -errno;
    file->target = realpath(file->path, NULL);
    return prepare_target(file, st.st_mode & 0777);
}

/* Whether another report, which this one would replace, goes to the same file. */
static bool is_taken(const struct sds_outputs *outputs, const struct file *file)
{
    for (size_t i = 0; i < outputs->files.n && file->target; i++) {
        const struct file *other = &outputs->files.v[i];

        if (other->target && strcmp(other->target, file->target) == 0)
            return true;
    }
    return false;
}

/* A path of the command line, "-" for standard output. */
static int add_file(struct sds_outputs *outputs, const struct sds_format *format, const char *path)
{
    struct file file = {.format = format, .path = path};
    bool is_twice;
    int r = 0;

    if (strcmp(path, "-") == 0) {
        file.path = NULL;
        file.out = stdout;
    } else {
        r = open_file(&file);
    }
    is_twice = is_taken(outputs, &file);
    if (!sds_arr_push(&outputs->files, file))
        return sds_fail(-EINVAL, "out of memory");
    if (is_twice)
        return sds_fail(-EINVAL, "cannot write '%s': another report goes there", path);
    return r < 0 ? sds_fail(-EINVAL, "cannot write '%s': %s", path, strerror(-r)) : 0;
}

static int write_baseline(const struct sds_report *report, FILE *out)
{
    return sds_baseline_write(report->found, out);
}

/* A baseline goes the way of a report, though no --format names it. */
static const struct sds_format baseline_format = {
    .name = "baseline", .lists_alone = true, .report = write_baseline};

/* ---- what is read ------------------------------------------------------------------------- */

/* Whether writing the file would change one that is read. */
static bool is_read_from(const struct file *file, const char *path)
{
    return file->path && path && sds_file_is_same(file->path, path);
}

static bool is_registry(const struct file *file, const struct sds_opts *opts)
{
    for (size_t i = 0; i < opts->registries.n; i++)
        if (!sds_is_registry_word(opts->registries.v[i]) &&
            is_read_from(file, opts->registries.v[i]))
            return true;
    return false;
}

/* What a file is that the options name to be read; NULL where it is none of them. A baseline may be
 * written again after it was compared. */
static const char *role_of(const struct file *file, const struct sds_opts *opts, const char *policy)
{
    if (sds_opts_replay(opts) && is_read_from(file, opts->source))
        return "the --source";
    if (is_read_from(file, opts->pcap))
        return "the capture of --pcap";
    if (is_read_from(file, policy))
        return "the policy";
    if (is_read_from(file, opts->baseline) && file->format != &baseline_format)
        return "the --baseline";
    return is_registry(file, opts) ? "a --registry" : NULL;
}

static int spare_named(const struct sds_outputs *outputs, const char *policy)
{
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct file *file = &outputs->files.v[i];
        const char *role = role_of(file, outputs->opts, policy);

        if (role)
            return sds_fail(-EINVAL, "cannot write '%s': it is %s, which is read", file->path,
                            role);
    }
    return 0;
}

int sds_outputs_spare(const struct sds_outputs *outputs, const struct sds_files *files)
{
    for (size_t i = 0; i < outputs->files.n; i++)
        for (size_t j = 0; j < files->list.n; j++)
            if (is_read_from(&outputs->files.v[i], files->list.v[j].path))
                return sds_fail(-EINVAL, "cannot write '%s': its services are read from there",
                                outputs->files.v[i].path);
    return 0;
}

/* ---- beginning ---------------------------------------------------------------------------- */

int sds_outputs_open(const struct sds_opts *opts, const char *policy, struct sds_outputs **ret)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = calloc(1, sizeof(*outputs));
    struct file to_stdout = {.format = opts->format, .out = stdout};

    if (!outputs)
        return sds_fail(-EINVAL, "out of memory");
    outputs->opts = opts;
    for (size_t i = 0; i < opts->outputs.n; i++) {
        int r = add_file(outputs, opts->outputs.v[i].format, opts->outputs.v[i].path);

        if (r < 0)
            return r;
    }
    if (!opts->outputs.n || opts->format) {
        if (!to_stdout.format)
            to_stdout.format = sds_format_find("text");
        if (!sds_arr_push(&outputs->files, to_stdout))
            return sds_fail(-EINVAL, "out of memory");
    }
    if (opts->write_baseline &&
        add_file(outputs, &baseline_format, opts->write_baseline) < 0) /* after the reports */
        return -EINVAL;
    if (spare_named(outputs, policy) < 0)
        return -EINVAL;
    *ret = SDS_TAKE(outputs);
    return 0;
}

static bool wants_color(const struct sds_opts *opts, bool is_terminal)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (opts->color != SDS_COLOR_AUTO)
        return opts->color == SDS_COLOR_ALWAYS;
    return is_terminal && !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0;
}

static size_t width_of(int fd)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    long n = columns ? strtol(columns, NULL, 10) : 0;

    if (n > 0)
        return (size_t)n;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

struct sds_style sds_output_style(const struct sds_opts *opts, FILE *out)
{
    bool is_terminal = isatty(fileno(out));

    return (struct sds_style){
        .color = wants_color(opts, is_terminal),
        .width = is_terminal ? width_of(fileno(out)) : 0,
        .group = opts->group,
        .details = opts->details,
    };
}

/* All of it is on the disk, or there is an error. */
static int finish_temporary(struct file *file)
{
    int r = fflush(file->out) || fsync(fileno(file->out)) ? -errno : 0;

    if (fclose(SDS_TAKE(file->out)) && r == 0)
        r = -errno;
    return r;
}

static int write_report(const struct sds_outputs *outputs, struct file *file,
                        struct sds_report *report)
{
    struct sds_style style = sds_output_style(outputs->opts, file->out);
    int r;

    report->style = &style;
    errno = 0;
    r = report->domains ? file->format->domains(report, file->out)
                        : file->format->report(report, file->out);
    report->style = NULL;
    if (r == 0 && file->path && ferror(file->out))
        r = -EIO;
    return r == -EIO && errno ? -errno : r; /* why, as far as it is known */
}

/* What is to replace a file waits beside it. */
static int write_temporary(const struct sds_outputs *outputs, struct file *file,
                           struct sds_report *report)
{
    int r;

    if (!file->target)
        return 0;
    r = open_temporary(file);
    if (r == 0)
        r = write_report(outputs, file, report);
    return r < 0 ? r : finish_temporary(file);
}

/* Devices, pipes and standard output, which take back nothing. */
static int write_in_place(const struct sds_outputs *outputs, struct file *file,
                          struct sds_report *report)
{
    int r;

    if (file->target)
        return 0;
    r = write_report(outputs, file, report);
    if (r == 0 && file->path)
        r = fclose(SDS_TAKE(file->out)) ? -errno : 0;
    return r;
}

static int replace_target(const struct sds_outputs *outputs, struct file *file,
                          struct sds_report *report)
{
    (void)outputs, (void)report;
    if (!file->temporary)
        return 0;
    if (rename(file->temporary, file->target) < 0)
        return -errno;
    free(SDS_TAKE(file->temporary));
    return 0;
}

/* A baseline of half a network would call the other half new. */
static bool is_withheld(const struct sds_outputs *outputs, const struct file *file,
                        const struct sds_report *report)
{
    return file->format == &baseline_format && !report->scan->is_complete &&
           !outputs->opts->allow_partial;
}

static void tell_withheld(const struct sds_outputs *outputs, const struct sds_report *report)
{
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct file *file = &outputs->files.v[i];

        if (is_withheld(outputs, file, report))
            sds_fail(0, "discovery was incomplete: '%s' is not written",
                     file->path ? file->path : "-");
    }
}

/* Why something may be missing, where no report has a place for it. */
static void tell_reasons(const struct sds_outputs *outputs, const struct sds_report *report)
{
    const struct sds_scan *scan = report->scan;

    for (size_t i = 0; i < outputs->files.n; i++)
        if (!outputs->files.v[i].format->lists_alone)
            return;
    for (size_t i = 0; i < scan->n_reasons; i++)
        sds_fail(0, "incomplete: %s", scan->reasons[i]);
}

int sds_outputs_write(struct sds_outputs *outputs, struct sds_report *report)
{
    /* First what can fail and be undone, last what hardly can: files appear all or none. */
    static int (*const steps[])(const struct sds_outputs *, struct file *, struct sds_report *) = {
        write_temporary,
        write_in_place,
        replace_target,
    };

    for (size_t step = 0; step < SDS_COUNT(steps); step++) {
        for (size_t i = 0; i < outputs->files.n; i++) {
            struct file *file = &outputs->files.v[i];
            int r = is_withheld(outputs, file, report) ? 0 : steps[step](outputs, file, report);

            if (r < 0)
                return sds_fail(-EIO, "cannot write '%s': %s",
                                file->path ? file->path : "standard output", strerror(-r));
        }
        /* main() says what befell standard output; a reader that went away has had enough. */
        if (steps[step] == write_in_place && fflush(stdout) && errno != EPIPE)
            return -EIO;
    }
    tell_withheld(outputs, report);
    tell_reasons(outputs, report);
    return 0;
}

int sds_output_write(const struct sds_opts *opts, const struct sds_format *format, const char *path,
                     struct sds_report *report)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = calloc(1, sizeof(*outputs));
    struct file file = {.format = format, .path = path};
    struct file *kept;
    int r;

    if (!outputs)
        return -ENOMEM;
    outputs->opts = opts;
    r = open_file(&file);
    if (!sds_arr_push(&outputs->files, file))
        return -ENOMEM;
    kept = &outputs->files.v[0];
    if (r == 0)
        r = write_temporary(outputs, kept, report);
    if (r == 0)
        r = write_in_place(outputs, kept, report);
    return r < 0 ? r : replace_target(outputs, kept, report);
}
