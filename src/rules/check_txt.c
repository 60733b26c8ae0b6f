/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "rules/rules.h"

#define KEY_LEN_MAX 9 /* bytes; RFC 6763 6.4 */

/* The place of a string that is no attribute. */
static struct sds_place at_string(const struct sds_txt_string *string)
{
    return (struct sds_place){.offset = (long)string->offset};
}

/* Bytes of the record, were its strings sent as they are meant. */
static size_t true_len(const struct sds_check *check)
{
    const struct sds_service *service = check->service;
    size_t len = check->txt.len;

    for (size_t i = 0; i < service->n_long_strings && !check->record; i++)
        len += service->long_strings[i].bytes.len - SDS_TXT_STRING_MAX;
    return len;
}

/* RFC 6763 6.2 gives the sizes; of the rules for them, only the one for the largest is broken. */
static void check_size(struct sds_check *check)
{
    size_t len = true_len(check);
    enum sds_rule_index rule;

    if (len > 8900 && sds_service_is_local(check->service))
        rule = SDS_RULE_TXT_OVER_8900;
    else if (len > 1300)
        rule = SDS_RULE_TXT_OVER_1300;
    else if (len >= 400)
        rule = SDS_RULE_TXT_OVER_400;
    else if (len > 200)
        rule = SDS_RULE_TXT_OVER_200;
    else
        return;
    sds_report(check, rule, SDS_WHOLE, "TXT record has %zu bytes", len);
}

static void check_key_bytes(struct sds_check *check, const struct sds_txt_string *string)
{
    for (size_t i = 0; i < string->key.len; i++) {
        if (sds_is_printable(string->key.p[i]))
            continue;
        sds_report(check, SDS_RULE_TXT_KEY_CHARSET, sds_at(string), "key '%s' has byte 0x%02x",
                   SDS_QUOTED(string->key), string->key.p[i]);
        return;
    }
}

static struct sds_span key_of(struct sds_span string)
{
    const uint8_t *equals = memchr(string.p, '=', string.len);

    return equals ? (struct sds_span){string.p, (size_t)(equals - string.p)} : string;
}

static void check_key(struct sds_check *check, const struct sds_txt_string *string)
{
    const struct sds_long_string *whole = sds_long_string(check, string);
    struct sds_span key = string->key;

    if (whole)
        sds_report(check, SDS_RULE_TXT_STRING_OVER_255, sds_at(string), "string '%s' has %zu bytes",
                   SDS_QUOTED(string->bytes), whole->bytes.len);
    if (key.len == 0) {
        sds_report(check, SDS_RULE_TXT_KEY_MISSING, at_string(string),
                   "string '%s' has no key before '='", SDS_QUOTED(string->bytes));
        return;
    }
    check_key_bytes(check, string);
    if (!string->value.p && whole)
        key = key_of(whole->bytes);
    if (key.len > KEY_LEN_MAX && sds_find_declared(check, key) == SDS_DECLARED_NOT)
        sds_report(check, SDS_RULE_TXT_KEY_LONG, sds_at(string), "key '%s' has %zu bytes",
                   SDS_QUOTED(key), key.len);
    if (key.p[0] == ' ' || key.p[key.len - 1] == ' ')
        sds_report(check, SDS_RULE_TXT_KEY_EDGE_SPACE, sds_at(string),
                   "key '%s' begins or ends with a space", SDS_QUOTED(key));
}

static void check_strings(struct sds_check *check)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;

    while (sds_txt_next(&iter, &string)) {
        if (string.is_truncated) {
            sds_report(check, SDS_RULE_TXT_TRUNCATED, at_string(&string),
                       "length byte announces %u bytes, %zu are left", check->txt.p[string.offset],
                       string.bytes.len);
            return;
        }
        if (string.bytes.len == 0) {
            if (check->txt.len > 1) /* alone, it is how nothing is said: RFC 6763 6.1 */
                sds_report(check, SDS_RULE_TXT_EMPTY_STRING, at_string(&string), "string is empty");
            continue;
        }
        check_key(check, &string);
    }
}

