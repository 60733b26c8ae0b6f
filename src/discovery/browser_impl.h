/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_BROWSER_IMPL_H
#define SDS_DISCOVERY_BROWSER_IMPL_H

#include <net/if.h>
#include <sys/queue.h>

#include "discovery/question.h"
#include "discovery/source_impl.h"

/* What the browser keeps in trees by tsearch(3): names as DNS compares them, on an interface. */
struct node {
    char *key; /* folded name, and the number of the interface */
};

struct type {
    struct node node;
    TAILQ_ENTRY(type) all;
    struct browser *browser;
    struct sds_question ptr;        /* not asked where is_partial */
    TAILQ_HEAD(, subtype) subtypes; /* that are asked for */
    TAILQ_ENTRY(type) gone;         /* in browser->gone, where is_gone */
    size_t n_listed;                /* records of the meta-query that name it */
    TAILQ_HEAD(, naming) namings;   /* of instances that are there */
    bool is_wanted;                 /* the user, the registry or a profile names it */
    bool is_heard;                  /* it was heard of before somebody listed it */
    bool is_pinned;                 /* it named more than are counted */
    bool is_gone;                   /* nobody named it any more, when that was looked at last */
    bool is_partial;                /* only instances of some subtypes are wanted */
    bool is_known;                  /* somebody names it, or the user: it is no guess */
    bool is_probed;                 /* it has instances, whose subtypes are asked for */
    bool is_opaque; /* it has subtypes that cannot be asked for: none is known to be missing */
};

struct subtype {
    TAILQ_ENTRY(subtype) all;
    struct type *type;
    const char *label; /* presentation format, borrowed from the configuration */
    bool is_hint;      /* says something of instances, and brings none: others are wanted */
    struct sds_question ptr;
    bool is_settled; /* whoever has it has said so */
};

/* PTR records of a type name an instance, or did. */
struct naming {
    TAILQ_ENTRY(naming) of_type;
    struct type *type;
    struct instance *instance;
};

/* An instance has a subtype by so many PTR records. */
struct membership {
    const struct subtype *subtype;
    unsigned n;
    bool is_awaited; /* as the instance is, below */
};

/* Types whose PTR records name one instance: its own, its subtypes, and those by mistake. */
#define INSTANCE_NAMED_BY_MAX 16

struct instance {
    struct node node;
    TAILQ_ENTRY(instance) all, dirty, of_host;
    struct browser *browser;
    struct type *type; /* whose PTR record named it first */
    SDS_ARR(struct membership) memberships;
    struct sds_service *named; /* instance, type and domain alone */
    int ifindex;
    char interface[IF_NAMESIZE]; /* as it was called when the instance came: it may go first */
    unsigned n_ipv4, n_ipv6;     /* PTR records that name it, by what carried them */
    SDS_ARR(struct naming *) named_by; /* each type once */
    struct sds_question srv, txt;
    struct host *host;
    bool is_dirty, is_told;
    bool is_awaited; /* known from before the source was lost, and not named again yet */
    int64_t due_ms;  /* of a dirty one: when to look at it */
};

/* What its SRV record says. */
struct instance_srv {
    uint16_t priority, weight, port;
    struct sds_name target;
};

/* An SRV target on an interface. */
struct host {
    struct node node;
    struct browser *browser;
    struct sds_question a, aaaa;
    struct sds_question cname; /* asked where it has no address, and somebody listens */
    TAILQ_HEAD(, instance) instances;
};

/* The interface of what a DNS server answered to a daemon that asked it. */
#define NO_LINK "(DNS)"

#define INTERFACES_MAX 64 /* that are looked after */

struct browser {
    struct sds_source source;
    char present[INTERFACES_MAX][IF_NAMESIZE]; /* interfaces at the beginning */
    size_t n_present;
    struct sds_name domain;
    struct sds_querier *querier;
    sds_querier_new_fn *instead_new;   /* who is to ask where that one hangs; NULL: nobody */
    const char *hangs;                 /* it hangs, and this is how; NULL: it does not */
    struct sds_traffic traffic_before; /* of those who asked before that one */
    struct sds_asker asker;
    struct sds_timer *timer;
    int64_t due_ms;  /* when the timer is set to end; INT64_MAX: it is not set */
    int64_t late_ms; /* how late it was, as far as is known in this round */
    bool is_awake;   /* it is set to WAKE_MS */
    bool is_late;    /* it ended late the last time */
    bool is_lost;    /* nobody asks at the moment */
    struct sds_question meta;
    struct sds_question domains[SDS_DOMAIN_USE__COUNT]; /* asked where they are wanted */
    TAILQ_HEAD(, type) types, gone;
    size_t n_types; /* guesses too */
    TAILQ_HEAD(, instance) instances, dirty;
    void *types_by_key, *instances_by_key, *hosts_by_key; /* by tsearch(3) */
    struct sds_progress progress;
    size_t n_heard_types; /* that nobody lists */
    bool is_settled;
    int64_t alive_ms; /* when the querier was asked last whether it is alive */
    /* Told already: of sds_browser_drops(), of records evicted, of datagrams that were turned away
     * or not believed, and of sds_conduct_n_news(). */
    uint64_t drops_before, evicted_before, turned_away_before, foreign_before, packet_news;
    int64_t packets_due_ms;
};

