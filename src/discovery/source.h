/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_SOURCE_H
#define SDS_DISCOVERY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "discovery/loop.h"
#include "sdscope/service.h"

/**
 * What a source tells. A service comes as one link sees it: its sightings name one interface, and
 * the inventory puts the links together. Services are borrowed for the call.
 */
struct sds_source_events {
    void (*added)(void *userdata, const struct sds_service *service);
    void (*changed)(void *userdata, const struct sds_service *service);
    void (*removed)(void *userdata, const struct sds_service *service);
    void (*settled)(void *userdata);               /* nothing more to be expected for now */
    void (*lost)(void *userdata, const char *why); /* what is known stays known */
    void (*back)(void *userdata);
    void (*ended)(void *userdata); /* a recording has been told to its end; it may go back */
    /* A recording goes back: what was told is void. What was there at @time_ms follows as added,
     * each at the time when it came, as sds_source_past() tells, and as settled and lost where it
     * was so; then what happened after @time_ms, up to the time wanted. NULL: it is not asked to.
     */
    void (*reset)(void *userdata, int64_t time_ms);
    void *userdata;
};

/* A subtype (RFC 6763 7.1) to ask a type for. */
struct sds_source_subtype {
    const char *type;
    const char *label; /* presentation format; NULL: the type has some that nobody can ask for */
    bool is_wanted;    /* of the type, only instances of such subtypes count */
};

struct sds_source_config {
    struct sds_loop *loop;
    const struct sds_clock *clock;
    const char *interface;    /* only this one; NULL: all */
    int family;               /* AF_INET, AF_INET6 or AF_UNSPEC */
    const char *domain;       /* presentation format; NULL, of a recording: any */
    const char *const *types; /* only these; none: all that the meta-query names */
    size_t n_types;
    const char *const *guesses; /* types to ask for besides, though nobody may name them */
    size_t n_guesses;
    const struct sds_source_subtype *subtypes; /* of types that have instances */
    size_t n_subtypes;
    bool wants_domains;  /* of services nothing: look for the domains that @domain recommends */
    bool judges_packets; /* tell sds_service.packet_faults, where somebody listens to the wire */
    bool is_continuous;  /* go on for ever, and follow changes of every record */
    double speed;        /* of a recording: 1 as it was, 2 twice as fast; 0 all at once */
    struct sds_source_events events;
};

/* How far a source has come. */
struct sds_progress {
    size_t types, instances, resolved;
};

/* Packets, and the bytes of messages in them. */
struct sds_traffic {
    uint64_t packets, bytes;
    bool is_beside_avahi; /* which has sent others, that nobody counts */
};

struct sds_domains;
struct sds_source;

/* The time that a recording tells of. */
struct sds_past {
    int64_t started_ms;       /* since 1970, UTC */
    int64_t ended_ms;         /* as far as its end could be read when it was opened; 0: not known */
    int64_t now_ms;           /* of what is told; between that it goes on with the clock */
    const char *domain;       /* that was asked; NULL: not known */
    const char *const *types; /* that were asked for; none: all */
    size_t n_types;
};

/**
 * Open a source by its word: "auto", "avahi", "embedded", "wire"; "demo", a recording that is built
 * in; or a recording by its path.
 *
 * @ret_error  set on failure: one clause for the user; malloc'ed
 * Returns 0, -EINVAL where the word is none of these, or what sds_avahi_client_new() or
 * sds_recording_open() says.
 */
int sds_source_open(const char *word, const struct sds_source_config *config,
                    struct sds_source **ret, char **ret_error);

/**
 * Open a capture of a LAN, pcap or pcapng, which settles when it has been read.
 *
 * @path  "-" is standard input
 * Returns 0 or what sds_capture_open() says, with *ret_error set likewise.
 */
int sds_source_open_capture(const char *path, const struct sds_source_config *config,
                            struct sds_source **ret, char **ret_error);

/* Whether sds_source_open() knows the word, or takes it for a recording's path. */
bool sds_source_is_word(const char *word);

/* Whether it is a recording: a path has a slash or a dot in it, or names a file. */
bool sds_source_is_recording(const char *word);

/* Tell what is not resolved yet as far as it is known, and note that it is not complete. */
void sds_source_stop(struct sds_source *source);

struct sds_source *sds_source_free(struct sds_source *source);

/* The word of the source that really serves: "avahi" or "embedded". */
const char *sds_source_name(const struct sds_source *source);

struct sds_progress sds_source_progress(const struct sds_source *source);

/* Of what time a recording tells, borrowed; NULL where the source is none, or not open yet. */
const struct sds_past *sds_source_past(const struct sds_source *source);

/* Whether it can go back in time: a recording that can be read again, where reset() is heard. */
bool sds_source_can_travel(const struct sds_source *source);

/* Let time stand still, or go on from where it stands; of a recording. */
void sds_source_pause(struct sds_source *source, bool is_paused);
bool sds_source_is_paused(const struct sds_source *source);

/**
 * Go on by so many events, or back where negative, as far as there are any, and pause. A line that
 * says settled, lost, back or ended is an event; one that nobody asked for is none.
 *
 * Nothing of this may be called from an event (-EBUSY).
 *
 * Returns 0, -ESPIPE where it cannot go back, -ENOTSUP where it is no recording, another negative
 * errno where it cannot be read.
 */
int sds_source_step(struct sds_source *source, int n_events);

/**
 * Go to a time, or as near to it as there is any: what happened up to then has been told. A pause
 * remains one, and a recording that plays goes on from there, even where it had ended.
 *
 * @time_ms  since 1970, UTC
 * Returns as sds_source_step() does.
 */
int sds_source_travel(struct sds_source *source, int64_t time_ms);

/* How fast its time runs: 1 as clocks do, 0 where it stands still; at once is no pace, either. */
double sds_source_pace(const struct sds_source *source);

/* As sds_source_config.speed, from now on. Returns 0 or -ENOTSUP. */
int sds_source_set_speed(struct sds_source *source, double speed);

/* What it has asked the links by itself; false where Avahi alone asks, and nobody counts. */
bool sds_source_queries(const struct sds_source *source, struct sds_traffic *ret);

/* Why the result is not complete; and what is worth knowing besides. Borrowed. */
const char *const *sds_source_reasons(const struct sds_source *source, size_t *ret_n);
const char *const *sds_source_notes(const struct sds_source *source, size_t *ret_n);

/* The domains that are recommended (RFC 6763 11), sorted and borrowed; where they are wanted, once
 * it has settled or was stopped. Of a recording, none are known. */
const struct sds_domains *sds_source_domains(const struct sds_source *source);

/* Note another reason; repeated ones are kept once. */
void sds_source_add_reason(struct sds_source *source, const char *reason);

#endif
