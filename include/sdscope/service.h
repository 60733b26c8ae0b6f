/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_SERVICE_H
#define SDSCOPE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/api.h"
#include "sdscope/name.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The parts of a service that can be unknown, missing or present; bits of a set. */
enum sds_part {
    SDS_PART_INSTANCE = 1u << 0,
    SDS_PART_SUBTYPES = 1u << 1,
    SDS_PART_DOMAIN = 1u << 2,
    SDS_PART_HOST = 1u << 3, /* SRV target */
    SDS_PART_PORT = 1u << 4,
    SDS_PART_PRIORITY = 1u << 5,
    SDS_PART_WEIGHT = 1u << 6,
    SDS_PART_ADDRESSES = 1u << 7,
    SDS_PART_TXT = 1u << 8,
    SDS_PART_TTL = 1u << 9,
    SDS_PART_TYPE = 1u << 10,        /* always present */
    SDS_PART_FILE = 1u << 11,        /* no part of a service: the file that describes it */
    SDS_PART_HOST_CNAME = 1u << 12,  /* missing: the SRV target is no alias */
    SDS_PART_CACHE_FLUSH = 1u << 13, /* of one record at least */
    SDS_PART_PTR_TYPE = 1u << 14,
    SDS_PART_META_PTRS = 1u << 15,
    SDS_PART__LAST = SDS_PART_META_PTRS,
};

enum sds_state {
    SDS_UNKNOWN, /* the source could not see it: nothing may be concluded */
    SDS_MISSING, /* the source looked, and it is not there */
    SDS_PRESENT,
};

/* An IPv4 or IPv6 address, in network order. */
struct sds_address {
    uint8_t len; /* 4 or 16 */
    uint8_t bytes[16];
};

/* A link on which a service was seen, and over which protocol. */
struct sds_sighting {
    char interface[16]; /* name such as "eth0"; IF_NAMESIZE */
    int family;         /* AF_INET, AF_INET6, or AF_UNSPEC where that is not known */
};

/* What an interface that received the service calls on link, such as 192.0.2.0/24. */
struct sds_prefix {
    char interface[16]; /* "" where its name is not known */
    struct sds_address address;
    uint8_t len; /* bits */
};

/* One who sends packets that have faults. */
struct sds_packet_sender {
    char interface[16]; /* that received them; "" where its name is not known */
    struct sds_address address;
    uint16_t port;   /* that a response came from, where it is not 5353; 0: none did */
    uint32_t faults; /* bits 1u << enum sds_packet_fault */
};

#define SDS_PACKET_SENDERS_MAX 16 /* that are told of a service */

/* The records of a service, as far as each is told apart. */
enum sds_record_kind {
    SDS_KIND_PTR,
    SDS_KIND_SRV,
    SDS_KIND_TXT,
    SDS_KIND_A,
    SDS_KIND_AAAA,
    SDS_KIND__COUNT
};

/* A TXT string of more than 255 bytes, which only an author can write down: the RDATA holds the
 * first 255 of them in its place. */
struct sds_long_string {
    size_t offset;         /* of its length byte in the RDATA */
    struct sds_span bytes; /* all of it */
};

/**
 * One advertised instance, as the network sent it: nothing trimmed, repaired or reordered. Members
 * hold a value where sds_service_state() says SDS_PRESENT. Change it through the functions below.
 */
