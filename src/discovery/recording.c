/* SPDX-License-Identifier: MIT */

/* A source that tells again what was recorded. Lines are read one ahead. */

#include "discovery/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/recording_marks.h"
#include "discovery/recording_reader.h"
#include "discovery/source_impl.h"
#include "sdscope/name.h"

#define BATCH_MAX 256 /* events between two looks at signals and other timers */

struct recording {
    struct sds_source source;
    struct sds_recording_reader reader;
    struct sds_timer *timer;

    struct sds_recording_head head;
    struct sds_recording_line next; /* the event that is due next */
    bool has_next;

    struct sds_recording_state state;  /* what has been told */
    struct sds_recording_marks *marks; /* NULL: it does not go back */
    bool is_told, is_telling, is_paused;

    struct sds_past past;
    int64_t from_ms, from_mono_ms; /* its time runs from there, and then by config.clock */
};

SDS_DEFINE_FREEP(struct sds_source, sds_source_free)

/* ---- what is asked for -------------------------------------------------------------------- */

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
        has_all = has_all && sds_source_is_among(config->types[i], types->v, types->n);
    if (!has_all)
        sds_source_add_reason(&r->source, "the recording was not asked for all of these types");
    if (config->domain && r->head.domain && !sds_name_same(config->domain, r->head.domain))
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

/* Returns whether that says something new. */
static bool tell_service(struct recording *r, const struct sds_recording_line *line)
{
    const struct sds_source_config *config = &r->source.config;
    const struct sds_source_events *events = &config->events;

    if (!sds_source_wants(config, line->service))
        return false;
    if (line->kind == SDS_EVENT_REMOVED || !is_seen(config, line->service)) {
        bool was_there = !r->marks || sds_recording_marks_lose(r->marks, line->service);

        events->removed(events->userdata, line->service);
        return was_there;
    }
    if (r->marks &&
        sds_recording_marks_see(r->marks, line->service, r->reader.at, r->past.now_ms) < 0)
        sds_source_add_reason(&r->source, "out of memory: what is told of the past has gaps");
    if (line->kind == SDS_EVENT_ADDED) {
        r->state.progress.instances++;
        r->state.progress.resolved++;
        events->added(events->userdata, line->service);
    } else {
        events->changed(events->userdata, line->service);
    }
    return true;
}

static void tell_settled(struct recording *r)
{
    const struct sds_source_events *events = &r->source.config.events;

    r->state.is_settled = true;
    if (r->source.config.is_continuous)
        events->settled(events->userdata);
}

static void tell_loss(struct recording *r, const struct sds_recording_line *line)
{
    const struct sds_source_events *events = &r->source.config.events;
    SDS_CLEANUP(sds_freep)
    char *why = sds_text_dup_name(line->message ? line->message : "the source was gone");

    r->state.lost = r->reader.at;
    events->lost(events->userdata, why ? why : "out of memory");
}

static void tell_return(struct recording *r)
{
    const struct sds_source_events *events = &r->source.config.events;

    r->state.lost = (struct sds_recording_place){0};
    events->back(events->userdata);
}

/* Returns whether the line is an event to whoever listens. */
static bool tell(struct recording *r, const struct sds_recording_line *line)
{
    add_reasons(r, line);
    if (line->service)
        return tell_service(r, line);
    if (line->kind == SDS_EVENT_SETTLED)
        tell_settled(r);
    else if (line->kind == SDS_EVENT_LOST)
        tell_loss(r, line);
    else if (line->kind == SDS_EVENT_BACK)
        tell_return(r);
    r->state.has_end |= line->kind == SDS_EVENT_ENDED;
    return true;
}

static int64_t no_earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

/* When the last event was; the start, where none has been told. */
static int64_t time_of(const struct recording *r, const struct sds_recording_state *state)
{
    return no_earlier(state->time_ms, r->head.started_ms);
}

/* A clock that was set back does not turn the time. */
static int64_t time_of_next(const struct recording *r)
{
    return no_earlier(r->next.time_ms, time_of(r, &r->state));
}

static bool look_ahead(struct recording *r)
{
    if (!r->has_next)
        r->has_next = sds_recording_reader_event(&r->reader, &r->next);
    return r->has_next;
}

static void drop_next(struct recording *r)
{
    sds_recording_line_done(&r->next);
    r->has_next = false;
}

static void tell_next(struct recording *r)
{
    int64_t time_ms = time_of_next(r);

    /* All that happened at the time of a mark stands before it. One that cannot be made is missed
     * by nobody but the clock. */
    if (r->marks && time_ms > r->state.time_ms)
        sds_recording_marks_put(r->marks, &r->state);
    r->state.place = r->reader.next;
    r->state.time_ms = r->past.now_ms = time_ms;
    r->is_telling = true;
    r->state.n_events += tell(r, &r->next);
    r->is_telling = false;
    drop_next(r);
}

