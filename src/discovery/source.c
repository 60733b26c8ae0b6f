/* SPDX-License-Identifier: MIT */
#include "discovery/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"
#include "config.h"
#include "discovery/demo.h"
#include "discovery/interfaces.h"
#include "discovery/recording.h"
#include "discovery/source_impl.h"
#include "sdscope/name.h"

/* They are for people: a flood of them would hide the first. */
#define REASONS_MAX 32
#define NOTES_MAX   32

#if !SDS_HAVE_AVAHI
int sds_avahi_client_new(const struct sds_querier_config *config, struct sds_querier **ret,
                         char **ret_error)
{
    *ret_error = sds_text_format("this sdscope was built without the source 'avahi'");
    return -ENOTSUP;
}
#endif

#if !SDS_HAVE_EMBEDDED
int sds_avahi_core_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error)
{
    *ret_error = sds_text_format("this sdscope was built without the source 'embedded'");
    return -ENOTSUP;
}
#endif

/* Who has another beside him who asks. */
typedef int companion_new_fn(const struct sds_querier_config *config, struct sds_querier *asking,
                             struct sds_querier **ret, char **ret_error);

/* Avahi asks as @asking_new makes it, with a companion where there can be one; where not,
 * *@ret_error says why. */
static int pair_of(sds_querier_new_fn *asking_new, companion_new_fn *companion_new,
                   const struct sds_querier_config *config, struct sds_querier **ret,
                   char **ret_error)
{
    struct sds_querier *asking;
    int r = asking_new(config, &asking, ret_error);

    if (r < 0)
        return r;
    if (companion_new(config, asking, ret, ret_error) < 0)
        *ret = asking;
    return 0;
}

static int client_and_wire_new(const struct sds_querier_config *config, struct sds_querier **ret,
                               char **ret_error)
{
    return pair_of(sds_avahi_client_new, sds_duet_new, config, ret, ret_error);
}

static int core_and_wire_new(const struct sds_querier_config *config, struct sds_querier **ret,
                             char **ret_error)
{
    return pair_of(sds_avahi_core_new, sds_duet_new, config, ret, ret_error);
}

static int client_and_witness_new(const struct sds_querier_config *config, struct sds_querier **ret,
                                  char **ret_error)
{
    return pair_of(sds_avahi_client_new, sds_witness_new, config, ret, ret_error);
}

static int core_and_witness_new(const struct sds_querier_config *config, struct sds_querier **ret,
                                char **ret_error)
{
    return pair_of(sds_avahi_core_new, sds_witness_new, config, ret, ret_error);
}

/* The wire was to listen, and could not: @why is taken. */
static void note_deafness(struct sds_source *source, char *why)
{
    char *note = why ? sds_text_format("%s: rules that need records as they were sent are not "
                                       "evaluated",
                                       why)
                     : NULL;

    if (note)
        sds_source_add_note(source, note);
    free(note);
    free(why);
}

static int open_wire(const struct sds_source_config *config, struct sds_source **ret,
                     char **ret_error)
{
    return sds_browser_new(config, sds_wire_new, NULL, ret, ret_error);
}

/* What keeps a daemon from answering, such as a flood, would keep another Avahi as well. */
static int open_beside_hanging(const struct sds_source_config *config, struct sds_source **ret,
                               char **ret_error)
{
    int r = open_wire(config, ret, ret_error);

    if (r == 0)
        sds_source_add_note(*ret, "the Avahi daemon does not answer: sdscope asked by itself");
    return r;
}

static int open_auto(const struct sds_source_config *config, struct sds_source **ret,
                     char **ret_error)
{
    SDS_CLEANUP(sds_freep) char *no_daemon = NULL;
    SDS_CLEANUP(sds_freep) char *no_core = NULL;
    int r = sds_browser_new(config, client_and_wire_new, sds_wire_new, ret, &no_daemon);

    if (r == 0) {
        note_deafness(*ret, SDS_TAKE(no_daemon));
        return 0;
    }
    if (r == -ETIMEDOUT)
        return open_beside_hanging(config, ret, ret_error);
    if (r != -ENOTCONN && r != -ENOTSUP) {
        *ret_error = SDS_TAKE(no_daemon);
        return r;
    }
    r = sds_browser_new(config, core_and_wire_new, sds_wire_new, ret, &no_core);
    if (r < 0) {
        *ret_error = sds_text_format("%s; %s", no_daemon ? no_daemon : "no Avahi daemon",
                                     no_core ? no_core : strerror(-r));
        return r;
    }
    note_deafness(*ret, SDS_TAKE(no_core));
    sds_source_add_note(*ret, "no Avahi daemon answers here: sdscope asked by itself");
    return 0;
}

/* A source without a witness waits for another round, and is none the worse for it. */
static int open_with_witness(sds_querier_new_fn *querier_new,
                             const struct sds_source_config *config, struct sds_source **ret,
                             char **ret_error)
{
    int r = sds_browser_new(config, querier_new, NULL, ret, ret_error);

    if (r == 0)
        free(SDS_TAKE(*ret_error));
    return r;
}

static int open_avahi(const struct sds_source_config *config, struct sds_source **ret,
                      char **ret_error)
{
    return open_with_witness(client_and_witness_new, config, ret, ret_error);
}

static int open_embedded(const struct sds_source_config *config, struct sds_source **ret,
                         char **ret_error)
{
    return open_with_witness(core_and_witness_new, config, ret, ret_error);
}

static int open_demo(const struct sds_source_config *config, struct sds_source **ret,
                     char **ret_error)
{
    return sds_recording_open_text("demo", sds_demo_text, sds_demo_len, config, ret, ret_error);
}