struct sds_service {
    struct sds_span instance; /* raw bytes of the first label */
    char *type;               /* presentation format, such as "_ipp._tcp"; always there */
    char *domain;             /* presentation format, such as "local" */
    char **subtypes;          /* presentation format: "_print", or "_print._sub._ipp._tcp" */
    size_t n_subtypes;
    char *host;       /* SRV target, presentation format */
    char *rival_host; /* SRV target that another host gives the same name; NULL: none is known */
    uint16_t port, priority, weight;
    struct sds_address *addresses; /* of the SRV target */
    size_t n_addresses;
    struct sds_span txt;                  /* the whole TXT RDATA */
    struct sds_long_string *long_strings; /* of txt, in its order */
    size_t n_long_strings;
    struct sds_span *more_txt; /* RDATA of further TXT records of the same name */
    size_t n_more_txt;
    bool txt_is_counted; /* these are all TXT records that there are */
    bool srv_is_counted; /* n_srv is known */
    uint32_t n_srv;      /* SRV records of the same name; 0: it is missing */
    uint32_t ttl_s;      /* of a record that is not told, where ttl_kinds is 0 */
    unsigned ttl_kinds;  /* which of the next are known: bits 1u << enum sds_record_kind */
    uint32_t ttls_s[SDS_KIND__COUNT];
    unsigned flush_kinds;    /* records whose cache-flush bit is known (RFC 6762 10.2) ... */
    unsigned flushing_kinds; /* ... and those that have it set */
    char *host_cname;        /* what the SRV target is an alias of; NULL where that is not told */
    char *ptr_type;          /* owner of the PTR that led here: "_print._sub._ipp._tcp" */
    char **meta_ptrs;        /* RDATA of PTRs of "_services._dns-sd._udp" */
    size_t n_meta_ptrs;
    bool order_untrusted; /* the source may have reordered TXT strings */
    bool txt_rewritten;   /* the source read the TXT record and wrote it anew, as Avahi does: empty
                             strings, zero-length RDATA and truncation do not show */
    struct sds_sighting *sightings;
    size_t n_sightings;
    struct sds_prefix *prefixes; /* of the interfaces that received it; none: not known */
    size_t n_prefixes;
    bool packets_are_judged; /* packet_faults is known */
    uint32_t packet_faults;  /* of the hosts that sent its SRV record, seen in any of their mDNS
                                responses: bits 1u << enum sds_packet_fault */
    struct sds_packet_sender *packet_senders; /* who has them, as far as it is known */
    size_t n_packet_senders;
    unsigned present, missing; /* sets of enum sds_part; in neither: unknown */
};

/* A service of which only the type is known; NULL when out of memory. */
SDS_PUBLIC struct sds_service *sds_service_new(const char *type);

/* Returns NULL; @service may be NULL. */
SDS_PUBLIC struct sds_service *sds_service_free(struct sds_service *service);

/* A deep copy; NULL when out of memory. */
SDS_PUBLIC struct sds_service *sds_service_dup(const struct sds_service *service);

/* A copy of what sds_service_cmp() compares, and of nothing else; NULL when out of memory. */
SDS_PUBLIC struct sds_service *sds_service_dup_name(const struct sds_service *service);

SDS_PUBLIC enum sds_state sds_service_state(const struct sds_service *service, enum sds_part part);

/* Say that a part is known to be missing, or not known any more; a value it had is dropped. */
SDS_PUBLIC void sds_service_set_missing(struct sds_service *service, enum sds_part part);
SDS_PUBLIC void sds_service_set_unknown(struct sds_service *service, enum sds_part part);

/* The setters copy what they are given. Those that allocate return 0 or -ENOMEM, with the service
 * unchanged. */
SDS_PUBLIC int sds_service_set_instance(struct sds_service *service, const void *bytes, size_t len);
SDS_PUBLIC int sds_service_set_domain(struct sds_service *service, const char *domain);
SDS_PUBLIC int sds_service_set_host(struct sds_service *service, const char *host);
SDS_PUBLIC int sds_service_set_txt(struct sds_service *service, const void *rdata, size_t len);
SDS_PUBLIC void sds_service_set_port(struct sds_service *service, uint16_t port);
SDS_PUBLIC void sds_service_set_priority(struct sds_service *service, uint16_t priority);
SDS_PUBLIC void sds_service_set_weight(struct sds_service *service, uint16_t weight);
/* Of a record that is not told, and of one that is; the other is forgotten. */
SDS_PUBLIC void sds_service_set_ttl(struct sds_service *service, uint32_t ttl_s);
SDS_PUBLIC void sds_service_set_record_ttl(struct sds_service *service, enum sds_record_kind kind,
                                           uint32_t ttl_s);

/**
 * Make the TXT record of whole strings, which may exceed 255 bytes.
 *
 * @n  0 makes one empty string (RFC 6763 6.1)
 * Returns 0, -ENOMEM, or -E2BIG where they exceed 65535 bytes with their length bytes.
 */
SDS_PUBLIC int sds_service_set_txt_strings(struct sds_service *service,
                                           const struct sds_span *strings, size_t n);

/* The string at an offset of the RDATA as its author gave it, where it is too long; else NULL. */
SDS_PUBLIC const struct sds_long_string *sds_service_long_string(const struct sds_service *service,
                                                                 size_t offset);

/* All TXT records that the name has; none is missing. */
SDS_PUBLIC int sds_service_set_txt_records(struct sds_service *service,
                                           const struct sds_span *rdata, size_t n);

