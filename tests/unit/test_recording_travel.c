/* SPDX-License-Identifier: MIT */

/* Travel in the time of a recording: wherever one comes from, what there is at a time, since when,
 * and what had happened until then is what a straight replay tells. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/arr.h"
#include "base/mem.h"
#include "discovery/inventory.h"
#include "discovery/recording.h"
#include "files/recording.h"
#include "files/service_json.h"

#define START_MS INT64_C(1795341600000)

/* ---- a recording -------------------------------------------------------------------------- */

struct text {
    char *text;
    size_t len;
    FILE *out;
};

static void open_text(struct text *text)
{
    const struct sds_recording_head head = {.host = "desk", .started_ms = START_MS};

    text->out = open_memstream(&text->text, &text->len);
    assert_non_null(text->out);
    assert_int_equal(sds_recording_write_head(&head, text->out), 0);
}

static void put_line(struct text *text, enum sds_event_kind kind, int64_t at_ms,
                     const struct sds_service *service)
{
    const char *reason = "a line was lost";
    const struct sds_recording_line line = {
        .kind = kind,
        .time_ms = START_MS + at_ms,
        .service = service,
        .message = kind == SDS_EVENT_LOST ? "the daemon has gone" : NULL,
        .reasons = {&reason, kind == SDS_EVENT_SETTLED},
        .notes = {&reason, kind == SDS_EVENT_ENDED},
    };

    assert_int_equal(sds_recording_write_line(&line, text->out), 0);
}

static void add_link(struct sds_service *service, const char *interface)
{
    struct sds_sighting seen = {.family = AF_INET};

    snprintf(seen.interface, sizeof(seen.interface), "%s", interface);
    assert_int_equal(sds_service_add_sighting(service, seen), 0);
}

static struct sds_service *make_service(const char *instance, const char *interface, uint16_t port)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_instance(service, instance, strlen(instance)), 0);
    assert_int_equal(sds_service_set_domain(service, "local"), 0);
    add_link(service, interface);
    sds_service_set_port(service, port);
    return service;
}

static void put_service(struct text *text, enum sds_event_kind kind, int64_t at_ms,
                        const char *instance, const char *interface, uint16_t port)
{
    struct sds_service *service = make_service(instance, interface, port);

    put_line(text, kind, at_ms, service);
    sds_service_free(service);
}

static void close_text(struct text *text)
{
    assert_int_equal(fclose(text->out), 0);
}

/* Numbers that look random, the same everywhere. */
static unsigned roll(uint64_t *seed, unsigned n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % n;
}

#define N_NAMES 9
#define N_LINKS 3

/* What is where while a recording is made up. */
struct story {
    struct text *text;
    uint64_t seed;
    int64_t at_ms;
    bool is_here[N_NAMES][N_LINKS];
    bool is_wild; /* what a program that errs would write */
};

static void add_service_event(struct story *s)
{
    static const char *const links[N_LINKS] = {"eth0", "wlan0", "br0"};
    unsigned name = roll(&s->seed, N_NAMES), link = roll(&s->seed, N_LINKS);
    uint16_t port = (uint16_t)roll(&s->seed, 5);
    bool *is_here = &s->is_here[name][link];
    enum sds_event_kind kind = SDS_EVENT_ADDED;
    struct sds_service *service;
    char instance[] = "a lamp";

    if (*is_here)
        kind = roll(&s->seed, 3) ? SDS_EVENT_CHANGED : SDS_EVENT_REMOVED;
    *is_here = kind != SDS_EVENT_REMOVED;
    /* Names differ by no more than the case of their letters. */
    *instance = (char)((roll(&s->seed, 4) ? 'a' : 'A') + (int)name);
    if (!s->is_wild) {
        put_service(s->text, kind, s->at_ms, instance, links[link], port);
        return;
    }
    service = make_service(instance, links[link], port);
    add_link(service, links[roll(&s->seed, N_LINKS)]);
    if (roll(&s->seed, 4) == 0)
        sds_service_set_unknown(service, SDS_PART_DOMAIN);
    put_line(s->text, (enum sds_event_kind)roll(&s->seed, SDS_EVENT_REMOVED + 1), s->at_ms,
             service);
    sds_service_free(service);
}