static void finish(struct recording *r)
{
    const struct sds_source_events *events = &r->source.config.events;

    r->is_told = true;
    r->past.now_ms = time_of(r, &r->state);
    if (!r->state.has_end)
        sds_recording_reader_fault(&r->reader,
                                   "the recording breaks off: what came after is not known");
    r->is_telling = true;
    if (!r->source.config.is_continuous)
        events->settled(events->userdata);
    events->ended(events->userdata);
    r->is_telling = false;
}

/* ---- the time ----------------------------------------------------------------------------- */

/* How much of its time has gone by since from_ms. */
static double gone_ms(const struct recording *r)
{
    const struct sds_source_config *config = &r->source.config;

    return (double)(config->clock->mono_ms() - r->from_mono_ms) * config->speed;
}

static double recording_pace(const struct sds_source *source)
{
    const struct recording *r = (const struct recording *)source;
    bool stands = r->is_paused || r->is_told || source->config.speed <= 0;

    return stands ? 0 : source->config.speed;
}

/* Bring now_ms up to now, which is not later than the next event. */
static void move_on(struct recording *r)
{
    double gone = gone_ms(r);

    if (!r->has_next || r->is_telling || recording_pace(&r->source) <= 0)
        return;
    if (gone < (double)(time_of_next(r) - r->from_ms))
        r->past.now_ms = no_earlier(r->from_ms + llround(gone), r->past.now_ms);
    else
        r->past.now_ms = time_of_next(r);
}

/* Milliseconds until the next event. */
static int64_t delay_of_next(const struct recording *r)
{
    const struct sds_source_config *config = &r->source.config;
    double at_ms;

    if (config->speed <= 0)
        return 0;
    at_ms = (double)(time_of_next(r) - r->from_ms) / config->speed;
    return llround(at_ms) - (config->clock->mono_ms() - r->from_mono_ms);
}

