/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_RULES_H
#define SDS_RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sdscope/check.h"
#include "sdscope/profile.h"
#include "sdscope/txt.h"
#include "sdscope/type.h"

/* The place of a rule in the catalogue: what sds_rule_at() takes. */
enum sds_rule_index {
#define RULE(number, ID, ...) SDS_RULE_##ID,
#include "rules/rules.def"
#undef RULE
    SDS_RULE__COUNT
};

struct sds_ruleset {
    enum sds_strictness strictness;
    enum sds_severity severity[SDS_RULE__COUNT]; /* in `.local` */
    bool is_fixed[SDS_RULE__COUNT];              /* and everywhere else */
};

/* What the records of a service's name say together. */
struct sds_standing {
    struct sds_record_iter records; /* at the first; copy it to walk */
    size_t n_records;
    size_t n_fitting; /* whose transport fits the type's; only these declare TXT keys */
    size_t n_retired, n_aliases, n_special;
    size_t n_unassigned; /* that only note that the name is in use */
    bool declares_keys;  /* some record lists keys */
    bool declares_none;  /* some record says that there are none */
    bool is_open;        /* keys that no record lists are to be expected */
};

/* One service while it is checked: what several rules ask for is worked out once. */
struct sds_check {
    const struct sds_service *service;
    const struct sds_registry *registry; /* NULL: none is loaded */
    const struct sds_company *company;   /* all zero where there is none */
    struct sds_span txt;                 /* RDATA of the TXT record that is being checked */
    unsigned record;                     /* which one; 0 is the first, and also no record at all */
    struct sds_type type;
    struct sds_name domain;       /* no label where it is unknown */
    bool is_local;                /* the domain is `local` or in it, or unknown */
    struct sds_standing standing; /* all zero without a registry, or when type.is_pair is false */
    const struct sds_profile *profile; /* of the type; NULL where none is loaded */
    bool is_malformed;                 /* the type is no service type; set by sds_check_type() */

    enum sds_severity severity[SDS_RULE__COUNT]; /* here and now; OFF where a rule does not run */
    size_t n_findings[SDS_RULE__COUNT];
    struct sds_result *result;
    int error; /* the first one: 0 or -ENOMEM */
};

/* Each checks a part of the service and reports what it finds. */
void sds_check_type(struct sds_check *check);
void sds_check_subtypes(struct sds_check *check);
void sds_check_instance(struct sds_check *check);
void sds_check_domain(struct sds_check *check);
void sds_check_target(struct sds_check *check);
void sds_check_srv(struct sds_check *check);
void sds_check_registry(struct sds_check *check);
void sds_check_profile(struct sds_check *check);
void sds_check_records(struct sds_check *check);
void sds_check_packets(struct sds_check *check);
void sds_check_peers(struct sds_check *check);

/* Each checks one TXT record, check->txt. */
void sds_check_txt(struct sds_check *check);
void sds_check_values(struct sds_check *check);
void sds_check_keys(struct sds_check *check);
void sds_check_profile_txt(struct sds_check *check);

/* Run no rule about an SRV record that is missing, but the one that tells so. */
void sds_silence_srv(struct sds_check *check);

/* Whether the domain is one of unicast DNS: known, a domain name, and not in `.local`. */
static inline bool sds_is_unicast(const struct sds_check *check)
{
    return !check->is_local && check->domain.n_labels > 0 && !check->domain.faults;
}

/* The root, which is a name of no labels; an empty text is not even that. */
static inline bool sds_is_root(const char *name)
{
    return strcmp(name, ".") == 0;
}

/* A name that several rules judge alike. */
struct sds_judged {
    const char *what; /* "domain" */
    const char *text;
    const struct sds_name *name; /* the same, taken apart */
};

/* Report a name without labels, or with faults; true where there is none. */
bool sds_check_name(struct sds_check *check, enum sds_rule_index rule,
                    const struct sds_judged *judged);

/* Report the first label that is not Net-Unicode, as names of DNS-SD are (RFC 5198). */
void sds_check_net_unicode(struct sds_check *check, enum sds_rule_index rule,
                           const struct sds_judged *judged);

/* Whether UTF-8 text is in Normalization Form C; a lack of memory is noted, and counts as such. */
bool sds_is_nfc(struct sds_check *check, struct sds_span text);

