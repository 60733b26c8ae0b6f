/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_FIELD_H
#define SDS_FILES_ZONE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cur.h"
#include "files/zone_lexer.h"
#include "files/zone_record.h"
#include "sdscope/name.h"

/* Fields of a record: a token each. Those that return int return 0, -EINVAL when they have said
 * what is wrong with the token, or -ENOMEM. */

#define SDS_WIRE_NAME_MAX 255 /* bytes, the root's length byte counted; RFC 1035 2.3.4 */

/* An absolute name on its way to the wire. */
struct sds_wire_name {
    size_t len;
    uint8_t bytes[SDS_WIRE_NAME_MAX];
    bool is_doubled; /* was relative, and ended in the origin all the same */
};

/* The wire name without its first label; of the root, the root. */
struct sds_span sds_wire_parent(struct sds_span name);

static inline bool sds_wire_is_root(struct sds_span name)
{
    return name.len <= 1;
}

/* Whether a wire name is another or lies below it, ASCII case ignored. */
bool sds_wire_is_in(struct sds_span name, struct sds_span zone);

/* Say what is wrong with a token: "'token' what". */
int sds_zone_fail(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                  const char *what);

/* Whether a token is this text, and no quoted one. */
bool sds_zone_token_is(const struct sds_zone_token *token, const char *text);

/* Append bytes, which @token stands for, to the RDATA. */
int sds_zone_put(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                 const void *bytes, size_t len);

/* Append what the token says. */
int sds_zone_string(struct sds_zone_reader *reader, const struct sds_zone_token *token);
int sds_zone_ipv4(struct sds_zone_reader *reader, const struct sds_zone_token *token);
int sds_zone_ipv6(struct sds_zone_reader *reader, const struct sds_zone_token *token);
int sds_zone_u16(struct sds_zone_reader *reader, const struct sds_zone_token *token);
int sds_zone_name(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                  struct sds_wire_name *ret);

/* A name that is kept beyond the record, in the arena. */
int sds_zone_keep_name(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                       struct sds_span *ret);

/* Take digits as a number that does not exceed @max. */
bool sds_zone_digits(struct sds_cur *cur, uint64_t max, uint64_t *ret);

/* Seconds, or numbers with their units such as 1h30m. */
bool sds_zone_period(const struct sds_zone_token *token, uint32_t *ret);

#endif