static void add_event(struct story *s)
{
    static const enum sds_event_kind others[] = {SDS_EVENT_SETTLED, SDS_EVENT_LOST, SDS_EVENT_BACK};
    static const char *const damages[] = {"\n", "{}\n", "no line\n", " \t\n"};
    unsigned what = roll(&s->seed, 100);

    if (roll(&s->seed, 3) == 0)
        s->at_ms += roll(&s->seed, 20) ? roll(&s->seed, 50) : 5000;
    if (roll(&s->seed, 50) == 0)
        s->at_ms -= 20; /* a clock that was set back */
    if (what < 94)
        add_service_event(s);
    else if (what < 97)
        put_line(s->text, others[roll(&s->seed, SDS_COUNT(others))], s->at_ms, NULL);
    else
        fputs(damages[roll(&s->seed, SDS_COUNT(damages))], s->text->out);
}

static void make_up(uint64_t seed, size_t n, bool is_wild, struct text *ret)
{
    struct story story = {.text = ret, .seed = seed, .is_wild = is_wild};

    open_text(ret);
    for (size_t i = 0; i < n; i++)
        add_event(&story);
    if (roll(&story.seed, 4))
        put_line(ret, SDS_EVENT_ENDED, story.at_ms, NULL);
    close_text(ret);
}

/* ---- what is told of it ------------------------------------------------------------------- */

struct told {
    int64_t time_ms;
    enum sds_event_kind kind;
    struct sds_service *service;
};

struct since {
    struct sds_service *service;
    int64_t time_ms;
};

/* What somebody knows who has listened. */
struct view {
    struct sds_source *source; /* NULL: time_ms counts */
    int64_t time_ms;
    struct sds_inventory *inventory;
    SDS_ARR(struct since) since;
    SDS_ARR(struct told) log;
    int64_t reset_ms; /* what comes up to then has been told before ... */
    int64_t again_ms; /* ... and comes again in its order */
    bool is_settled, is_lost, has_ended;
    size_t n_resets;
    struct sds_loop *loop; /* to leave ... */
    size_t n_until_pause;  /* ... after a pause at so many events more; 0: at the end */
};

static int64_t time_of(const struct view *v)
{
    return v->source ? sds_source_past(v->source)->now_ms : v->time_ms;
}

static void on_known(void *userdata, const struct sds_service *service)
{
    struct view *v = userdata;

    assert_true(sds_arr_push(&v->since, (struct since){sds_service_dup(service), time_of(v)}));
}

static void on_gone(void *userdata, const struct sds_service *service)
{
    struct view *v = userdata;
    size_t i = 0;

    while (sds_service_cmp(v->since.v[i].service, service) != 0)
        i++;
    sds_service_free(v->since.v[i].service);
    v->since.v[i] = v->since.v[--v->since.n];
}

static void take(struct view *v, enum sds_event_kind kind, const struct sds_service *service)
{
    int64_t now_ms = time_of(v);

    if (kind == SDS_EVENT_REMOVED)
        assert_int_equal(sds_inventory_lose(v->inventory, service), 0);
    else if (service)
        assert_int_equal(sds_inventory_see(v->inventory, service), 0);
    else if (kind == SDS_EVENT_SETTLED)
        v->is_settled = true;
    else
        v->is_lost = kind == SDS_EVENT_LOST;
    assert_true(now_ms >= v->again_ms);
    v->again_ms = now_ms;
    if (now_ms > v->reset_ms)
        assert_true(sds_arr_push(
            &v->log, (struct told){now_ms, kind, service ? sds_service_dup(service) : NULL}));
    if (v->n_until_pause && --v->n_until_pause == 0) {
        sds_source_pause(v->source, true);
        sds_loop_quit(v->loop);
    }
}

static void on_added(void *userdata, const struct sds_service *service)
{
    take(userdata, SDS_EVENT_ADDED, service);
}

static void on_changed(void *userdata, const struct sds_service *service)
{
    take(userdata, SDS_EVENT_CHANGED, service);
}

static void on_removed(void *userdata, const struct sds_service *service)
{
    take(userdata, SDS_EVENT_REMOVED, service);
}

