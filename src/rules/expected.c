/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "rules/rules.h"

/* The attributes of a TXT record that count, which are the first of each key, sorted by key. */
struct attributes {
    SDS_ARR(struct sds_txt_string) list;
};

static void attributes_done(struct attributes *attributes)
{
    free(attributes->list.v);
}

static int key_cmp(const struct sds_txt_string *a, const struct sds_txt_string *b)
{
    return sds_fold_cmp(a->key.p, a->key.len, b->key.p, b->key.len);
}

static int place_cmp(const void *a, const void *b)
{
    const struct sds_txt_string *x = a, *y = b;
    int order = key_cmp(x, y);

    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static bool list_attributes(struct sds_span txt, struct attributes *ret)
{
    struct sds_txt_iter iter = sds_txt_begin(txt.p, txt.len);
    struct sds_txt_string string;
    size_t n = 0;

    while (sds_next_attribute(&iter, &string))
        if (!sds_arr_push(&ret->list, string))
            return false;
    if (ret->list.n)
        qsort(ret->list.v, ret->list.n, sizeof(*ret->list.v), place_cmp);
    for (size_t i = 0; i < ret->list.n; i++)
        if (n == 0 || key_cmp(&ret->list.v[n - 1], &ret->list.v[i]) != 0)
            ret->list.v[n++] = ret->list.v[i];
    ret->list.n = n;
    return true;
}

/* No value, an empty one and one of some bytes are three things (RFC 6763 6.4). */
static bool is_same_value(const struct sds_txt_string *a, const struct sds_txt_string *b)
{
    return !a->value.p == !b->value.p && a->value.len == b->value.len &&
           (a->value.len == 0 || memcmp(a->value.p, b->value.p, a->value.len) == 0);
}

static const char *value_text(const struct sds_txt_string *string, struct sds_quoted *ret)
{
    return string->value.p ? sds_quote(ret, string->value) : "nothing";
}

static void compare_values(struct sds_check *check, const struct sds_txt_string *was,
                           const struct sds_txt_string *is)
{
    const char *quote_was = was->value.p ? "'" : "", *quote_is = is->value.p ? "'" : "";
    struct sds_quoted old, new;

    if (!is_same_value(was, is))
        sds_report(check, SDS_RULE_EXPECTED_VALUE_CHANGED, sds_at(is),
                   "key '%s' has %s%s%s, expected was %s%s%s", SDS_QUOTED(is->key), quote_is,
                   value_text(is, &new), quote_is, quote_was, value_text(was, &old), quote_was);
}

/* Walk both lists at once. */
static void compare(struct sds_check *check, const struct attributes *was,
                    const struct attributes *is)
{
    size_t i = 0, j = 0;

    while (i < was->list.n || j < is->list.n) {
        const struct sds_txt_string *a = i < was->list.n ? &was->list.v[i] : NULL;
        const struct sds_txt_string *b = j < is->list.n ? &is->list.v[j] : NULL;
        int order = !a ? 1 : !b ? -1 : key_cmp(a, b);

        if (order < 0) {
            struct sds_place place = {.offset = -1, .key = a->key};

            sds_report(check, SDS_RULE_EXPECTED_KEY_MISSING, place, "expected key '%s' is absent",
                       SDS_QUOTED(a->key));
        } else if (order > 0) {
            sds_report(check, SDS_RULE_EXPECTED_KEY_ADDED, sds_at(b), "key '%s' was not expected",
                       SDS_QUOTED(b->key));
        } else {
            compare_values(check, a, b);
        }
        i += order <= 0;
        j += order >= 0;
    }
}

int sds_check_expected(const struct sds_ruleset *set, const struct sds_service *expected,
                       const struct sds_service *service, struct sds_result *result)
{
    static const enum sds_rule_index rules[] = {SDS_RULE_EXPECTED_KEY_MISSING,
                                                SDS_RULE_EXPECTED_KEY_ADDED,
                                                SDS_RULE_EXPECTED_VALUE_CHANGED};
    SDS_CLEANUP(attributes_done) struct attributes was = {0};
    SDS_CLEANUP(attributes_done) struct attributes is = {0};
    struct sds_check check = {.service = service, .result = result};
    bool is_known = sds_service_state(expected, SDS_PART_TXT) != SDS_UNKNOWN &&
                    sds_service_state(service, SDS_PART_TXT) != SDS_UNKNOWN;

    for (size_t i = 0; i < SDS_COUNT(rules); i++) {
        check.severity[rules[i]] = set->severity[rules[i]];
        if (!is_known && sds_runs(&check, rules[i]))
            sds_lacks_evidence(&check, rules[i]);
    }
    if (!list_attributes(expected->txt, &was) || !list_attributes(service->txt, &is))
        return -ENOMEM;
    if (is_known)
        compare(&check, &was, &is);
    return check.error;
}
