/* SPDX-License-Identifier: MIT */
#include "discovery/shooter.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"

struct link {
    TAILQ_ENTRY(link) all;
    struct sds_shooter *shooter;
    int ifindex;
    struct sds_wire_shots *shots;
};

struct sds_shooter {
    const struct sds_clock *clock;
    bool is_eager;
    struct sds_listener *listener; /* NULL: has not begun */
    uint16_t id;
    struct sds_siphash_key key;
    TAILQ_HEAD(, link) links;
    TAILQ_HEAD(, sds_aim) aims;
    struct sds_timer *timer;
    int64_t due_ms; /* when the timer is set to end; INT64_MAX: it is not set */
};

/* ---- time ---------------------------------------------------------------------------------- */

static void set_timer(struct sds_shooter *s)
{
    int64_t due = INT64_MAX;
    struct link *link;

    TAILQ_FOREACH (link, &s->links, all) {
        int64_t at = sds_wire_shots_due_ms(link->shots);

        due = at < due ? at : due;
    }
    if (due == s->due_ms)
        return;
    s->due_ms = due;
    if (due == INT64_MAX)
        sds_timer_stop(s->timer);
    else
        sds_timer_set(s->timer, due - s->clock->mono_ms());
}

static void on_due(void *userdata)
{
    struct sds_shooter *s = userdata;
    struct link *link;

    s->due_ms = INT64_MAX;
    TAILQ_FOREACH (link, &s->links, all)
        sds_wire_shots_run(link->shots, s->clock->mono_ms());
    set_timer(s);
}

/* ---- links --------------------------------------------------------------------------------- */

static int send_shot(void *userdata, const uint8_t *packet, size_t len)
{
    struct link *link = userdata;

    return sds_listener_send_one_shot(link->shooter->listener, link->ifindex, false, packet, len);
}

static int send_again(void *userdata, const uint8_t *packet, size_t len)
{
    struct link *link = userdata;

    return sds_listener_send_one_shot(link->shooter->listener, link->ifindex, true, packet, len);
}

static size_t n_told(void *userdata, void *asker)
{
    const struct link *link = userdata;
    const struct sds_aim *aim = asker;

    return aim->hearsay ? sds_hearsay_n(aim->hearsay, link->ifindex) : 0;
}

static bool is_told(void *userdata, void *asker, struct sds_span rdata)
{
    const struct link *link = userdata;
    const struct sds_aim *aim = asker;

    return aim->hearsay && sds_hearsay_has(aim->hearsay, &link->shooter->key, link->ifindex, rdata);
}

static struct link *find_link(const struct sds_shooter *s, int ifindex)
{
    struct link *link;

    TAILQ_FOREACH (link, &s->links, all)
        if (link->ifindex == ifindex)
            return link;
    return NULL;
}

/* Ask on a link, unless that is not where the question belongs; one that there is no memory for is
 * asked in the other way alone. */
static void aim_at(struct sds_aim *aim, struct link *link)
{
    const struct sds_hearer *hearer = aim->hearer;
    struct sds_aim_shot shot = {.ifindex = link->ifindex};

    if ((hearer->ifindex && hearer->ifindex != link->ifindex) ||
        sds_wire_shots_ask(link->shots, &hearer->name, hearer->type, aim,
                           link->shooter->clock->mono_ms(), &shot.shot) < 0)
        return;
    if (!sds_arr_push(&aim->shots, shot))
        sds_wire_shot_drop(shot.shot);
}

static void add_link(struct sds_shooter *s, int ifindex)
{
    struct sds_wire_shots_config config = {
        .ifindex = ifindex,
        .store = sds_listener_store(s->listener),
        .id = s->id,
        .key = s->key,
        .is_eager = s->is_eager,
        .thin_packets = SDS_WIRE_SHOTS_THIN,
        .send = send_shot,
        .send_again = send_again,
        .n_told = n_told,
        .is_told = is_told,
    };
    struct link *link = calloc(1, sizeof(*link));
    struct sds_aim *aim;

    if (!link)
        return;
    *link = (struct link){.shooter = s, .ifindex = ifindex};
    config.userdata = link;
    link->shots = sds_wire_shots_new(&config);
    if (!link->shots) {
        free(link);
        return;
    }
    TAILQ_INSERT_TAIL(&s->links, link, all);
    TAILQ_FOREACH (aim, &s->aims, all)
        aim_at(aim, link);
    set_timer(s);
}

static void link_free(struct link *link)
{
    struct sds_aim *aim;

    TAILQ_FOREACH (aim, &link->shooter->aims, all)
        for (size_t i = aim->shots.n; i > 0; i--)
            if (aim->shots.v[i - 1].ifindex == link->ifindex) {
                sds_wire_shot_drop(aim->shots.v[i - 1].shot);
                aim->shots.v[i - 1] = aim->shots.v[--aim->shots.n];
            }
    TAILQ_REMOVE(&link->shooter->links, link, all);
    sds_wire_shots_free(link->shots);
    free(link);
}