static void on_settled(void *userdata)
{
    take(userdata, SDS_EVENT_SETTLED, NULL);
}

static void on_lost(void *userdata, const char *why)
{
    assert_string_equal(why, "the daemon has gone");
    take(userdata, SDS_EVENT_LOST, NULL);
}

static void on_back(void *userdata)
{
    take(userdata, SDS_EVENT_BACK, NULL);
}

static void on_ended(void *userdata)
{
    struct view *v = userdata;

    assert_false(v->has_ended);
    v->has_ended = true;
    assert_int_equal(sds_source_travel(v->source, START_MS), -EBUSY);
    assert_int_equal(sds_source_step(v->source, -1), -EBUSY);
    if (v->loop)
        sds_loop_quit(v->loop);
}

static void forget(struct view *v)
{
    for (size_t i = 0; i < v->since.n; i++)
        sds_service_free(v->since.v[i].service);
    v->since.n = 0;
    sds_inventory_clear(v->inventory);
    v->is_settled = v->is_lost = v->has_ended = false;
}

static void on_reset(void *userdata, int64_t time_ms)
{
    struct view *v = userdata;

    forget(v);
    while (v->log.n && v->log.v[v->log.n - 1].time_ms > time_ms)
        sds_service_free(v->log.v[--v->log.n].service);
    v->reset_ms = time_ms;
    v->again_ms = 0;
    v->n_resets++;
}

static void view_init(struct view *v)
{
    const struct sds_inventory_events events = {
        .added = on_known, .removed = on_gone, .userdata = v};

    *v = (struct view){.inventory = sds_inventory_new(&events)};
    assert_non_null(v->inventory);
}

static void view_done(struct view *v)
{
    forget(v);
    for (size_t i = 0; i < v->log.n; i++)
        sds_service_free(v->log.v[i].service);
    free(v->log.v);
    free(v->since.v);
    sds_inventory_free(v->inventory);
}

/* ---- who listens -------------------------------------------------------------------------- */

static int64_t mono;

static int64_t mono_ms(void)
{
    return mono;
}

static const struct sds_clock clock_of_test = {mono_ms, mono_ms};

struct traveller {
    struct sds_loop *loop;
    struct view view;
};

static void set_out(struct traveller *t, const struct text *text, double speed, bool goes_back)
{
    struct sds_source_config config = {
        .clock = &clock_of_test,
        .is_continuous = true,
        .speed = speed,
        .events = {on_added, on_changed, on_removed, on_settled, on_lost, on_back, on_ended,
                   goes_back ? on_reset : NULL, &t->view},
    };
    SDS_CLEANUP(sds_freep) char *error = NULL;

    config.loop = t->loop = sds_loop_new();
    view_init(&t->view);
    assert_int_equal(
        sds_recording_open_text("it", text->text, text->len, &config, &t->view.source, &error), 0);
}

static void come_home(struct traveller *t)
{
    sds_source_free(t->view.source);
    view_done(&t->view);
    sds_loop_free(t->loop);
}

static int64_t now_of(const struct traveller *t)
{
    return sds_source_past(t->view.source)->now_ms - START_MS;
}

static int travel(struct traveller *t, int64_t at_ms)
{
    return sds_source_travel(t->view.source, START_MS + at_ms);
}

/* All that a recording tells, by a source that does not go back. */
static void replay(const struct text *text, struct traveller *ret)
{
    set_out(ret, text, 0, false);
    ret->view.loop = ret->loop;
    assert_int_equal(sds_loop_run(ret->loop), 0);
    assert_true(ret->view.has_ended);
}

/* ---- comparing ---------------------------------------------------------------------------- */

static void assert_same_service(const struct sds_service *a, const struct sds_service *b)
{
    json_t *x = sds_service_to_json(a), *y = sds_service_to_json(b);

    assert_true(json_equal(x, y));
    json_decref(x);
    json_decref(y);
}

static int64_t since_of(const struct view *v, const struct sds_service *service)
{
    for (size_t i = 0; i < v->since.n; i++)
        if (sds_service_cmp(v->since.v[i].service, service) == 0)
            return v->since.v[i].time_ms;
    return -1;
}

