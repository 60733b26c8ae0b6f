/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"
#include "files/json_document.h"
#include "policy/policy_impl.h"

#define POLICY_VERSION 1
#define DATE_LEN       strlen("2027-01-31")

const char *const sds_section_names[SECTION__COUNT] = {
    [SECTION_ALLOW] = "allow", [SECTION_IGNORE] = "ignore", [SECTION_EXPECT] = "expect",
    [SECTION_PORTS] = "ports", [SECTION_HOSTS] = "hosts",
};

const char *const sds_glob_names[GLOB__COUNT] = {
    [GLOB_RULE] = "rule", [GLOB_TYPE] = "type", [GLOB_INSTANCE] = "instance",
    [GLOB_HOST] = "host", [GLOB_KEY] = "key",
};

/* What an entry of a section may have, and what it must; the globs as a set of 1 << enum glob. */
static const struct {
    unsigned globs, needed;
    bool needs_reason, may_expire;
    const char *places; /* "ports" or "hosts" */
} forms[SECTION__COUNT] = {
    [SECTION_ALLOW] = {1u << GLOB_TYPE, 1u << GLOB_TYPE, true, true, NULL},
    [SECTION_IGNORE] = {(1u << GLOB__COUNT) - 1, 0, true, true, NULL},
    [SECTION_EXPECT] = {1u << GLOB_TYPE | 1u << GLOB_INSTANCE | 1u << GLOB_HOST, 1u << GLOB_TYPE,
                        false, false, NULL},
    [SECTION_PORTS] = {1u << GLOB_TYPE, 1u << GLOB_TYPE, false, false, "ports"},
    [SECTION_HOSTS] = {1u << GLOB_TYPE, 1u << GLOB_TYPE, false, false, "hosts"},
};

/* An entry while it is read. */
struct reading {
    const json_t *object;
    const struct sds_json_place *at;
    struct entry *entry;
    struct sds_json_error *error;
};

/* ---- texts -------------------------------------------------------------------------------- */

/* A member that is a text, or null or absent, which is the same. */
static int read_text(const struct reading *reading, const char *name, const char **ret)
{
    const struct sds_json_place at = {reading->at, name, 0};
    const json_t *value = json_object_get(reading->object, name);
    int r;

    if (json_is_null(value))
        value = NULL;
    if (!value)
        return 0;
    r = sds_json_read_text(value, &at, "a text", ret, reading->error);
    if (r == 0 && !**ret)
        r = sds_json_fail(reading->error, &at, "expected a text that is not empty");
    return r;
}

static int read_reason(const struct reading *reading)
{
    enum section section = reading->entry->section;
    int r = read_text(reading, "reason", &reading->entry->reason);

    if (r == 0 && forms[section].needs_reason && !reading->entry->reason)
        return sds_json_fail(reading->error, reading->at, "a reason is missing");
    return r;
}

/* ---- days --------------------------------------------------------------------------------- */

static int number_at(const char *digits, size_t n)
{
    int number = 0;

    for (size_t i = 0; i < n; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month < 1 || month > 12 ? 0 : days[month - 1] + (month == 2 && is_leap);
}

/* A day that is in the calendar, as "2027-01-31". */
static bool is_day(const char *text)
{
    static const char shape[] = "dddd-dd-dd";
    int day;

    if (strlen(text) != DATE_LEN)
        return false;
    for (size_t i = 0; i < DATE_LEN; i++)
        if (shape[i] == 'd' ? !sds_is_digit(text[i]) : text[i] != shape[i])
            return false;
    day = number_at(text + 8, 2);
    return day >= 1 && day <= days_of(number_at(text, 4), number_at(text + 5, 2));
}

static int read_expires(const struct reading *reading, int64_t wall_ms)
{
    const struct sds_json_place at = {reading->at, "expires", 0};
    struct entry *entry = reading->entry;
    char today[SDS_TIMESTAMP_SIZE];
    int r = forms[entry->section].may_expire ? read_text(reading, at.member, &entry->expires) : 0;

    if (r < 0 || !entry->expires)
        return r;
    if (!is_day(entry->expires))
        return sds_json_fail_text(reading->error, &at, "a day such as 2027-01-31", entry->expires);
    sds_timestamp(wall_ms, today);
    entry->is_expired = strncmp(today, entry->expires, DATE_LEN) > 0;
    return 0;
}

/* ---- rules -------------------------------------------------------------------------------- */

static bool is_rule_known(const char *word)
{
    if (!sds_glob_is_pattern(word))
        return sds_rule_find(word);
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        if (sds_glob_matches(word, rule->id, strlen(rule->id)) ||
            sds_glob_matches(word, rule->name, strlen(rule->name)))
            return true;
    }
    return false;
}

