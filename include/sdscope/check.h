/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_CHECK_H
#define SDSCOPE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/api.h"
#include "sdscope/registry.h"
#include "sdscope/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sds_severity {
    SDS_SEV_OFF,
    SDS_SEV_INFO,    /* worth knowing */
    SDS_SEV_WARNING, /* violates a SHOULD, or is a likely mistake */
    SDS_SEV_ERROR,   /* violates a MUST, or cannot work */
    SDS_SEV__COUNT
};

/* Whose severities count: an author can mend what he ships, a LAN's auditor often cannot. */
enum sds_strictness { SDS_STRICTNESS_AUTHOR, SDS_STRICTNESS_LAN, SDS_STRICTNESS__COUNT };

/* Evidence that a rule can need beside the parts of a service; bits above those of sds_part. */
enum sds_evidence {
    SDS_EVIDENCE_REGISTRY = 1u << 16,  /* a registry is loaded */
    SDS_EVIDENCE_TXT_BYTES = 1u << 17, /* TXT RDATA as it was sent: sds_service.txt_rewritten */
    SDS_EVIDENCE_TXT_ORDER = 1u << 18, /* TXT strings as they were sent: order_untrusted */
    SDS_EVIDENCE_TXT_COUNT = 1u << 19, /* all TXT records of the name: txt_is_counted */
    SDS_EVIDENCE_SRV_COUNT = 1u << 20, /* how many SRV records it has: srv_is_counted */
    SDS_EVIDENCE_PREFIXES = 1u << 21,  /* what the receiving interface has on link */
    SDS_EVIDENCE_PEERS = 1u << 22,     /* the other services of the scan: struct sds_company */
    SDS_EVIDENCE_PACKETS = 1u << 23,   /* how its hosts send: sds_service.packets_are_judged */
};

/* A row of the catalogue. All text is static. */
struct sds_rule {
    unsigned number;  /* permanent: 102 */
    const char *id;   /* "SD102" */
    const char *name; /* "service-name-length" */
    enum sds_severity severity[SDS_STRICTNESS__COUNT];
    enum sds_severity unicast; /* outside `.local`, where that differs; else SDS_SEV_OFF */
    bool is_on;                /* runs unless disabled */
    enum sds_part part;        /* what a finding points at */
    unsigned needs;            /* what must not be unknown: enum sds_part and enum sds_evidence */
    const char *reference;     /* "RFC 6335 5.1" */
    const char *text;          /* the fault, in a clause */
    const char *hint;          /* how to mend it */
    const char *explain;       /* see below */
};

/*
 * A rule's explanation is paragraphs of one line each, apart by an empty line: what the rule asks
 * and why, an example of each, how to mend it. Lines that begin with spaces are examples, not to be
 * wrapped.
 */

/* The rules in the order of their numbers; NULL past the end. */
SDS_PUBLIC size_t sds_n_rules(void);
SDS_PUBLIC const struct sds_rule *sds_rule_at(size_t i);

/* By number; NULL when there is none. */
SDS_PUBLIC const struct sds_rule *sds_rule_numbered(unsigned number);

/* By id or name, ASCII case ignored; NULL when there is none. */
SDS_PUBLIC const struct sds_rule *sds_rule_find(const char *id_or_name);

/* Which rules run, and how severe they are. */
struct sds_ruleset;

SDS_PUBLIC struct sds_ruleset *sds_ruleset_new(enum sds_strictness strictness);
SDS_PUBLIC struct sds_ruleset *sds_ruleset_free(struct sds_ruleset *set);

/* Run a rule that is off by default, with the author's severity where the other one is off. */
SDS_PUBLIC void sds_ruleset_enable(struct sds_ruleset *set, const struct sds_rule *rule);
SDS_PUBLIC void sds_ruleset_disable(struct sds_ruleset *set, const struct sds_rule *rule);

/* Run a rule with this severity, or not at all when it is off, whatever the catalogue says; it
 * holds outside `.local`, too. */
SDS_PUBLIC void sds_ruleset_set(struct sds_ruleset *set, const struct sds_rule *rule,
                                enum sds_severity severity);

/* The severity of a rule in this set; SDS_SEV_OFF where it does not run. */
SDS_PUBLIC enum sds_severity sds_ruleset_severity(const struct sds_ruleset *set,
                                                  const struct sds_rule *rule);

/* One word for a service. */
enum sds_verdict {
    SDS_VERDICT_MALFORMED,    /* the type is no service type */
    SDS_VERDICT_RETIRED,      /* registered once */
    SDS_VERDICT_UNREGISTERED, /* not in any loaded registry */
    SDS_VERDICT_KNOWN,        /* unregistered, but documented by a profile */
    SDS_VERDICT_ALLOWED,      /* by local policy */
    SDS_VERDICT_REGISTERED,
    SDS_VERDICT__COUNT
};