static void assert_same_services(const struct view *a, const struct view *b)
{
    size_t n, m;
    const struct sds_service **x = sds_inventory_list(a->inventory, &n);
    const struct sds_service **y = sds_inventory_list(b->inventory, &m);

    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        assert_same_service(x[i], y[i]);
        assert_int_equal(since_of(a, x[i]), since_of(b, y[i]));
    }
    free(x);
    free(y);
}

static void assert_same_log(const struct view *a, const struct view *b)
{
    assert_int_equal(a->log.n, b->log.n);
    for (size_t i = 0; i < a->log.n; i++) {
        const struct told *x = &a->log.v[i], *y = &b->log.v[i];

        assert_int_equal(x->time_ms, y->time_ms);
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(!x->service, !y->service);
        if (x->service)
            assert_same_service(x->service, y->service);
    }
}

static void assert_same(const struct view *a, const struct view *b)
{
    assert_same_services(a, b);
    assert_same_log(a, b);
    assert_int_equal(a->is_settled, b->is_settled);
    assert_int_equal(a->is_lost, b->is_lost);
}

/* What is known after the first @n events of a replay. */
static void view_of(const struct view *all, size_t n, struct view *ret)
{
    view_init(ret);
    for (size_t i = 0; i < n; i++) {
        ret->time_ms = all->log.v[i].time_ms;
        take(ret, all->log.v[i].kind, all->log.v[i].service);
    }
}

static size_t n_until(const struct view *all, int64_t time_ms)
{
    size_t n = 0;

    while (n < all->log.n && all->log.v[n].time_ms <= time_ms)
        n++;
    return n;
}

static void assert_is_at(const struct traveller *t, const struct view *all, size_t n)
{
    struct view wanted;

    view_of(all, n, &wanted);
    assert_same(&t->view, &wanted);
    view_done(&wanted);
}

/* ---- tests -------------------------------------------------------------------------------- */

static const uint64_t seeds[] = {1, 2, 3, 5, 8, 13, 21, 34};

/* Long enough for marks to be made, and thinned out in the last one. */
static size_t length_of(size_t i)
{
    return i + 1 < SDS_COUNT(seeds) ? 20 + 90 * i : 5000;
}

static void a_time_is_the_same_wherever_one_comes_from(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(seeds); i++) {
        struct traveller straight, t;
        struct text text;
        uint64_t seed = seeds[i];
        int64_t end_ms;

        make_up(seed, length_of(i), i % 2, &text);
        replay(&text, &straight);
        end_ms = now_of(&straight);
        set_out(&t, &text, 0, true);
        assert_true(sds_source_can_travel(t.view.source));
        sds_source_pause(t.view.source, true);
        for (int j = 0; j < 25; j++) {
            int64_t at_ms = roll(&seed, (unsigned)end_ms + 200) - INT64_C(100);
            int64_t got_ms = at_ms < 0 ? 0 : at_ms > end_ms ? end_ms : at_ms;

            assert_int_equal(travel(&t, at_ms), 0);
            assert_int_equal(now_of(&t), got_ms);
            assert_int_equal(t.view.has_ended, at_ms >= end_ms);
            assert_is_at(&t, &straight.view, n_until(&straight.view, START_MS + got_ms));
        }
        assert_true(t.view.n_resets > 0);
        come_home(&t);
        come_home(&straight);
        free(text.text);
    }
}

