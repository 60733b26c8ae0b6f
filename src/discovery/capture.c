/* SPDX-License-Identifier: MIT */

/* A capture of somebody's LAN as a source: what was said in it is what there is. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/source_impl.h"
#include "wire/capture.h"
#include "wire/replay.h"
#include "wire/told.h"

#define DATAGRAMS_PER_TURN 512 /* signals and deadlines get their turn, too */

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

struct capture_source {
    struct sds_source source;
    struct sds_capture *capture;
    struct sds_store *store;
    struct sds_replay replay;
    struct sds_timer *turn;
    struct sds_progress progress;
};

static bool is_among(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (sds_text_fold_equal(words[i], word))
            return true;
    return false;
}

static bool is_wanted(const struct sds_source_config *config, const struct sds_service *service)
{
    return (!config->n_types || is_among(config->types, config->n_types, service->type)) &&
           (!service->domain || sds_text_fold_equal(service->domain, config->domain));
}

static int tell(void *userdata, const struct sds_told *told)
{
    struct capture_source *c = userdata;
    const struct sds_source_config *config = &c->source.config;
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    char link[SDS_CAPTURE_LINK_SIZE];
    int r;

    sds_capture_link_name(c->capture, told->ifindex, link);
    r = sds_told_service(c->store, told, link, &service);
    if (r == -EINVAL)
        return 0; /* named by what is no type */
    if (r < 0)
        return r;
    if (!is_wanted(config, service))
        return 0;
    c->progress.instances++;
    c->progress.resolved++;
    config->events.added(config->events.userdata, service);
    return 0;
}

static void add_reason(struct capture_source *c, uint64_t n, const char *what)
{
    SDS_CLEANUP(sds_freep) char *reason = sds_text_format("%" PRIu64 " %s", n, what);

    if (n && reason)
        sds_source_add_reason(&c->source, reason);
}

static void note_losses(struct capture_source *c)
{
    struct sds_capture_counts counts = sds_capture_counts(c->capture);
    const char *flaw = sds_capture_flaw(c->capture);
    SDS_CLEANUP(sds_freep)
    char *reason = flaw ? sds_text_format("the capture is damaged: %s", flaw) : NULL;

    if (reason)
        sds_source_add_reason(&c->source, reason);
    add_reason(c, counts.cut, "packets of the capture were cut short (snaplen)");
    add_reason(c, counts.damaged, "packets of the capture were damaged");
    add_reason(c, sds_store_counts(c->store).evicted, "records had to go for want of room");
}

static void finish(struct capture_source *c)
{
    const struct sds_source_config *config = &c->source.config;

    if (sds_told_walk(c->store, tell, c) < 0)
        sds_source_add_reason(&c->source, "out of memory: some services were dropped");
    note_losses(c);
    config->events.settled(config->events.userdata);
}

static void on_turn(void *userdata)
{
    struct capture_source *c = userdata;
    int r = 1;

    for (int i = 0; i < DATAGRAMS_PER_TURN && r > 0; i++)
        r = sds_replay_step(&c->replay);
    if (r < 0)
        sds_source_add_reason(&c->source, "out of memory: some records were dropped");
    if (r > 0)
        sds_timer_set(c->turn, 0);
    else
        finish(c);
}

static const char *name(const struct sds_source *source)
{
    (void)source;
    return "capture";
}

static struct sds_progress progress(const struct sds_source *source)
{
    return ((const struct capture_source *)source)->progress;
}

static void stop(struct sds_source *source)
{
    (void)source; /* what was read in part would only mislead */
}

static void source_free(struct sds_source *source)
{
    struct capture_source *c = (struct capture_source *)source;

    sds_timer_free(c->turn);
    sds_store_free(c->store);
    sds_capture_free(c->capture);
}

static const struct sds_source_ops ops = {
    .name = name,
    .progress = progress,
    .stop = stop,
    .free = source_free,
};

static void ignore(void *userdata, const struct sds_store_change *change)
{
    (void)userdata;
    (void)change;
}

static int prepare(struct capture_source *c, const char *path, char **ret_error)
{
    struct sds_store_config store = {
        .max_records = SDS_STORE_RECORDS_MAX,
        .max_bytes = SDS_STORE_BYTES_MAX,
        .is_lasting = true,
        .changed = ignore,
    };
    int r = sds_capture_open(path, &c->capture, ret_error);

    if (r < 0)
        return r;
    if (getrandom(&store.key, sizeof(store.key), 0) != sizeof(store.key))
        return -EIO;
    c->store = sds_store_new(&store);
    c->turn = sds_timer_new(c->source.config.loop, on_turn, c);
    if (!c->store || !c->turn)
        return -ENOMEM;
    c->replay = (struct sds_replay){.capture = c->capture, .store = c->store};
    sds_timer_set(c->turn, 0);
    return 0;
}

int sds_source_open_capture(const char *path, const struct sds_source_config *config,
                            struct sds_source **ret, char **ret_error)
{
    struct capture_source *c = calloc(1, sizeof(*c));
    int r;

    *ret_error = NULL;
    if (!c)
        return -ENOMEM;
    c->source.ops = &ops;
    c->source.config = *config;
    r = prepare(c, path, ret_error);
    if (r < 0)
        sds_source_free(&c->source);
    else
        *ret = &c->source;
    return r;
}