static const char *nearest_rule(const char *word)
{
    struct sds_near near = sds_near_begin(word, strlen(word));

    for (size_t i = 0; i < sds_n_rules(); i++)
        sds_near_offer(&near, sds_rule_at(i)->name, strlen(sds_rule_at(i)->name));
    for (size_t i = 0; i < sds_n_rules(); i++)
        sds_near_offer(&near, sds_rule_at(i)->id, strlen(sds_rule_at(i)->id));
    return near.best;
}

static int check_rule(const char *word, const struct sds_json_place *at,
                      struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    const char *near;

    if (is_rule_known(word))
        return 0;
    safe = sds_text_dup(word, strlen(word));
    if (!safe)
        return -ENOMEM;
    if (sds_glob_is_pattern(word))
        return sds_json_fail(error, at, "no rule matches '%s'", safe);
    near = nearest_rule(word);
    if (near)
        return sds_json_fail(error, at, "unknown rule '%s': did you mean '%s'?", safe, near);
    return sds_json_fail(error, at, "unknown rule '%s': 'sdscope rules' lists them", safe);
}

/* ---- ports and hosts ---------------------------------------------------------------------- */

/* A port or a range: "631", "631-640". */
static bool parse_range(const char *text, struct range *ret)
{
    unsigned long ends[2] = {0};
    const char *at = text;

    for (size_t i = 0; i < SDS_COUNT(ends); i++) {
        char *end;

        if (!sds_is_digit(*at))
            return false;
        ends[i] = strtoul(at, &end, 10);
        if (ends[i] > UINT16_MAX)
            return false;
        if (i == 0 && !*end)
            ends[++i] = ends[0];
        else if (*end != (i == 0 ? '-' : '\0'))
            return false;
        at = end + 1;
    }
    *ret = (struct range){(uint16_t)ends[0], (uint16_t)ends[1]};
    return ret->first <= ret->last;
}

static int read_port(const struct reading *reading, const json_t *value,
                     const struct sds_json_place *at)
{
    static const char expected[] = "a port, or a range such as 631-640";
    struct range range = {0};
    const char *text = NULL;
    uint32_t port = 0;
    int r;

    if (json_is_string(value)) {
        r = sds_json_read_text(value, at, expected, &text, reading->error);
        if (r == 0 && !parse_range(text, &range))
            r = sds_json_fail_text(reading->error, at, expected, text);
    } else {
        r = sds_json_read_number(value, at, UINT16_MAX, &port, reading->error);
        range = (struct range){(uint16_t)port, (uint16_t)port};
    }
    if (r == 0 && !sds_arr_push(&reading->entry->ports, range))
        r = -ENOMEM;
    return r;
}

static int read_host(const struct reading *reading, const json_t *value,
                     const struct sds_json_place *at)
{
    const char *text = NULL;
    int r = sds_json_read_text(value, at, "a host, or a pattern of some", &text, reading->error);

    if (r == 0 && !sds_arr_push(&reading->entry->hosts, text))
        r = -ENOMEM;
    return r;
}