static void steps_lead_on_and_back(void **state)
{
    static const int strides[] = {1, 1, -1, 2, 40, -41, 7, -3, 400, -1, -1, 150, -90};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(seeds); i++) {
        struct traveller straight, t;
        struct text text;
        uint64_t seed = seeds[i];
        size_t at = 0, n, n_all;

        make_up(seed, length_of(i), false, &text);
        replay(&text, &straight);
        n = straight.view.log.n;
        n_all = n + (strstr(text.text, "\"ended\"") != NULL);
        set_out(&t, &text, 1, true);
        for (size_t j = 0; j < 40; j++) {
            int stride = strides[roll(&seed, SDS_COUNT(strides))];

            at = stride < 0 && (size_t)-stride > at ? 0 : at + (size_t)stride;
            at = at < n_all ? at : n_all;
            assert_int_equal(sds_source_step(t.view.source, stride), 0);
            assert_true(sds_source_is_paused(t.view.source));
            assert_is_at(&t, &straight.view, at < n ? at : n);
            assert_int_equal(t.view.has_ended, at == n_all);
        }
        assert_int_equal(sds_source_step(t.view.source, INT32_MIN), 0);
        assert_is_at(&t, &straight.view, 0);
        assert_int_equal(now_of(&t), 0);
        assert_int_equal(sds_source_step(t.view.source, INT32_MAX), 0);
        assert_is_at(&t, &straight.view, n);
        assert_int_equal(now_of(&t), now_of(&straight));
        come_home(&t);
        come_home(&straight);
        free(text.text);
    }
}

static void what_is_damaged_is_told_once(void **state)
{
    struct traveller straight, t;
    const char *const *x, *const *y;
    struct text text;
    size_t n, m;

    (void)state;
    make_up(1, 400, false, &text);
    replay(&text, &straight);
    set_out(&t, &text, 0, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(travel(&t, INT32_MAX), 0);
        assert_int_equal(travel(&t, 10), 0);
    }
    assert_int_equal(travel(&t, INT32_MAX), 0);
    x = sds_source_reasons(straight.view.source, &n);
    y = sds_source_reasons(t.view.source, &m);
    assert_true(n > 2);
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(x[i], y[i]);
    sds_source_notes(straight.view.source, &n);
    sds_source_notes(t.view.source, &m);
    assert_int_equal(n, m);
    come_home(&t);
    come_home(&straight);
    free(text.text);
}

/* Three lamps, seconds apart, and an end. */
static void make_lamps(struct text *ret)
{
    open_text(ret);
    put_service(ret, SDS_EVENT_ADDED, 0, "one", "eth0", 1);
    put_service(ret, SDS_EVENT_ADDED, 10000, "two", "eth0", 1);
    put_service(ret, SDS_EVENT_ADDED, 20000, "three", "eth0", 1);
    put_line(ret, SDS_EVENT_ENDED, 30000, NULL);
    close_text(ret);
}

static void time_goes_on_between_events_unless_paused(void **state)
{
    struct traveller t;
    struct text text;

    (void)state;
    make_lamps(&text);
    set_out(&t, &text, 2, true);
    assert_int_equal(travel(&t, 10000), 0);
    assert_int_equal(t.view.log.n, 2);
    t.view.n_until_pause = 1;
    t.view.loop = t.loop;
    mono += 5000; /* the third is due, and its time has come */
    assert_int_equal(sds_loop_run(t.loop), 0);
    assert_int_equal(t.view.log.n, 3);
    assert_int_equal(now_of(&t), 20000);
    assert_true(sds_source_is_paused(t.view.source));
    assert_true(sds_source_pace(t.view.source) == 0);

    mono += 60000;
    assert_int_equal(now_of(&t), 20000);
    assert_int_equal(travel(&t, 12000), 0);
    assert_int_equal(now_of(&t), 12000);
    mono += 60000;
    assert_int_equal(now_of(&t), 12000);
    sds_source_pause(t.view.source, false);
    assert_false(sds_source_is_paused(t.view.source));
    assert_true(sds_source_pace(t.view.source) == 2);
    mono += 1500;
    assert_int_equal(travel(&t, 13000), 0);
    mono += 1500;
    assert_int_equal(now_of(&t), 16000);
    assert_int_equal(sds_source_set_speed(t.view.source, 10), 0);
    mono += 100;
    assert_int_equal(now_of(&t), 17000);
    mono += 60000; /* no later than what has not been told yet */
    assert_int_equal(now_of(&t), 20000);
    assert_int_equal(t.view.log.n, 2);
    assert_int_equal(travel(&t, 40000), 0);
    assert_true(sds_source_pace(t.view.source) == 0);
    come_home(&t);
    free(text.text);
}

