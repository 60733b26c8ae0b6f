/* SPDX-License-Identifier: MIT */

/* A source that tells again what was recorded. Lines are read one ahead. */

#include "discovery/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/recording_reader.h"
#include "discovery/source_impl.h"

#define BATCH_MAX 256 /* events between two looks at signals and other timers */

struct recording {
    struct sds_source source;
    struct sds_recording_reader reader;
    struct sds_timer *timer;

    struct sds_recording_head head;
    struct sds_recording_line next; /* the event that is due next */
    bool has_next, has_end, is_told;
    int64_t began_ms; /* when its start was due, by config.clock->mono_ms() */
    struct sds_past past;
    struct sds_progress progress;
};

SDS_DEFINE_FREEP(struct sds_source, sds_source_free)

/* ---- what is asked for -------------------------------------------------------------------- */

static bool is_same_name(const char *a, const char *b)
{
    struct sds_name x, y;

    sds_name_parse(a, &x);
    sds_name_parse(b, &y);
    if (x.n_labels != y.n_labels)
        return false;
    for (size_t i = 0; i < x.n_labels; i++) {
        struct sds_span p = sds_name_label(&x, i), q = sds_name_label(&y, i);

        if (!sds_fold_equal(p.p, p.len, q.p, q.len))
            return false;
    }
    return true;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_same_name(name, names[i]))
            return true;
    return false;
}

static bool is_in_place(const struct sds_source_config *config, const struct sds_service *service)
{
    return (!config->n_types || is_among(service->type, config->types, config->n_types)) &&
           (!config->domain || !service->domain || is_same_name(service->domain, config->domain));
}

static bool is_seen(const struct sds_source_config *config, const struct sds_service *service)
{
    for (size_t i = 0; i < service->n_sightings; i++) {
        const struct sds_sighting *seen = &service->sightings[i];

        if ((!config->interface || strcmp(seen->interface, config->interface) == 0) &&
            (config->family == AF_UNSPEC || seen->family == AF_UNSPEC ||
             seen->family == config->family))
            return true;
    }
    return !service->n_sightings && !config->interface && config->family == AF_UNSPEC;
}

/* What the recording was not asked for, it cannot tell. */
static void note_narrowness(struct recording *r)
{
    const struct sds_source_config *config = &r->source.config;
    const struct sds_recording_texts *types = &r->head.types;
    bool has_all = true;

    for (size_t i = 0; i < config->n_types && types->n; i++)
        has_all = has_all && is_among(config->types[i], types->v, types->n);
    if (!has_all)
        sds_source_add_reason(&r->source, "the recording was not asked for all of these types");
    if (config->domain && r->head.domain && !is_same_name(config->domain, r->head.domain))
        sds_source_add_reason(&r->source, "the recording is of another domain");
}

/* ---- telling ------------------------------------------------------------------------------ */

static void add_reasons(struct recording *r, const struct sds_recording_line *line)
{
    for (size_t i = 0; i < line->reasons.n; i++) {
        SDS_CLEANUP(sds_freep) char *safe = sds_text_dup_name(line->reasons.v[i]);

        if (safe)
            sds_source_add_reason(&r->source, safe);
    }
    for (size_t i = 0; i < line->notes.n; i++) {
        SDS_CLEANUP(sds_freep) char *safe = sds_text_dup_name(line->notes.v[i]);

        if (safe)
            sds_source_add_note(&r->source, safe);
    }
}

static void tell_service(struct recording *r, const struct sds_recording_line *line)
{
    const struct sds_source_config *config = &r->source.config;
    const struct sds_source_events *events = &config->events;

    if (!is_in_place(config, line->service))
        return;
    if (line->kind == SDS_EVENT_REMOVED || !is_seen(config, line->service)) {
        events->removed(events->userdata, line->service);
        return;
    }
    if (line->kind == SDS_EVENT_ADDED) {
        r->progress.instances++;
        r->progress.resolved++;
        events->added(events->userdata, line->service);
    } else {
        events->changed(events->userdata, line->service);
    }
}

static void tell_loss(struct recording *r, const struct sds_recording_line *line)
{
    const struct sds_source_events *events = &r->source.config.events;
    SDS_CLEANUP(sds_freep)
    char *why = sds_text_dup_name(line->message ? line->message : "the source was gone");

    events->lost(events->userdata, why ? why : "out of memory");
}

static void tell(struct recording *r, const struct sds_recording_line *line)
{
    const struct sds_source_events *events = &r->source.config.events;

    add_reasons(r, line);
    if (line->service)
        tell_service(r, line);
    else if (line->kind == SDS_EVENT_SETTLED && r->source.config.is_continuous)
        events->settled(events->userdata);
    else if (line->kind == SDS_EVENT_LOST)
        tell_loss(r, line);
    else if (line->kind == SDS_EVENT_BACK)
        events->back(events->userdata);
    r->has_end |= line->kind == SDS_EVENT_ENDED;
}

static void tell_next(struct recording *r)
{
    struct sds_recording_line line = r->next;

    r->has_next = false;
    r->next = (struct sds_recording_line){0};
    if (line.time_ms > r->past.now_ms) /* a clock that was set back does not turn the time */
        r->past.now_ms = line.time_ms;
    tell(r, &line);
    sds_recording_line_done(&line);
}

static void finish(struct recording *r)
{
    const struct sds_source_events *events = &r->source.config.events;

    r->is_told = true;
    if (!r->has_end)
        sds_recording_reader_fault(&r->reader,
                                   "the recording breaks off: what came after is not known");
    if (!r->source.config.is_continuous)
        events->settled(events->userdata);
    events->ended(events->userdata);
}