/* Whether text names a host in `.local`, or an address in 169.254/16 or fe80::/64. */
bool sds_holds_link_local(struct sds_span text);

static inline struct sds_txt_iter sds_walk_txt(const struct sds_check *check)
{
    return sds_txt_begin(check->txt.p, check->txt.len);
}

/* What a string of the record really holds where it is longer than one may be; else NULL. Nobody
 * can receive its value, of which the record has the beginning, so that it is not judged. */
static inline const struct sds_long_string *sds_long_string(const struct sds_check *check,
                                                            const struct sds_txt_string *string)
{
    return check->record ? NULL : sds_service_long_string(check->service, string->offset);
}

/* The next string that is an attribute: complete, and with a key. */
bool sds_next_attribute(struct sds_txt_iter *iter, struct sds_txt_string *ret);

/* What a TXT key may be made of (RFC 6763 6.4). */
static inline bool sds_is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7E;
}

/* Look the service's name up; needs check->registry and check->type alone. */
void sds_find_standing(struct sds_check *check);

/* How a key compares with those that the profile and the fitting records declare: the profile's
 * word on a key goes before theirs. */
enum sds_declared { SDS_DECLARED_NOT, SDS_DECLARED_OTHER_CASE, SDS_DECLARED };

enum sds_declared sds_find_declared(const struct sds_check *check, struct sds_span key);

/* What declares a key, of several the one that counts; NULL: nothing does. */
const struct sds_txt_key *sds_find_declaration(const struct sds_check *check, struct sds_span key);

/* Whether the TXT record that is checked has a declared key. */
bool sds_is_sent(const struct sds_check *check, const struct sds_txt_key *declared);

/* Whether the type is this one's, ASCII case ignored: "device-info". */
bool sds_name_of_type_is(const struct sds_check *check, const char *name);

static inline bool sds_runs(const struct sds_check *check, enum sds_rule_index rule)
{
    return check->severity[rule] != SDS_SEV_OFF;
}

/* A rule turns out to need evidence that the service lacks: it is not evaluated. */
void sds_lacks_evidence(struct sds_check *check, enum sds_rule_index rule);

/* The place of a finding inside its part. */
struct sds_place {
    long offset;         /* as in struct sds_finding */
    struct sds_span key; /* empty: none */
};

/* The part as a whole. */
#define SDS_WHOLE ((struct sds_place){.offset = -1})

static inline struct sds_place sds_at(const struct sds_txt_string *string)
{
    return (struct sds_place){(long)string->offset, string->key};
}

/**
 * Report a finding with a message in printf's way: one clause, lower case, no full stop, foreign
 * bytes only through SDS_QUOTED(). The arguments are evaluated only if the finding is kept.
 */
#define sds_report(check, rule, place, ...)                                                        \
    do {                                                                                           \
        if (sds_report_begin(check, rule))                                                         \
            sds_report_end(check, rule, place, __VA_ARGS__);                                       \
    } while (0)

/* Whether the rule runs and its next finding is kept; counts it as dropped where it is not. */
bool sds_report_begin(struct sds_check *check, enum sds_rule_index rule);

void sds_report_end(struct sds_check *check, enum sds_rule_index rule, struct sds_place place,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Whether only their order tells the fingerprints of two findings of a result apart. */
bool sds_finding_is_twin(const struct sds_finding *a, const struct sds_finding *b);

/* A rule could not be evaluated after sds_check(); nothing where it does not run. */
void sds_result_lack(const struct sds_ruleset *set, enum sds_rule_index rule,
                     struct sds_result *result);

/* Which findings to keep. */
typedef bool sds_result_test(const void *closure, const struct sds_result *result, size_t i);

/* Drop the findings of which @keeps, asked of each before any goes, says no. Returns how many. */
size_t sds_result_filter(struct sds_result *result, sds_result_test *keeps, const void *closure);

/* Foreign bytes for a message: safe to print, and never longer than this. */
struct sds_quoted {
    char text[80];
};

const char *sds_quote(struct sds_quoted *ret, struct sds_span bytes);

/* A text that lives as long as the block around it. */
#define SDS_QUOTED(bytes) sds_quote(&(struct sds_quoted){""}, bytes)

#endif