static void after_the_end_it_goes_on_from_where_it_went_back_to(void **state)
{
    struct traveller t;
    struct text text;

    (void)state;
    make_lamps(&text);
    set_out(&t, &text, 0, true);
    assert_int_equal(travel(&t, 90000), 0);
    assert_true(t.view.has_ended);
    assert_int_equal(now_of(&t), 30000);
    assert_int_equal(travel(&t, 15000), 0);
    assert_false(t.view.has_ended);
    assert_int_equal(t.view.log.n, 2);
    assert_int_equal(now_of(&t), 15000);
    t.view.loop = t.loop;
    assert_int_equal(sds_loop_run(t.loop), 0);
    assert_int_equal(t.view.log.n, 3);
    assert_true(t.view.has_ended);
    come_home(&t);
    free(text.text);
}

static void what_nobody_asked_for_is_no_step(void **state)
{
    struct traveller t;
    struct text text;

    (void)state;
    open_text(&text);
    put_service(&text, SDS_EVENT_REMOVED, 1, "never", "eth0", 1);
    put_service(&text, SDS_EVENT_ADDED, 2, "one", "eth0", 1);
    put_service(&text, SDS_EVENT_REMOVED, 3, "one", "wlan0", 1);
    put_service(&text, SDS_EVENT_REMOVED, 4, "ONE", "eth0", 1);
    close_text(&text);
    set_out(&t, &text, 0, true);
    assert_int_equal(sds_source_step(t.view.source, 1), 0);
    assert_int_equal(now_of(&t), 2);
    assert_int_equal(sds_source_step(t.view.source, 1), 0);
    assert_int_equal(now_of(&t), 4);
    assert_int_equal(t.view.since.n, 0);
    assert_true(t.view.has_ended);
    assert_int_equal(sds_source_step(t.view.source, -1), 0);
    assert_int_equal(t.view.since.n, 1);
    come_home(&t);
    free(text.text);
}

static void nobody_goes_back_who_does_not_hear_of_it(void **state)
{
    struct traveller t;
    struct text text;

    (void)state;
    make_lamps(&text);
    set_out(&t, &text, 1, false);
    assert_false(sds_source_can_travel(t.view.source));
    assert_int_equal(travel(&t, 25000), 0);
    assert_int_equal(t.view.log.n, 3);
    assert_int_equal(travel(&t, 15000), -ESPIPE);
    assert_int_equal(sds_source_step(t.view.source, -1), -ESPIPE);
    assert_int_equal(t.view.log.n, 3);
    come_home(&t);
    free(text.text);
}

/* The time of the last event that is whole; recordings that nobody winds do not look for it. */
static void its_length_is_known_from_the_start(void **state)
{
    struct traveller t;
    struct text text;

    (void)state;
    make_lamps(&text);
    set_out(&t, &text, 1, true);
    assert_int_equal(sds_source_past(t.view.source)->ended_ms, START_MS + 30000);
    assert_int_equal(t.view.log.n, 0);
    assert_int_equal(travel(&t, 25000), 0);
    assert_int_equal(t.view.log.n, 3);
    come_home(&t);
    set_out(&t, &text, 1, false);
    assert_int_equal(sds_source_past(t.view.source)->ended_ms, 0);
    come_home(&t);
    text.len -= 20; /* within the last line */
    set_out(&t, &text, 1, true);
    assert_int_equal(sds_source_past(t.view.source)->ended_ms, START_MS + 20000);
    come_home(&t);
    text.len = (size_t)(strchr(text.text, '\n') - text.text) + 1; /* the head alone */
    set_out(&t, &text, 1, true);
    assert_int_equal(sds_source_past(t.view.source)->ended_ms, 0);
    come_home(&t);
    free(text.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_the_same_wherever_one_comes_from),
        cmocka_unit_test(steps_lead_on_and_back),
        cmocka_unit_test(what_is_damaged_is_told_once),
        cmocka_unit_test(time_goes_on_between_events_unless_paused),
        cmocka_unit_test(after_the_end_it_goes_on_from_where_it_went_back_to),
        cmocka_unit_test(what_nobody_asked_for_is_no_step),
        cmocka_unit_test(nobody_goes_back_who_does_not_hear_of_it),
        cmocka_unit_test(its_length_is_known_from_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
