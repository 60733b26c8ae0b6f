/* SPDX-License-Identifier: MIT */
#include "cmd/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "config.h"
#include "discovery/interfaces.h"

#define INTERFACES_MAX 64 /* named in the head; services on others are recorded all the same */

/* ---- lines -------------------------------------------------------------------------------- */

/* A line is of use only when it arrives: @status is that of writing it. */
static int finish_line(struct sds_recorder *r, int status)
{
    if (status == 0 && (fflush(r->out) || ferror(r->out)))
        status = errno ? -errno : -EIO;
    r->error = status;
    return status;
}

/* The wall clock may be set meanwhile: what counts is how much later it is. */
static int64_t now_ms(const struct sds_recorder *r)
{
    if (sds_source_past(r->live->source))
        return sds_live_now_ms(r->live);
    return r->origin_ms + sds_system_clock.mono_ms() - r->began_ms;
}

int sds_recorder_put(struct sds_recorder *recorder, struct sds_recording_line *line)
{
    if (recorder->error || !recorder->out)
        return recorder->error;
    line->time_ms = now_ms(recorder);
    recorder->n_events++;
    return finish_line(recorder, sds_recording_write_line(line, recorder->out));
}

int sds_recorder_put_service(struct sds_recorder *recorder, enum sds_event_kind kind,
                             const struct sds_service *service)
{
    struct sds_recording_line line = {.kind = kind, .service = service};

    return sds_recorder_put(recorder, &line);
}

static struct sds_recording_texts reasons_of(const struct sds_recorder *r)
{
    struct sds_recording_texts texts = {0};

    texts.v = sds_source_reasons(r->live->source, &texts.n);
    return texts;
}

static struct sds_recording_texts notes_of(const struct sds_recorder *r)
{
    struct sds_recording_texts texts = {0};

    texts.v = sds_source_notes(r->live->source, &texts.n);
    return texts;
}

int sds_recorder_put_settled(struct sds_recorder *recorder)
{
    struct sds_recording_line line = {
        .kind = SDS_EVENT_SETTLED,
        .reasons = reasons_of(recorder),
    };

    return sds_recorder_put(recorder, &line);
}

int sds_recorder_put_end(struct sds_recorder *recorder)
{
    struct sds_recording_line line = {
        .kind = SDS_EVENT_ENDED,
        .reasons = reasons_of(recorder),
        .notes = notes_of(recorder),
    };

    return sds_recorder_put(recorder, &line);
}

/* The name of this host, as it calls itself, into @size bytes. */
static const char *host_name(char *ret, size_t size)
{
    if (gethostname(ret, size) < 0)
        return NULL;
    ret[size - 1] = '\0';
    return ret;
}

static int put_head(struct sds_recorder *r)
{
    const struct sds_opts *opts = r->live->opts;
    char names[INTERFACES_MAX][IF_NAMESIZE], host[256];
    const char *interfaces[INTERFACES_MAX] = {opts->interface};
    struct sds_recording_head head = {
        .version = SDS_VERSION,
        .source = sds_source_name(r->live->source),
        .started_ms = r->origin_ms,
        .domain = opts->domain,
        .types = {(const char *const *)opts->args, (size_t)opts->n_args},
        .interfaces = {interfaces, 1},
    };

    if (!opts->interface)
        head.interfaces.n = opts->pcap ? 0 : sds_interfaces_list(names, INTERFACES_MAX);
    for (size_t i = 0; !opts->interface && i < head.interfaces.n; i++)
        interfaces[i] = names[i];
    if (!opts->pcap) /* which does not tell where it was captured */
        head.host = host_name(host, sizeof(host));
    return finish_line(r, sds_recording_write_head(&head, r->out));
}

/* ---- the file ----------------------------------------------------------------------------- */

/* What must not be lost: a file that has something in it. */
static bool is_precious(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* Returns a descriptor, or a negative errno. */
static int open_file(const char *path, bool is_replaced)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666), r = 0;

    if (fd < 0)
        return -errno;
    if (is_precious(fd))
        r = !is_replaced ? -EEXIST : (ftruncate(fd, 0) < 0 ? -errno : 0);
    if (r < 0)
        close(fd);
    return r < 0 ? r : fd;
}

int sds_recorder_open(struct sds_recorder *recorder, const struct sds_live *live, const char *path,
                      bool is_replaced)
{
    int fd;

    *recorder =
        (struct sds_recorder){.live = live, .path = path, .began_ms = sds_system_clock.mono_ms()};
    recorder->origin_ms = sds_live_now_ms(live);
    if (strcmp(path, "-") == 0) {
        recorder->out = stdout;
        return put_head(recorder);
    }
    fd = open_file(path, is_replaced);
    if (fd < 0)
        return fd;
    recorder->out = fdopen(fd, "w");
    if (!recorder->out) {
        close(fd);
        return -ENOMEM;
    }
    return put_head(recorder);
}

int sds_recorder_close(struct sds_recorder *recorder)
{
    if (recorder->out && recorder->out != stdout && fclose(recorder->out) && !recorder->error)
        recorder->error = -errno;
    if (recorder->out == stdout && recorder->error)
        clearerr(stdout); /* who gets the error tells it: nobody else shall, who knows less */
    recorder->out = NULL;
    return recorder->error;
}
