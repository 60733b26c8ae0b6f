/* SPDX-License-Identifier: MIT */
#include "files/zone_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

/*
 * ldns reads each field, not the record: of a whole one (1.8.3) it does not say which field is
 * wrong, takes SRV port 70000 for 4464, cuts RDATA past 64 KiB off without a word, and refuses
 * "IN 3600 SRV", which RFC 1035 5.1 allows.
 */

#define FIELD_MAX 1020      /* characters: 255 bytes, each of them as \DDD */
#define TTL_MAX   INT32_MAX /* RFC 2181 8 */

SDS_DEFINE_FREEP(ldns_rdf, ldns_rdf_deep_free)

/* ---- names on the wire -------------------------------------------------------------------- */

struct sds_span sds_wire_parent(struct sds_span name)
{
    struct sds_cur cur = sds_cur_over(name.p, name.len);
    const uint8_t *label;
    uint8_t len;

    if (sds_wire_is_root(name) || !sds_cur_u8(&cur, &len) || !sds_cur_take(&cur, len, &label))
        return name;
    return (struct sds_span){cur.p, cur.left};
}

bool sds_wire_is_in(struct sds_span name, struct sds_span zone)
{
    while (name.len > zone.len && !sds_wire_is_root(name))
        name = sds_wire_parent(name);
    return sds_fold_equal(name.p, name.len, zone.p, zone.len);
}

/* ---- saying what is wrong ----------------------------------------------------------------- */

/* Say what is wrong with a token: "'token' what". */
int sds_zone_fail(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                  const char *what)
{
    char text[80];

    sds_text_shorten(text, sizeof(text), token->p, token->len);
    return sds_input_fail(reader->error, token->place, "'%s' %s", text, what);
}

/* The same with the status of ldns. */
static int fail_status(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                       const char *expected, ldns_status status)
{
    char text[80];

    if (status == LDNS_STATUS_MEM_ERR)
        return -ENOMEM;
    sds_text_shorten(text, sizeof(text), token->p, token->len);
    return sds_input_fail(reader->error, token->place, "'%s' is not %s: %s", text, expected,
                          ldns_get_errorstr_by_id(status));
}

/* ---- fields ------------------------------------------------------------------------------- */

int sds_zone_put(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                 const void *bytes, size_t len)
{
    struct sds_zone_bytes *rdata = &reader->rdata;

    if (len > sizeof(rdata->v) - rdata->n)
        return sds_zone_fail(reader, token, "is where the record exceeds 65535 bytes");
    if (len)
        memcpy(rdata->v + rdata->n, bytes, len);
    rdata->n += len;
    return 0;
}

/* Let ldns convert a token, which its functions want NUL-terminated. */
static int convert(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                   const char *expected, ldns_status (*of_text)(ldns_rdf **, const char *),
                   ldns_rdf **ret)
{
    char text[FIELD_MAX + 1];
    ldns_status status;

    if (token->len > FIELD_MAX)
        return fail_status(reader, token, expected, LDNS_STATUS_INVALID_STR);
    memcpy(text, token->p, token->len);
    text[token->len] = '\0';
    status = of_text(ret, text);
    return status == LDNS_STATUS_OK ? 0 : fail_status(reader, token, expected, status);
}

