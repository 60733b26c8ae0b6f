/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/live.h"
#include "config.h"
#include "discovery/interfaces.h"
#include "files/recording.h"

#define INTERFACES_MAX 64 /* named in the head; services on others are recorded all the same */

struct record {
    struct sds_live live;
    const char *path;
    FILE *out;
    struct sds_watch *hangup; /* of the reader */
    int64_t began_ms;         /* by a clock that nobody sets */
    size_t n_events;
    int error; /* of the output; the recording has ended then */
};

/* ---- lines -------------------------------------------------------------------------------- */

/* A line is of use only when it arrives: @status is that of writing it. */
static void finish_line(struct record *r, int status)
{
    if (status == 0 && (fflush(r->out) || ferror(r->out)))
        status = errno ? -errno : -EIO;
    r->error = status;
    if (status < 0)
        sds_loop_quit(r->live.loop);
}

/* The wall clock may be set meanwhile: what counts is how much later it is. */
static int64_t now_ms(const struct record *r)
{
    if (sds_source_past(r->live.source))
        return sds_live_now_ms(&r->live);
    return r->live.started_ms + sds_system_clock.mono_ms() - r->began_ms;
}

static void put(struct record *r, struct sds_recording_line *line)
{
    if (r->error)
        return;
    line->time_ms = now_ms(r);
    r->n_events++;
    finish_line(r, sds_recording_write_line(line, r->out));
}

static struct sds_recording_texts reasons_of(const struct record *r)
{
    struct sds_recording_texts texts = {0};

    texts.v = sds_source_reasons(r->live.source, &texts.n);
    return texts;
}

static struct sds_recording_texts notes_of(const struct record *r)
{
    struct sds_recording_texts texts = {0};

    texts.v = sds_source_notes(r->live.source, &texts.n);
    return texts;
}

/* The name of this host, as it calls itself, into @size bytes. */
static const char *host_name(char *ret, size_t size)
{
    if (gethostname(ret, size) < 0)
        return NULL;
    ret[size - 1] = '\0';
    return ret;
}

static void put_head(struct record *r)
{
    const struct sds_opts *opts = r->live.opts;
    char names[INTERFACES_MAX][IF_NAMESIZE], host[256];
    const char *interfaces[INTERFACES_MAX] = {opts->interface};
    size_t n = opts->interface ? 1 : sds_interfaces_list(names, INTERFACES_MAX);
    const struct sds_recording_head head = {
        .version = SDS_VERSION,
        .source = sds_source_name(r->live.source),
        .host = host_name(host, sizeof(host)),
        .started_ms = r->live.started_ms,
        .domain = opts->domain,
        .types = {(const char *const *)opts->args, (size_t)opts->n_args},
        .interfaces = {interfaces, n},
    };

    for (size_t i = 0; !opts->interface && i < n; i++)
        interfaces[i] = names[i];
    finish_line(r, sds_recording_write_head(&head, r->out));
}

/* ---- events ------------------------------------------------------------------------------- */

static void on_told(void *userdata, enum sds_event_kind kind, const struct sds_service *service)
{
    put(userdata, &(struct sds_recording_line){.kind = kind, .service = service});
}

static void on_settled(void *userdata)
{
    struct record *r = userdata;

    put(r, &(struct sds_recording_line){.kind = SDS_EVENT_SETTLED, .reasons = reasons_of(r)});
}

static void on_lost(void *userdata, const char *why)
{
    put(userdata, &(struct sds_recording_line){.kind = SDS_EVENT_LOST, .message = why});
}

static void on_back(void *userdata)
{
    put(userdata, &(struct sds_recording_line){.kind = SDS_EVENT_BACK});
}

static void on_hangup(void *userdata)
{
    struct record *r = userdata;

    r->error = -EPIPE;
    sds_loop_quit(r->live.loop);
}

/* ---- the file ----------------------------------------------------------------------------- */

/* What must not be lost: a file that has something in it. */
static bool is_precious(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

static int open_file(struct record *r)
{
    int fd;

    if (strcmp(r->path, "-") == 0) {
        r->out = stdout;
        return 0;
    }
    fd = open(r->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0 && !r->live.opts->force && is_precious(fd)) {
        close(fd);
        return sds_fail(-EEXIST, "'%s' is there already: --force replaces it", r->path);
    }
    if (fd >= 0 && r->live.opts->force && is_precious(fd) && ftruncate(fd, 0) < 0) {
        close(fd);
        fd = -1;
    }
    r->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    return r->out ? 0 : sds_fail(-EIO, "cannot write '%s': %s", r->path, strerror(errno));
}

/* Standard output is main()'s to close. */
static void close_file(struct record *r)
{
    if (r->out && r->out != stdout && fclose(r->out) && !r->error)
        r->error = -errno;
    r->out = NULL;
}

/* ---- the command -------------------------------------------------------------------------- */

static int say_what_was_done(const struct record *r)
{
    size_t n;
    const struct sds_service **services = sds_inventory_list(r->live.inventory, &n);
    const char *name = r->out == stdout ? "standard output" : r->path;

    free(services);
    return sds_fail(SDS_EXIT_OK, "%s: %zu event%s in %.1f s, %zu service%s at the end", name,
                    r->n_events, r->n_events == 1 ? "" : "s", (double)r->live.duration_ms / 1000,
                    services ? n : 0, services && n == 1 ? "" : "s");
}

static int run(struct record *r)
{
    int error;

    put_head(r);
    r->hangup = sds_watch_new_hangup(r->live.loop, fileno(r->out), on_hangup, r);
    error = r->error ? 0 : sds_live_run(&r->live);
    if (error < 0)
        return sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for events: %s", strerror(-error));
    if (!r->live.is_settled)
        sds_source_stop(r->live.source); /* what is known in part is told */
    put(r, &(struct sds_recording_line){
               .kind = SDS_EVENT_ENDED, .reasons = reasons_of(r), .notes = notes_of(r)});
    if (!r->error)
        return say_what_was_done(r);
    return SDS_EXIT_OK;
}

int sds_cmd_record(const struct sds_opts *opts)
{
    struct sds_opts rest = *opts; /* what follows the file */
    struct record r = {.path = opts->args[0]};
    const struct sds_live_events events = {
        .inventory = {.userdata = &r},
        .settled = on_settled,
        .lost = on_lost,
        .back = on_back,
        .told = on_told,
    };
    int status;

    rest.args++;
    rest.n_args--;
    status = sds_live_open(&r.live, &rest, NULL, NULL, &events, opts->timeout_ms);
    r.began_ms = sds_system_clock.mono_ms();
    if (status == 0)
        status = open_file(&r) < 0 ? SDS_EXIT_USAGE : run(&r);
    sds_watch_free(r.hangup);
    close_file(&r);
    if (r.error && r.error != -EPIPE)
        status = sds_fail(SDS_EXIT_USAGE, "cannot write '%s': %s", r.path, strerror(-r.error));
    sds_live_done(&r.live);
    return status;
}