/* How many SRV records the name has; 0 is a missing one. */
SDS_PUBLIC void sds_service_set_n_srv(struct sds_service *service, uint32_t n);

/* Add to what is wrong with the packets of its hosts, bits 1u << enum sds_packet_fault; 0 says that
 * they were judged. */
SDS_PUBLIC void sds_service_add_packet_faults(struct sds_service *service, uint32_t faults);

/* The same of one of its hosts, who is remembered where he has faults: each once, up to
 * SDS_PACKET_SENDERS_MAX of them. */
SDS_PUBLIC int sds_service_add_packet_sender(struct sds_service *service,
                                             const struct sds_packet_sender *sender);

/* What the SRV target is an alias of; NULL: it is one, but of what is not told. */
SDS_PUBLIC int sds_service_set_host_cname(struct sds_service *service, const char *name);

/* Another SRV target of the same name on the same link, that another host claims it for. */
SDS_PUBLIC int sds_service_set_rival_host(struct sds_service *service, const char *host);

SDS_PUBLIC void sds_service_set_cache_flush(struct sds_service *service, enum sds_record_kind kind,
                                            bool is_set);
SDS_PUBLIC int sds_service_set_ptr_type(struct sds_service *service, const char *type);

/* Add a subtype as somebody wrote it: repeats are kept, and told by the rules. */
SDS_PUBLIC int sds_service_append_subtype(struct sds_service *service, const char *subtype);

/* Add to a set; what is there already is not repeated. Addresses stay sorted, IPv4 first. */
SDS_PUBLIC int sds_service_add_subtype(struct sds_service *service, const char *subtype);
SDS_PUBLIC int sds_service_add_address(struct sds_service *service, struct sds_address address);
SDS_PUBLIC int sds_service_add_meta_ptr(struct sds_service *service, const char *name);
SDS_PUBLIC int sds_service_add_prefix(struct sds_service *service, struct sds_prefix prefix);

/* The same; AF_UNSPEC adds nothing to a family of the same interface, which takes its place. */
SDS_PUBLIC int sds_service_add_sighting(struct sds_service *service, struct sds_sighting sighting);

/* Order by instance, type and domain, as DNS compares names: ASCII case ignored (RFC 6762 16). */
SDS_PUBLIC int sds_service_cmp(const struct sds_service *a, const struct sds_service *b);

/* Parts that differ between two states of a service (a set of enum sds_part). */
SDS_PUBLIC unsigned sds_service_diff(const struct sds_service *a, const struct sds_service *b);

/* Whether the domain is `local` or ends in it (RFC 6762 3); an unknown domain counts as local. */
SDS_PUBLIC bool sds_service_is_local(const struct sds_service *service);

/* The word for a kind of record: "ptr", "srv" ... */
SDS_PUBLIC const char *sds_record_kind_name(enum sds_record_kind kind);

/* The word for a part in reports: "instance", "host", "txt" ... */
SDS_PUBLIC const char *sds_part_name(enum sds_part part);

#define SDS_ADDRESS_TEXT_SIZE 46

/* An address as text into SDS_ADDRESS_TEXT_SIZE bytes (RFC 5952). */
SDS_PUBLIC void sds_address_format(struct sds_address address, char *ret);

/* Read an IPv4 or IPv6 address; false when @text is none. */
SDS_PUBLIC bool sds_address_parse(const char *text, struct sds_address *ret);

/* Read a prefix such as "192.0.2.0/24" or "fe80::/64", of no interface; false when it is none. */
SDS_PUBLIC bool sds_prefix_parse(const char *text, struct sds_prefix *ret);

/* Order of two addresses: by number, IPv4 before IPv6. */
SDS_PUBLIC int sds_address_cmp(const struct sds_address *a, const struct sds_address *b);

/* Whether an address is one of 169.254/16 (RFC 3927) or fe80::/10 (RFC 4291 2.5.6). */
SDS_PUBLIC bool sds_address_is_link_local(struct sds_address address);

#define SDS_PREFIX_TEXT_SIZE (SDS_ADDRESS_TEXT_SIZE + 4)

/* A prefix as text into SDS_PREFIX_TEXT_SIZE bytes. */
SDS_PUBLIC void sds_prefix_format(const struct sds_prefix *prefix, char *ret);

/* Whether an address lies in a prefix. */
SDS_PUBLIC bool sds_prefix_covers(const struct sds_prefix *prefix, struct sds_address address);

#ifdef __cplusplus
}
#endif

#endif