static int put_converted(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                         const char *expected, ldns_status (*of_text)(ldns_rdf **, const char *))
{
    SDS_CLEANUP(ldns_rdf_deep_freep) ldns_rdf *rdf = NULL;
    int r = convert(reader, token, expected, of_text, &rdf);

    return r < 0 ? r : sds_zone_put(reader, token, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

int sds_zone_string(struct sds_zone_reader *reader, const struct sds_zone_token *token)
{
    return put_converted(reader, token, "a string of at most 255 bytes", ldns_str2rdf_str);
}

int sds_zone_ipv4(struct sds_zone_reader *reader, const struct sds_zone_token *token)
{
    return put_converted(reader, token, "an IPv4 address", ldns_str2rdf_a);
}

int sds_zone_ipv6(struct sds_zone_reader *reader, const struct sds_zone_token *token)
{
    return put_converted(reader, token, "an IPv6 address", ldns_str2rdf_aaaa);
}

/* Digits as a number that does not exceed @max. */
bool sds_zone_digits(struct sds_cur *cur, uint64_t max, uint64_t *ret)
{
    const uint8_t *p;

    if (!cur->left || !sds_is_digit(*cur->p))
        return false;
    for (*ret = 0; cur->left && sds_is_digit(*cur->p);) {
        if (!sds_cur_take(cur, 1, &p))
            return false;
        *ret = *ret * 10 + (uint64_t)(*p - '0');
        if (*ret > max)
            return false;
    }
    return true;
}

/* ldns takes a number modulo 65536. */
int sds_zone_u16(struct sds_zone_reader *reader, const struct sds_zone_token *token)
{
    struct sds_cur cur = sds_cur_over(token->p, token->len);
    uint64_t value;

    if (!sds_zone_digits(&cur, UINT16_MAX, &value) || cur.left)
        return sds_zone_fail(reader, token, "is not a number from 0 to 65535");
    return sds_zone_put(reader, token, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

bool sds_zone_token_is(const struct sds_zone_token *token, const char *text)
{
    return !token->is_quoted && token->len == strlen(text) &&
           memcmp(token->p, text, token->len) == 0;
}

/* Whether a name ends in a dot that no backslash escapes. */
static bool is_absolute(const struct sds_zone_token *token)
{
    size_t n = token->len, n_escapes = 0;

    if (n == 0 || token->p[n - 1] != '.')
        return false;
    while (n_escapes < n - 1 && token->p[n - 2 - n_escapes] == '\\')
        n_escapes++;
    return n_escapes % 2 == 0;
}

/* Put the origin in place of the root. */
static int add_origin(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                      struct sds_wire_name *wire)
{
    struct sds_span relative = {wire->bytes, wire->len}, origin = reader->origin;

    if (!origin.p)
        return sds_zone_fail(reader, token, "is relative, and no $ORIGIN or --origin says to what");
    wire->is_doubled = !sds_wire_is_root(origin) && sds_wire_is_in(relative, origin);
    wire->len--;
    if (origin.len > sizeof(wire->bytes) - wire->len)
        return sds_zone_fail(reader, token, "exceeds 255 bytes with the origin");
    memcpy(wire->bytes + wire->len, origin.p, origin.len);
    wire->len += origin.len;
    return 0;
}

static int read_wire(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                     struct sds_wire_name *ret)
{
    SDS_CLEANUP(ldns_rdf_deep_freep) ldns_rdf *name = NULL;
    int r;

    *ret = (struct sds_wire_name){.len = 1}; /* the root */
    if (token->is_quoted)
        return sds_zone_fail(reader, token, "is a name in quotes: write a space as \\032 instead");
    if (sds_zone_token_is(token, "@"))
        return add_origin(reader, token, ret);
    r = convert(reader, token, "a domain name", ldns_str2rdf_dname, &name);
    if (r < 0)
        return r;
    ret->len = ldns_rdf_size(name);
    if (ret->len > sizeof(ret->bytes))
        return sds_zone_fail(reader, token, "exceeds 255 bytes");
    memcpy(ret->bytes, ldns_rdf_data(name), ret->len);
    return is_absolute(token) ? 0 : add_origin(reader, token, ret);
}

int sds_zone_name(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                  struct sds_wire_name *ret)
{
    int r = read_wire(reader, token, ret);

    return r < 0 ? r : sds_zone_put(reader, token, ret->bytes, ret->len);
}

/* A name that is kept beyond the record. */
int sds_zone_keep_name(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                       struct sds_span *ret)
{
    struct sds_wire_name wire;
    int r = read_wire(reader, token, &wire);

    if (r < 0)
        return r;
    *ret = (struct sds_span){sds_arena_copy(reader->arena, wire.bytes, wire.len), wire.len};
    return ret->p ? 0 : -ENOMEM;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* Seconds, or numbers with their units such as 1h30m. */
bool sds_zone_period(const struct sds_zone_token *token, uint32_t *ret)
{
    static const struct {
        char letter;
        uint32_t s;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    struct sds_cur cur = sds_cur_over(token->p, token->len);
    uint64_t sum = 0, value;

    while (sds_zone_digits(&cur, TTL_MAX, &value)) {
        uint8_t letter;
        size_t i = 0;

        if (sds_cur_u8(&cur, &letter)) {
            while (i < SDS_COUNT(units) && units[i].letter != sds_fold(letter))
                i++;
            if (i == SDS_COUNT(units))
                return false;
        }
        sum += value * units[i].s;
        if (sum > TTL_MAX)
            return false;
        *ret = (uint32_t)sum;
        if (!cur.left)
            return !token->is_quoted;
    }
    return false;
}