static void run(void *userdata)
{
    struct recording *r = userdata;

    for (int n = 0; n < BATCH_MAX && !r->is_paused; n++) {
        int64_t delay_ms;

        if (!look_ahead(r)) {
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
    if (!r->is_paused)
        sds_timer_set(r->timer, 0);
}

/* Go on from now_ms, where it shall. */
static void go_on(struct recording *r)
{
    r->from_ms = r->past.now_ms;
    r->from_mono_ms = r->source.config.clock->mono_ms();
    if (r->is_paused || r->is_told)
        sds_timer_stop(r->timer);
    else
        sds_timer_set(r->timer, 0);
}

/* ---- travel ------------------------------------------------------------------------------- */

/* Read the line at a place again. */
static bool read_again(struct recording *r, struct sds_recording_place place, bool has_service,
                       struct sds_recording_line *ret)
{
    if (sds_recording_reader_seek(&r->reader, place) < 0 ||
        !sds_recording_reader_event(&r->reader, ret))
        return false;
    if ((ret->service != NULL) == has_service)
        return true;
    sds_recording_reader_fault(&r->reader, "the recording was changed while it was read");
    sds_recording_line_done(ret);
    return false;
}

static void tell_sighting(struct recording *r, const struct sds_recording_sighting *sighting)
{
    struct sds_recording_line line;

    if (!read_again(r, sighting->place, true, &line))
        return;
    line.kind = SDS_EVENT_ADDED;
    r->past.now_ms = sighting->since_ms;
    tell_service(r, &line);
    sds_recording_line_done(&line);
}

static void tell_state(struct recording *r, const struct sds_recording_state *state)
{
    struct sds_recording_line line;

    r->past.now_ms = time_of(r, state);
    if (state->is_settled)
        tell_settled(r);
    if (state->lost.line && read_again(r, state->lost, false, &line)) {
        tell_loss(r, &line);
        sds_recording_line_done(&line);
    }
}

/* Tell anew what was at the mark. */
static int go_back(struct recording *r, const struct sds_recording_mark *mark)
{
    const struct sds_source_events *events = &r->source.config.events;
    int status = sds_recording_reader_seek(&r->reader, mark->state.place);

    if (status < 0)
        return status;
    drop_next(r);
    sds_recording_marks_forget(r->marks);
    r->is_told = false;
    r->is_telling = true;
    r->past.now_ms = time_of(r, &mark->state);
    events->reset(events->userdata, mark->state.time_ms);
    for (size_t i = 0; i < mark->n_sightings; i++)
        tell_sighting(r, &mark->sightings[i]);
    tell_state(r, &mark->state);
    r->is_telling = false;
    r->state = mark->state;
    return sds_recording_reader_seek(&r->reader, r->state.place);
}

static bool recording_can_travel(const struct sds_source *source)
{
    return ((const struct recording *)source)->marks != NULL;
}

static void recording_pause(struct sds_source *source, bool is_paused)
{
    struct recording *r = (struct recording *)source;

    move_on(r);
    r->is_paused = is_paused;
    go_on(r);
}

static bool recording_is_paused(const struct sds_source *source)
{
    return ((const struct recording *)source)->is_paused;
}

static void recording_set_speed(struct sds_source *source, double speed)
{
    struct recording *r = (struct recording *)source;

    move_on(r);
    r->source.config.speed = speed;
    go_on(r);
}

/* Returns 0, or why the past that is wanted cannot be told. */
static int go_back_to(struct recording *r, int64_t time_ms, size_t n_events)
{
    if (!r->marks)
        return -ESPIPE;
    return go_back(r, sds_recording_marks_at(r->marks, time_ms, n_events));
}

static int recording_step(struct sds_source *source, int n)
{
    struct recording *r = (struct recording *)source;
    size_t n_told = r->state.n_events, n_back = n < 0 ? 0 - (size_t)n : 0;
    size_t n_wanted = n < 0 ? n_told - (n_back < n_told ? n_back : n_told) : n_told + (size_t)n;
    int status = 0;

    if (r->is_telling)
        return -EBUSY;
    recording_pause(source, true);
    if (n_wanted < n_told)
        status = go_back_to(r, INT64_MAX, n_wanted);
    if (status < 0)
        return status;
    while (r->state.n_events < n_wanted && !r->is_told && look_ahead(r))
        tell_next(r);
    if (!r->is_told && n > 0 && !look_ahead(r))
        finish(r);
    r->past.now_ms = time_of(r, &r->state);
    return 0;
}

static int recording_travel(struct sds_source *source, int64_t time_ms)
{
    struct recording *r = (struct recording *)source;
    int status = 0;

    if (r->is_telling)
        return -EBUSY;
    time_ms = no_earlier(time_ms, r->head.started_ms);
    if (time_ms < r->state.time_ms)
        status = go_back_to(r, time_ms, SIZE_MAX);
    if (status < 0)
        return status;
    while (!r->is_told && look_ahead(r) && time_of_next(r) <= time_ms)
        tell_next(r);
    if (r->has_next)
        r->past.now_ms = time_ms;
    else if (!r->is_told)
        finish(r);
    go_on(r);
    return 0;
}

static const struct sds_source_travel_ops travel_ops = {
    .is_possible = recording_can_travel,
    .pause = recording_pause,
    .is_paused = recording_is_paused,
    .step = recording_step,
    .travel = recording_travel,
    .pace = recording_pace,
    .set_speed = recording_set_speed,
};

/* ---- the source --------------------------------------------------------------------------- */

static const char *recording_name(const struct sds_source *source)
{
    (void)source;
    return "recording";
}

static struct sds_progress recording_progress(const struct sds_source *source)
{
    return ((const struct recording *)source)->state.progress;
}

static const struct sds_past *recording_past(const struct sds_source *source)
{
    struct recording *r = (struct recording *)source; /* of which only the idea of now changes */

    move_on(r);
    return &r->past;
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
    sds_recording_marks_free(r->marks);
    sds_recording_head_done(&r->head);
    sds_recording_reader_done(&r->reader);
}

static const struct sds_source_ops ops = {
    .name = recording_name,
    .progress = recording_progress,
    .past = recording_past,
    .travel = &travel_ops,
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

static void begin(struct recording *r)
{
    r->state = (struct sds_recording_state){
        .place = r->reader.next,
        .time_ms = r->head.started_ms - 1, /* not even the first millisecond has been told of */
        .progress = {.types = r->source.config.n_types},
    };
}

static int make_marks(struct recording *r)
{
    if (!sds_recording_reader_can_seek(&r->reader))
        return 0;
    r->marks = sds_recording_marks_new();
    if (!r->marks || sds_recording_marks_put(r->marks, &r->state) < 0)
        return -ENOMEM;
    return sds_recording_reader_find_end(&r->reader, &r->past.ended_ms);
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
    begin(r);
    status = config->events.reset ? make_marks(r) : 0;
    if (status < 0) {
        if (status != -ENOMEM)
            *ret_error = sds_text_format("cannot read the recording %s: %s", r->reader.name,
                                         strerror(-status));
        return status;
    }
    add_origin(r);
    note_narrowness(r);
    go_on(r);
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