/* Milliseconds until the next event. */
static int64_t delay_of_next(const struct recording *r)
{
    const struct sds_source_config *config = &r->source.config;
    double at_ms;

    if (config->speed <= 0)
        return 0;
    at_ms = (double)(r->next.time_ms - r->past.started_ms) / config->speed;
    return llround(at_ms) - (config->clock->mono_ms() - r->began_ms);
}

static void run(void *userdata)
{
    struct recording *r = userdata;

    for (int n = 0; n < BATCH_MAX; n++) {
        int64_t delay_ms;

        if (!r->has_next && !(r->has_next = sds_recording_reader_event(&r->reader, &r->next))) {
            finish(r);
            return;
        }
        delay_ms = delay_of_next(r);
        if (delay_ms > 0) {
            sds_timer_set(r->timer, delay_ms);
            return;
        }
        tell_next(r);
    }
    sds_timer_set(r->timer, 0);
}

/* ---- the source --------------------------------------------------------------------------- */

static const char *recording_name(const struct sds_source *source)
{
    (void)source;
    return "recording";
}

static struct sds_progress recording_progress(const struct sds_source *source)
{
    return ((const struct recording *)source)->progress;
}

static const struct sds_past *recording_past(const struct sds_source *source)
{
    return &((const struct recording *)source)->past;
}

static void recording_stop(struct sds_source *source)
{
    (void)source; /* all that was due has been told */
}

static void recording_free(struct sds_source *source)
{
    struct recording *r = (struct recording *)source;

    sds_timer_free(r->timer);
    sds_recording_line_done(&r->next);
    sds_recording_head_done(&r->head);
    sds_recording_reader_done(&r->reader);
}

static const struct sds_source_ops ops = {
    .name = recording_name,
    .progress = recording_progress,
    .past = recording_past,
    .stop = recording_stop,
    .free = recording_free,
};

static void add_origin(struct recording *r)
{
    SDS_CLEANUP(sds_freep) char *host = sds_text_dup_name(r->head.host ? r->head.host : "?");
    SDS_CLEANUP(sds_freep) char *maker = sds_text_dup_name(r->head.source ? r->head.source : "?");
    SDS_CLEANUP(sds_freep)
    char *note =
        host && maker ? sds_text_format("recorded on host '%s', source %s", host, maker) : NULL;

    if (note)
        sds_source_add_note(&r->source, note);
}

static int read_head(struct recording *r, char **ret_error)
{
    char error[SDS_RECORDING_ERROR_SIZE] = "the file is empty";
    int status = sds_recording_reader_line(&r->reader);

    if (status == 1)
        status = sds_recording_read_head(r->reader.text, r->reader.len, &r->head, error);
    else if (status == 0)
        status = -EINVAL;
    else
        sds_text_copy(error, sizeof(error), strerror(-status));
    if (status < 0) {
        *ret_error = sds_text_format("cannot read the recording %s:%lu: %s", r->reader.name,
                                     r->reader.next.line ? r->reader.next.line : 1, error);
        return status == -E2BIG ? -EINVAL : status;
    }
    r->past = (struct sds_past){
        .started_ms = r->head.started_ms,
        .now_ms = r->head.started_ms,
        .domain = r->head.domain,
        .types = r->head.types.v,
        .n_types = r->head.types.n,
    };
    return 0;
}

/* Takes @in, which may be NULL. */
static int open_stream(const char *name, FILE *in, const struct sds_source_config *config,
                       struct sds_source **ret, char **ret_error)
{
    struct recording *r = calloc(1, sizeof(*r));
    SDS_CLEANUP(sds_source_freep) struct sds_source *source = r ? &r->source : NULL;
    int status;

    if (!r) {
        if (in)
            fclose(in);
        return -ENOMEM;
    }
    r->source.ops = &ops;
    r->source.config = *config;
    status = sds_recording_reader_init(&r->reader, name, in, &r->source);
    if (status < 0 || !in)
        return -ENOMEM;
    r->timer = sds_timer_new(config->loop, run, r);
    if (!r->timer)
        return -ENOMEM;
    status = read_head(r, ret_error);
    if (status < 0)
        return status;
    add_origin(r);
    note_narrowness(r);
    r->progress.types = config->n_types;
    r->began_ms = config->clock->mono_ms();
    sds_timer_set(r->timer, 0);
    *ret = SDS_TAKE(source);
    return 0;
}

int sds_recording_open(const char *path, const struct sds_source_config *config,
                       struct sds_source **ret, char **ret_error)
{
    struct stat st;
    FILE *in;
    int r = stat(path, &st) < 0 ? -errno : 0;

    if (r == 0 && !S_ISREG(st.st_mode)) {
        *ret_error = sds_text_format("cannot read the recording '%s': not a file", path);
        return -EINVAL;
    }
    in = r == 0 ? fopen(path, "re") : NULL;
    if (!in) {
        r = r < 0 ? r : -errno;
        *ret_error = sds_text_format("cannot read the recording '%s': %s", path, strerror(-r));
        return r;
    }
    return open_stream(path, in, config, ret, ret_error);
}

int sds_recording_open_text(const char *name, const char *text, size_t len,
                            const struct sds_source_config *config, struct sds_source **ret,
                            char **ret_error)
{
    return open_stream(name, fmemopen((void *)text, len, "r"), config, ret, ret_error);
}