/* One place where a service breaks a rule. */
struct sds_finding {
    const struct sds_rule *rule;
    enum sds_severity severity;
    char *key;        /* TXT key to which it belongs, safe to print; or NULL */
    char *message;    /* one clause, every foreign byte made safe to print */
    long offset;      /* in the TXT RDATA: of the length byte of the string at fault; which of the
                         subtypes, from 0; or -1 */
    unsigned record;  /* of several TXT records, which; 0 is the first */
    int line, column; /* in the file that describes the service, from 1; 0: not known */
    const char *ignored;    /* why local policy does not count it, borrowed; NULL: it counts */
    unsigned twins_dropped; /* before it; keeps the fingerprint what it was */
};

/* The most findings that are kept of one service; more are counted in n_dropped. No flood of one
 * rule hides another: each rule that is broken keeps at least one finding. */
#define SDS_FINDINGS_MAX 256

struct sds_result {
    bool has_verdict; /* false when no registry was loaded and the type is well-formed */
    enum sds_verdict verdict;
    struct sds_finding *findings; /* in the order of the catalogue, then of the RDATA */
    size_t n_findings, n_dropped;
    size_t findings_cap;
    size_t n_ignored;          /* findings that local policy does not count, kept or not */
    size_t n_known;            /* findings that were taken out since a baseline has them */
    uint64_t not_evaluated[4]; /* see sds_result_lacks_evidence() */
};

/**
 * Check one service. A clean one costs no allocation, but where the registry has more regular
 * expressions than the built-in profiles, and one of them is used for the first time.
 *
 * @registry  NULL, or one without a table: the registry rules are not evaluated
 * @ret       release with sds_result_done(), also after an error
 * Returns 0 whatever is wrong with the service; -ENOMEM.
 */
SDS_PUBLIC int sds_check(const struct sds_ruleset *set, const struct sds_registry *registry,
                         const struct sds_service *service, struct sds_result *ret);

/* The services of one scan, in an index by what can be taken for their names. */
struct sds_peers;

/* The services are borrowed for as long as the index lives. Returns NULL when out of memory. */
SDS_PUBLIC struct sds_peers *sds_peers_new(const struct sds_service *const *services, size_t n);

/* Returns NULL; @peers may be NULL. */
SDS_PUBLIC struct sds_peers *sds_peers_free(struct sds_peers *peers);

/* What else there is, for the rules that compare services. All is borrowed. */
struct sds_company {
    const struct sds_peers *scan; /* the checked service among them, by its address; those that were
                                     seen on an interface of its own can conflict. NULL: unknown */
    const struct sds_service *const *listed; /* others that are said to be of the same scan:
                                                in conflict unless both name interfaces, and no
                                                common one. NULL: nobody said anything */
    size_t n_listed;
};

/* The same as sds_check() for a service that is not alone; @company may be NULL. Comparing with
 * listed services allocates. */
SDS_PUBLIC int sds_check_among(const struct sds_ruleset *set, const struct sds_registry *registry,
                               const struct sds_service *service, const struct sds_company *company,
                               struct sds_result *ret);

/**
 * Add a finding that is not of one service but, say, of the file that describes it; nothing where
 * the rule does not run.
 *
 * @message       one clause, safe to print; copied
 * @line, @column  as in struct sds_finding
 * Returns 0 or -ENOMEM.
 */
SDS_PUBLIC int sds_result_add(const struct sds_ruleset *set, const struct sds_rule *rule,
                              const char *message, int line, int column, struct sds_result *result);

#define SDS_FINGERPRINT_SIZE 17 /* 16 hex digits and a NUL */

/**
 * A name for a finding that stays the same from run to run and from version to version: of the
 * rule, the service's full name, the TXT key, and which of several alike it is; not of addresses,
 * interfaces, times, places or messages.
 *
 * @service  NULL where the finding is of a file; then its message counts
 * @i        which finding of @result
 * @ret      SDS_FINGERPRINT_SIZE bytes
 */
SDS_PUBLIC void sds_finding_fingerprint(const struct sds_service *service,
                                        const struct sds_result *result, size_t i, char *ret);

/**
 * Compare the TXT record of a service with that of one that was recorded: keys that are missing,
 * were added, or have another value. Of each key the first occurrence counts.
 *
 * @ret  of sds_check(), or zeroed: findings are added
 * Returns 0 or -ENOMEM.
 */
SDS_PUBLIC int sds_check_expected(const struct sds_ruleset *set, const struct sds_service *expected,
                                  const struct sds_service *service, struct sds_result *ret);

SDS_PUBLIC void sds_result_done(struct sds_result *result);

/* Whether rule sds_rule_at(@i) was to run, but what it needs to know is unknown. */
SDS_PUBLIC bool sds_result_lacks_evidence(const struct sds_result *result, size_t i);

/* The worst severity of a result, SDS_SEV_OFF when no finding counts. */
SDS_PUBLIC enum sds_severity sds_result_worst(const struct sds_result *result);

/* Words of the enumerations: "warning", "registered", "txt_bytes"; NULL where there is none. The
 * inverse returns the value, or -1. */
SDS_PUBLIC const char *sds_severity_name(enum sds_severity severity);
SDS_PUBLIC const char *sds_verdict_name(enum sds_verdict verdict);
SDS_PUBLIC const char *sds_evidence_name(enum sds_evidence evidence);
SDS_PUBLIC int sds_severity_from_name(const char *name);

#ifdef __cplusplus
}
#endif

#endif
