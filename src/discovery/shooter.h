/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_SHOOTER_H
#define SDS_DISCOVERY_SHOOTER_H

#include <sys/queue.h>

#include "base/arr.h"
#include "discovery/hearsay.h"
#include "discovery/listener.h"
#include "wire/shots.h"

/* Asks every link that a listener hears by one-shot queries (wire/shots.h), to find out what the
 * multicast rounds of another have lost. */
struct sds_shooter;

/* A question on all of its links; embedded in the query that has it. */
struct sds_aim {
    TAILQ_ENTRY(sds_aim) all;
    bool is_taken;
    const struct sds_hearer *hearer;   /* what is asked, and where */
    const struct sds_hearsay *hearsay; /* of another who asks the same; NULL: there is none */
    SDS_ARR(struct sds_aim_shot) shots;
};

struct sds_aim_shot {
    int ifindex;
    struct sds_wire_shot *shot;
};

struct sds_shooter_config {
    struct sds_loop *loop;
    const struct sds_clock *clock;
    bool is_silent; /* shoot nothing: it is never sure of anything */
    bool is_eager;  /* see struct sds_wire_shots_config */
};

/* Returns 0, -ENOMEM or -EIO. */
int sds_shooter_new(const struct sds_shooter_config *config, struct sds_shooter **ret);

/* After every aim was dropped, and before its listener goes; returns NULL. @shooter may be NULL. */
struct sds_shooter *sds_shooter_free(struct sds_shooter *shooter);

/* For the records of sds_aim.hearsay. */
const struct sds_siphash_key *sds_shooter_key(const struct sds_shooter *shooter);

/* Of its queries, for the listener; 0: it shoots nothing. */
uint16_t sds_shooter_id(const struct sds_shooter *shooter);

/* Begin, on all links that the listener hears. */
void sds_shooter_begin(struct sds_shooter *shooter, struct sds_listener *listener);

/* The listener's events. */
void sds_shooter_on_interface(struct sds_shooter *shooter, int ifindex, bool is_there);
void sds_shooter_on_reply(struct sds_shooter *shooter, const struct sds_wire_datagram *datagram);

/* Whether a question of a hearer for unique records can be asked on all of its links now. */
bool sds_shooter_has_room(const struct sds_shooter *shooter, const struct sds_hearer *hearer);

/* Ask; @aim has its hearer and hearsay set. Nothing happens when it is being asked already. */
void sds_shooter_aim(struct sds_shooter *shooter, struct sds_aim *aim);

/* Stop asking; @aim may never have been asked. */
void sds_shooter_drop(struct sds_shooter *shooter, struct sds_aim *aim);

/* When each link has answered for sure, as far as can be told now; INT64_MAX: never. */
int64_t sds_shooter_sure_ms(const struct sds_shooter *shooter);

/* Whether some answer came in the other way alone, and the rounds of that have to tell whether more
 * were lost. */
bool sds_shooter_is_alone(const struct sds_shooter *shooter);

/* How many answers may be missing where it gave up, by the share of what was lost. */
double sds_shooter_missing(const struct sds_shooter *shooter);

#endif