/* An attribute among all of a record; small, as hostile records have tens of thousands. */
struct key_ref {
    uint32_t hash;   /* of the key */
    uint32_t offset; /* of the string */
};

static struct sds_txt_string string_at(const struct sds_check *check, uint32_t offset)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string = {0};

    iter.at = offset;
    sds_txt_next(&iter, &string);
    return string;
}

static bool same_key(const struct sds_check *check, const struct key_ref *a,
                     const struct key_ref *b)
{
    struct sds_span x, y;

    if (a->hash != b->hash)
        return false;
    x = string_at(check, a->offset).key;
    y = string_at(check, b->offset).key;
    return sds_fold_equal(x.p, x.len, y.p, y.len);
}

/* Equal keys next to each other, in the order of the record. */
static int cmp_keys(const void *a, const void *b, void *userdata)
{
    const struct key_ref *x = a, *y = b;
    const struct sds_check *check = userdata;
    int order = (x->hash > y->hash) - (x->hash < y->hash);

    if (!order) {
        struct sds_span k = string_at(check, x->offset).key, l = string_at(check, y->offset).key;

        order = sds_fold_cmp(k.p, k.len, l.p, l.len);
    }
    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static int cmp_offsets(const void *a, const void *b)
{
    const struct key_ref *x = a, *y = b;

    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Keep only the repeats, in the order of the record; returns how many. */
static size_t keep_repeats(const struct sds_check *check, struct key_ref *keys, size_t n)
{
    size_t n_repeats = 0;
    struct key_ref before;

    if (n < 2)
        return 0;
    qsort_r(keys, n, sizeof(*keys), cmp_keys, (void *)check);
    before = keys[0];
    for (size_t i = 1; i < n; i++) {
        struct key_ref key = keys[i];

        if (same_key(check, &before, &key))
            keys[n_repeats++] = key;
        before = key;
    }
    qsort(keys, n_repeats, sizeof(*keys), cmp_offsets);
    return n_repeats;
}

/* Attributes of the record, into @keys as far as they fit; returns how many there are. */
static size_t list_keys(const struct sds_check *check, struct key_ref *keys, size_t cap)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;
    size_t n = 0;

    while (sds_next_attribute(&iter, &string)) {
        if (n < cap)
            keys[n] = (struct key_ref){sds_fold_hash(string.key.p, string.key.len),
                                       (uint32_t)string.offset};
        n++;
    }
    return n;
}

static void check_duplicates(struct sds_check *check)
{
    SDS_CLEANUP(sds_freep) struct key_ref *many = NULL;
    struct key_ref few[64], *keys = few;
    size_t n = list_keys(check, few, SDS_COUNT(few));

    if (n > SDS_COUNT(few)) {
        keys = many = malloc(n * sizeof(*many));
        if (!many) {
            check->error = -ENOMEM;
            return;
        }
        list_keys(check, many, n);
    }
    n = keep_repeats(check, keys, n);
    for (size_t i = 0; i < n; i++) {
        struct sds_txt_string string = string_at(check, keys[i].offset);

        sds_report(check, SDS_RULE_TXT_KEY_DUPLICATE, sds_at(&string),
                   "key '%s' occurs again; only the first counts", SDS_QUOTED(string.key));
    }
}

void sds_check_txt(struct sds_check *check)
{
    switch (sds_service_state(check->service, SDS_PART_TXT)) {
    case SDS_UNKNOWN:
        return;
    case SDS_MISSING:
        sds_report(check, SDS_RULE_TXT_MISSING, SDS_WHOLE, "service has no TXT record");
        return;
    case SDS_PRESENT:
        break;
    }
    if (check->txt.len == 0)
        sds_report(check, SDS_RULE_TXT_ZERO_LENGTH, SDS_WHOLE, "TXT record has no data at all");
    check_size(check);
    check_strings(check);
    if (sds_runs(check, SDS_RULE_TXT_KEY_DUPLICATE))
        check_duplicates(check);
}