/* One place, or an array of them. */
static int read_places(const struct reading *reading)
{
    bool is_ports = reading->entry->section == SECTION_PORTS;
    int (*read)(const struct reading *reading, const json_t *value,
                const struct sds_json_place *at) = is_ports ? read_port : read_host;
    const char *name = forms[reading->entry->section].places;
    const struct sds_json_place at = {reading->at, name, 0};
    const json_t *value = name ? json_object_get(reading->object, name) : NULL;
    const json_t *item;
    size_t i;

    if (!name)
        return 0;
    if (!json_is_array(value))
        return value ? read(reading, value, &at)
                     : sds_json_fail_kind(reading->error, &at, "an array", value);
    json_array_foreach(value, i, item)
    {
        const struct sds_json_place item_at = {&at, NULL, i};
        int r = read(reading, item, &item_at);

        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- entries ------------------------------------------------------------------------------ */

/* A member that only other sections have would narrow nothing here, whatever its author thinks. */
static int refuse_others(const struct reading *reading)
{
    enum section section = reading->entry->section;
    const char *stray = NULL;

    for (size_t i = 0; i < GLOB__COUNT; i++)
        if (!(forms[section].globs >> i & 1) && json_object_get(reading->object, sds_glob_names[i]))
            stray = sds_glob_names[i];
    if (!forms[section].may_expire && json_object_get(reading->object, "expires"))
        stray = "expires";
    return stray ? sds_json_fail(reading->error, reading->at, "'%s' has no member '%s'",
                                 sds_section_names[section], stray)
                 : 0;
}

static int check_entry_members(const struct reading *reading)
{
    enum section section = reading->entry->section;
    const char *known[GLOB__COUNT + 3];
    size_t n = 0;

    for (size_t i = 0; i < GLOB__COUNT; i++)
        if (forms[section].globs >> i & 1)
            known[n++] = sds_glob_names[i];
    known[n++] = "reason";
    if (forms[section].may_expire)
        known[n++] = "expires";
    if (forms[section].places)
        known[n++] = forms[section].places;
    return sds_json_check_members(reading->object, reading->at, known, n, reading->error);
}

static int read_globs(const struct reading *reading)
{
    enum section section = reading->entry->section;
    unsigned found = 0;

    for (size_t i = 0; i < GLOB__COUNT; i++) {
        const struct sds_json_place at = {reading->at, sds_glob_names[i], 0};
        int r = forms[section].globs >> i & 1
                    ? read_text(reading, at.member, &reading->entry->globs[i])
                    : 0;

        if (r == 0 && i == GLOB_RULE && reading->entry->globs[i])
            r = check_rule(reading->entry->globs[i], &at, reading->error);
        if (r < 0)
            return r;
        if (reading->entry->globs[i])
            found |= 1u << i;
        else if (forms[section].needed >> i & 1)
            return sds_json_fail_kind(reading->error, &at, "a text", NULL);
    }
    return found ? 0
                 : sds_json_fail(reading->error, reading->at,
                                 "expected one at least of rule, type, instance, host and key");
}

static int read_entry(const json_t *object, const struct sds_json_place *at, int64_t wall_ms,
                      struct entry *entry, struct sds_json_error *error)
{
    const struct reading reading = {object, at, entry, error};
    int r = 0;

    if (!json_is_object(object))
        return sds_json_fail_kind(error, at, "an object", object);
    r = check_entry_members(&reading);
    if (r == 0)
        r = refuse_others(&reading);
    if (r == 0)
        r = read_globs(&reading);
    if (r == 0)
        r = read_reason(&reading);
    if (r == 0)
        r = read_expires(&reading, wall_ms);
    return r < 0 ? r : read_places(&reading);
}

static int read_section(struct sds_policy *policy, enum section section, int64_t wall_ms,
                        struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, sds_section_names[section], 0};
    const json_t *array = json_object_get(policy->json, at.member), *item;
    size_t i;

    if (!array || json_is_null(array))
        return 0;
    if (!json_is_array(array))
        return sds_json_fail_kind(error, &at, "an array", array);
    json_array_foreach(array, i, item)
    {
        const struct sds_json_place item_at = {&at, NULL, i};
        struct entry entry = {.section = section, .index = i};
        int r;

        if (!sds_arr_push(&policy->entries, entry))
            return -ENOMEM;
        r = read_entry(item, &item_at, wall_ms, &policy->entries.v[policy->entries.n - 1], error);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static int read_severities(struct sds_policy *policy, struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, "severities", 0};
    json_t *object = json_object_get(policy->json, at.member), *value;
    const char *name;

    if (!object || json_is_null(object))
        return 0;
    if (!json_is_object(object))
        return sds_json_fail_kind(error, &at, "an object", object);
    json_object_foreach(object, name, value)
    {
        static const char expected[] = "error, warning, info or off";
        const struct sds_json_place value_at = {&at, name, 0};
        int r = check_rule(name, &value_at, error), severity = -1;
        const char *word = NULL;

        if (r == 0)
            r = sds_json_read_text(value, &value_at, expected, &word, error);
        if (r == 0 && (severity = sds_severity_from_name(word)) < 0)
            r = sds_json_fail_text(error, &value_at, expected, word);
        if (r == 0 && sds_glob_is_pattern(name))
            r = sds_json_fail(error, &value_at, "a rule's id or name stands here, no pattern");
        if (r < 0)
            return r;
        if (!sds_arr_push(&policy->severities,
                          (struct severity){sds_rule_find(name), (enum sds_severity)severity}))
            return -ENOMEM;
    }
    return 0;
}

static int check_version(const json_t *json, struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, "sdscope_policy", 0};
    const json_t *value;

    if (!json_is_object(json))
        return sds_json_fail_kind(error, NULL, "an object", json);
    value = json_object_get(json, at.member);
    if (!json_is_integer(value))
        return sds_json_fail_kind(error, &at, "1, the version of the format", value);
    if (json_integer_value(value) != POLICY_VERSION)
        return sds_json_fail(error, &at, "this sdscope reads version 1 only");
    return 0;
}

static int read_all(struct sds_policy *policy, int64_t wall_ms, struct sds_json_error *error)
{
    const char *known[SECTION__COUNT + 2] = {"sdscope_policy", "severities"};
    int r;

    memcpy(known + 2, sds_section_names, sizeof(sds_section_names));
    r = json_is_object(policy->json)
            ? sds_json_check_members(policy->json, NULL, known, SDS_COUNT(known), error)
            : 0;
    if (r == 0)
        r = check_version(policy->json, error);
    if (r == 0)
        r = read_severities(policy, error);
    for (int i = 0; i < SECTION__COUNT && r == 0; i++)
        r = read_section(policy, (enum section)i, wall_ms, error);
    return r;
}

SDS_DEFINE_FREEP(struct sds_policy, sds_policy_free)

int sds_policy_read(const char *text, size_t len, int64_t wall_ms, struct sds_policy **ret,
                    struct sds_input_error *error)
{
    SDS_CLEANUP(sds_policy_freep) struct sds_policy *policy = calloc(1, sizeof(*policy));
    struct sds_json_error fault = {0};
    int r;

    if (!policy)
        return -ENOMEM;
    r = sds_json_document_read(text, len, &policy->json, error);
    if (r < 0)
        return r;
    policy->text = malloc(len);
    if (!policy->text)
        return -ENOMEM;
    memcpy(policy->text, text, len);
    policy->len = len;
    r = read_all(policy, wall_ms, &fault);
    if (r == -EINVAL)
        return sds_json_document_fail(text, len, &fault, error);
    if (r < 0)
        return r;
    *ret = SDS_TAKE(policy);
    return 0;
}

struct sds_policy *sds_policy_free(struct sds_policy *policy)
{
    if (!policy)
        return NULL;
    for (size_t i = 0; i < policy->entries.n; i++) {
        free(policy->entries.v[i].ports.v);
        free(policy->entries.v[i].hosts.v);
    }
    free(policy->entries.v);
    free(policy->severities.v);
    json_decref(policy->json);
    free(policy->text);
    free(policy);
    return NULL;
}