void sds_shooter_on_interface(struct sds_shooter *s, int ifindex, bool is_there)
{
    struct link *link = find_link(s, ifindex);

    if (!s->listener || !s->id)
        return; /* those that are there at the beginning are added then */
    if (is_there && !link)
        add_link(s, ifindex);
    else if (!is_there && link)
        link_free(link);
}

void sds_shooter_on_reply(struct sds_shooter *s, const struct sds_wire_datagram *datagram)
{
    struct link *link = find_link(s, datagram->ifindex);

    if (link)
        sds_wire_shots_hear(link->shots, datagram->sender, datagram->bytes.p, datagram->bytes.len,
                            s->clock->mono_ms());
}

/* ---- questions ----------------------------------------------------------------------------- */

bool sds_shooter_has_room(const struct sds_shooter *s, const struct sds_hearer *hearer)
{
    const struct link *link;

    TAILQ_FOREACH (link, &s->links, all)
        if ((!hearer->ifindex || hearer->ifindex == link->ifindex) &&
            !sds_wire_shots_has_room(link->shots))
            return false;
    return true;
}

void sds_shooter_aim(struct sds_shooter *s, struct sds_aim *aim)
{
    struct link *link;

    if (aim->is_taken || !s->id)
        return;
    aim->is_taken = true;
    TAILQ_INSERT_TAIL(&s->aims, aim, all);
    TAILQ_FOREACH (link, &s->links, all)
        aim_at(aim, link);
    set_timer(s);
}

void sds_shooter_drop(struct sds_shooter *s, struct sds_aim *aim)
{
    if (aim->is_taken)
        TAILQ_REMOVE(&s->aims, aim, all);
    aim->is_taken = false;
    for (size_t i = 0; i < aim->shots.n; i++)
        sds_wire_shot_drop(aim->shots.v[i].shot);
    free(aim->shots.v);
    aim->shots.v = NULL;
    aim->shots.n = aim->shots.cap = 0;
}

int64_t sds_shooter_sure_ms(const struct sds_shooter *s)
{
    const struct link *link;
    int64_t sure = INT64_MIN;

    if (!s->id || TAILQ_EMPTY(&s->links))
        return INT64_MAX;
    TAILQ_FOREACH (link, &s->links, all) {
        int64_t at = sds_wire_shots_sure_ms(link->shots, s->clock->mono_ms());

        sure = at > sure ? at : sure;
    }
    return sure;
}

bool sds_shooter_is_alone(const struct sds_shooter *s)
{
    const struct link *link;

    TAILQ_FOREACH (link, &s->links, all)
        if (sds_wire_shots_is_alone(link->shots, s->clock->mono_ms()))
            return true;
    return false;
}

double sds_shooter_missing(const struct sds_shooter *s)
{
    const struct link *link;
    double missing = 0;

    TAILQ_FOREACH (link, &s->links, all)
        missing += sds_wire_shots_missing(link->shots);
    return missing;
}

/* ---- beginning and end --------------------------------------------------------------------- */

int sds_shooter_new(const struct sds_shooter_config *config, struct sds_shooter **ret)
{
    struct sds_shooter *s = calloc(1, sizeof(*s));
    int r = 0;

    if (!s)
        return -ENOMEM;
    *s = (struct sds_shooter){
        .clock = config->clock, .is_eager = config->is_eager, .due_ms = INT64_MAX};
    TAILQ_INIT(&s->links);
    TAILQ_INIT(&s->aims);
    if (getrandom(&s->key, sizeof(s->key), 0) != sizeof(s->key) ||
        getrandom(&s->id, sizeof(s->id), 0) != sizeof(s->id))
        r = -EIO;
    s->id = config->is_silent ? 0 : (uint16_t)(s->id | (s->id == 0));
    s->timer = r < 0 ? NULL : sds_timer_new(config->loop, on_due, s);
    if (!s->timer) {
        sds_shooter_free(s);
        return r < 0 ? r : -ENOMEM;
    }
    *ret = s;
    return 0;
}

struct sds_shooter *sds_shooter_free(struct sds_shooter *s)
{
    if (!s)
        return NULL;
    while (!TAILQ_EMPTY(&s->links))
        link_free(TAILQ_FIRST(&s->links));
    if (s->timer)
        sds_timer_free(s->timer);
    free(s);
    return NULL;
}

const struct sds_siphash_key *sds_shooter_key(const struct sds_shooter *s)
{
    return &s->key;
}

uint16_t sds_shooter_id(const struct sds_shooter *s)
{
    return s->id;
}

void sds_shooter_begin(struct sds_shooter *s, struct sds_listener *listener)
{
    size_t at = 0;
    int ifindex;

    s->listener = listener;
    while (s->id && (ifindex = sds_listener_interface(listener, &at)))
        add_link(s, ifindex);
}