static const struct {
    const char *word;
    int (*open)(const struct sds_source_config *config, struct sds_source **ret, char **ret_error);
    bool is_recording;
} sources[] = {
    {"auto", open_auto, false},         {"avahi", open_avahi, false}, {"demo", open_demo, true},
    {"embedded", open_embedded, false}, {"wire", open_wire, false},
};

static bool is_path(const char *word)
{
    return strpbrk(word, "./") || access(word, F_OK) == 0;
}

static size_t find_word(const char *word)
{
    size_t i = 0;

    while (i < SDS_COUNT(sources) && strcmp(sources[i].word, word) != 0)
        i++;
    return i;
}

bool sds_source_is_word(const char *word)
{
    return find_word(word) < SDS_COUNT(sources) || is_path(word);
}

bool sds_source_is_recording(const char *word)
{
    size_t i = find_word(word);

    return i < SDS_COUNT(sources) ? sources[i].is_recording : is_path(word);
}

int sds_source_open(const char *word, const struct sds_source_config *config,
                    struct sds_source **ret, char **ret_error)
{
    size_t i = find_word(word);

    *ret_error = NULL;
    if (i == SDS_COUNT(sources))
        return is_path(word) ? sds_recording_open(word, config, ret, ret_error) : -EINVAL;
    if (!sources[i].is_recording && !sds_interface_can_multicast(config->interface)) {
        *ret_error =
            config->interface ? sds_text_format("interface '%s' is down, has no address or cannot "
                                                "multicast",
                                                config->interface)
                              : sds_text_format(
                                    "no network: no interface is up that can multicast");
        return -ENETDOWN;
    }
    return sources[i].open(config, ret, ret_error);
}

void sds_source_stop(struct sds_source *source)
{
    source->ops->stop(source);
}

struct sds_source *sds_source_free(struct sds_source *source)
{
    if (!source)
        return NULL;
    source->ops->free(source);
    for (size_t i = 0; i < source->reasons.n; i++)
        free(source->reasons.v[i]);
    for (size_t i = 0; i < source->notes.n; i++)
        free(source->notes.v[i]);
    sds_domains_done(&source->domains);
    free(source->reasons.v);
    free(source->notes.v);
    free(source);
    return NULL;
}

const char *sds_source_name(const struct sds_source *source)
{
    return source->ops->name(source);
}

struct sds_progress sds_source_progress(const struct sds_source *source)
{
    return source->ops->progress(source);
}

const struct sds_past *sds_source_past(const struct sds_source *source)
{
    return source && source->ops->past ? source->ops->past(source) : NULL;
}

/* ---- what is wanted of it ----------------------------------------------------------------- */

bool sds_source_is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sds_name_same(name, names[i]))
            return true;
    return false;
}

bool sds_source_wants(const struct sds_source_config *config, const struct sds_service *service)
{
    return (!config->n_types ||
            sds_source_is_among(service->type, config->types, config->n_types)) &&
           (!config->domain || !service->domain || sds_name_same(service->domain, config->domain));
}

/* ---- travel in time ----------------------------------------------------------------------- */

bool sds_source_can_travel(const struct sds_source *source)
{
    return source->ops->travel && source->ops->travel->is_possible(source);
}

void sds_source_pause(struct sds_source *source, bool is_paused)
{
    if (source->ops->travel)
        source->ops->travel->pause(source, is_paused);
}

bool sds_source_is_paused(const struct sds_source *source)
{
    return source->ops->travel && source->ops->travel->is_paused(source);
}

int sds_source_step(struct sds_source *source, int n_events)
{
    return source->ops->travel ? source->ops->travel->step(source, n_events) : -ENOTSUP;
}

int sds_source_travel(struct sds_source *source, int64_t time_ms)
{
    return source->ops->travel ? source->ops->travel->travel(source, time_ms) : -ENOTSUP;
}

double sds_source_pace(const struct sds_source *source)
{
    return source->ops->travel ? source->ops->travel->pace(source) : 1;
}

int sds_source_set_speed(struct sds_source *source, double speed)
{
    if (!source->ops->travel)
        return -ENOTSUP;
    source->ops->travel->set_speed(source, speed);
    return 0;
}

/* ---- what is said of it ------------------------------------------------------------------- */

bool sds_source_queries(const struct sds_source *source, struct sds_traffic *ret)
{
    return source->ops->queries && source->ops->queries(source, ret);
}

const char *const *sds_source_reasons(const struct sds_source *source, size_t *ret_n)
{
    *ret_n = source->reasons.n;
    return (const char *const *)source->reasons.v;
}

const char *const *sds_source_notes(const struct sds_source *source, size_t *ret_n)
{
    *ret_n = source->notes.n;
    return (const char *const *)source->notes.v;
}

/* Add a copy, unless it is there already. */
static void add_once(struct sds_source_texts *texts, const char *text)
{
    char *copy;

    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(texts->v[i], text) == 0)
            return;
    copy = strdup(text);
    if (copy && !sds_arr_push(texts, copy))
        free(copy);
}

const struct sds_domains *sds_source_domains(const struct sds_source *source)
{
    return &source->domains;
}

void sds_source_add_reason(struct sds_source *source, const char *reason)
{
    if (source->reasons.n < REASONS_MAX)
        add_once(&source->reasons, reason);
}

void sds_source_add_note(struct sds_source *source, const char *note)
{
    if (source->notes.n < NOTES_MAX)
        add_once(&source->notes, note);
}