int sds_node_cmp(const void *a, const void *b);

/* The node of that key; NULL when there is none. */
void *sds_node_find(void *const *tree, char *key);

/* The key of a name on an interface, 0 for all; malloc'ed, NULL when out of memory. */
char *sds_node_key(const struct sds_name *name, int ifindex);

/* Whoever listens, for himself or beside another; NULL: nobody does. */
const struct sds_listener *sds_browser_listener(const struct browser *b);

/* The same, or who hears answers to one-shot queries alone: no evidence of anything. */
const struct sds_listener *sds_browser_witness(const struct browser *b);

/* What was asked so far, by whoever listens: nobody counts what Avahi asks. */
struct sds_traffic sds_browser_traffic(const struct browser *b);

/* Datagrams that were lost on the way to whoever listens, since the beginning of time. */
uint64_t sds_browser_drops(const struct browser *b);

/* When answers are in that are known to be on their way, or to be expected from another round. */
int64_t sds_browser_answers_due_ms(const struct browser *b);

/* Add what the querier counts as lost, or not believed. */
void sds_browser_note_counts(struct browser *b);

/* Add the reasons for which something may have been missed in silence. */
void sds_browser_note_losses(struct browser *b);

/* Tell services anew whose senders have shown faults since. */
void sds_browser_tell_packets(struct browser *b);

/* The same while it goes on for ever. Returns when to look again, or INT64_MAX. */
int64_t sds_browser_run_packets(struct browser *b, int64_t now);

/* Have the first one ask. The errors are his. */
int sds_browser_take_querier(struct browser *b, sds_querier_new_fn *first_new, char **ret_error);

/* Have another one ask in his place, since he hangs: nothing waits for him where there is another
 * way. Not from within a call of the querier. */
void sds_browser_leave_querier(struct browser *b);

void sds_browser_out_of_memory(struct browser *b);
int64_t sds_browser_now_ms(const struct browser *b);

/* Have the browser look at its questions and its dirty instances in a moment. */
void sds_browser_wake(struct browser *b);

/* Ask for the types that the configuration names, or for those that the link has. */
int sds_browser_ask_for_types(struct browser *b);

/* Ask which domains are recommended, instead. */
int sds_browser_ask_for_domains(struct browser *b);

/* List the domains that are recommended by now. */
void sds_browser_tell_domains(struct browser *b);

/* Note those that were heard by the way, without asking for them. */
void sds_browser_note_domains(struct browser *b);

/* Remember which interfaces there are, at the beginning. */
void sds_browser_note_present(struct browser *b);

/* Say which of them are not there any more. */
void sds_browser_note_departed(struct browser *b);

/* Say what a link cannot tell of a domain other than local. */
void sds_browser_note_reach(struct browser *b);

void sds_type_free(struct type *type);

/* The instance is not there any more. Frees the naming. */
void sds_type_leave(struct naming *naming);

/* After the source was lost and came back: look at all types whether they are still there. */
void sds_browser_review_types(struct browser *b);

/* Forget the types that are gone: a link where they come and go has any number of them. Not while
 * a list is walked. Returns when to do so again, or INT64_MAX. */
int64_t sds_browser_forget_types(struct browser *b, int64_t now);

/* A PTR record of this owner was heard, asked for or not. */
void sds_browser_heard_pointer(struct browser *b, struct sds_span owner);

/* Whether it can be told which subtypes its instances have, and which they lack. */
bool sds_type_has_subtypes(const struct type *type);

/* Whether those that have the subtype have said so by now. */
bool sds_subtype_is_settled(struct subtype *subtype);

/**
 * A PTR record came or went: the instance that it names comes, stays or goes.
 *
 * @subtype  of @type, whose record it is; NULL: that of the type itself
 */
void sds_instance_named(struct type *type, const struct subtype *subtype,
                        const struct sds_name *name, const struct sds_rr *ptr, bool is_new);

/* A PTR record was heard that was known before: there may be evidence of it now. */
void sds_instance_renewed(struct browser *b, const struct sds_name *name, const struct sds_rr *ptr);

/* Something about it changed: look at it when that has settled. */
void sds_instance_mark_dirty(struct instance *instance);

/* The source was lost: what is known of it is to be named anew. And what was not is gone. */
void sds_instance_await(struct instance *instance);
void sds_instance_give_up(struct instance *instance);

/* Look at it: follow its SRV record, tell what is news, retire it when nobody names it. */
void sds_instance_update(struct instance *instance);

/* Tell it as far as it is known, unless nobody names it now. */
void sds_instance_tell(struct instance *instance);

/* The SRV record that counts, of those that can be read; false: there is none. */
bool sds_instance_srv(const struct instance *instance, struct instance_srv *ret);

/* The service as far as it is known; NULL when out of memory. */
struct sds_service *sds_instance_service(const struct instance *instance);

/* Add the faults that were seen of the packets of those who sent its SRV records. Returns 0 or
 * -ENOMEM. */
int sds_instance_judge_packets(const struct instance *instance, struct sds_service *service);

void sds_instance_free(struct instance *instance);

#endif
