/* SPDX-License-Identifier: MIT */
#include "registry/pattern.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT 20000 /* steps of the matcher: no expression holds up a check */
#define ROOM_SIZE   65536 /* bytes; the matcher itself begins with 20 KiB */
#define N_BUCKETS   64

/* Memory that is given out once. What does not fit is malloc'ed. */
struct room {
    size_t used;
    _Alignas(max_align_t) uint8_t bytes[ROOM_SIZE];
};

static void *take(size_t size, void *userdata)
{
    struct room *room = userdata;
    size_t align = _Alignof(max_align_t), at = (room->used + align - 1) / align * align;

    if (at > ROOM_SIZE || size > ROOM_SIZE - at)
        return malloc(size);
    room->used = at + size;
    return room->bytes + at;
}

static void give_back(void *p, void *userdata)
{
    struct room *room = userdata;
    uintptr_t at = (uintptr_t)p, start = (uintptr_t)room->bytes;

    if (at < start || at >= start + ROOM_SIZE)
        free(p);
}

struct pattern {
    struct pattern *next; /* in its bucket */
    const char *regex;
    pcre2_code *code;
};

struct sds_patterns {
    struct pattern *buckets[N_BUCKETS];
    pcre2_general_context *general; /* NULL before the first expression, as the others */
    pcre2_compile_context *compile;
    pcre2_match_context *context;
    pcre2_match_data *data;
    struct room room; /* last: the kernel gives no memory for what is not used of it */
};

struct sds_patterns *sds_patterns_new(void)
{
    struct sds_patterns *patterns = malloc(sizeof(*patterns));

    if (!patterns)
        return NULL;
    memset(patterns, 0, offsetof(struct sds_patterns, room));
    patterns->room.used = 0;
    return patterns;
}

static void free_bucket(struct sds_patterns *patterns, struct pattern *pattern)
{
    while (pattern) {
        struct pattern *next = pattern->next;

        pcre2_code_free(pattern->code);
        give_back(pattern, &patterns->room);
        pattern = next;
    }
}

struct sds_patterns *sds_patterns_free(struct sds_patterns *patterns)
{
    if (!patterns)
        return NULL;
    for (size_t i = 0; i < N_BUCKETS; i++)
        free_bucket(patterns, patterns->buckets[i]);
    pcre2_match_data_free(patterns->data);
    pcre2_match_context_free(patterns->context);
    pcre2_compile_context_free(patterns->compile);
    pcre2_general_context_free(patterns->general);
    free(patterns);
    return NULL;
}

/* What every expression needs; false for lack of memory. */
static bool prepare(struct sds_patterns *patterns)
{
    if (!patterns->general)
        patterns->general = pcre2_general_context_create(take, give_back, &patterns->room);
    if (!patterns->general)
        return false;
    if (!patterns->compile)
        patterns->compile = pcre2_compile_context_create(patterns->general);
    if (!patterns->context)
        patterns->context = pcre2_match_context_create(patterns->general);
    if (!patterns->data)
        patterns->data = pcre2_match_data_create(1, patterns->general);
    if (!patterns->compile || !patterns->context || !patterns->data)
        return false;
    pcre2_set_match_limit(patterns->context, MATCH_LIMIT);
    return true;
}

static pcre2_code *compile(const char *regex, pcre2_compile_context *context, int *error)
{
    uint32_t options = PCRE2_ANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_SIZE error_at;

    return pcre2_compile((PCRE2_SPTR)regex, strlen(regex), options, error, &error_at, context);
}

/* What matches a subject to its end. PCRE2_ENDANCHORED does so too, but not in a partial match. */
struct whole {
    char regex[sizeof("(?:)\\z") + SDS_PATTERN_LEN_MAX];
};

static const char *whole_of(const char *regex, struct whole *ret)
{
    snprintf(ret->regex, sizeof(ret->regex), "(?:%s)\\z", regex);
    return ret->regex;
}

static struct pattern *pattern_new(struct sds_patterns *patterns, const char *regex)
{
    struct pattern *pattern;
    struct whole whole;
    pcre2_code *code;
    int error;

    if (!prepare(patterns))
        return NULL;
    code = compile(whole_of(regex, &whole), patterns->compile, &error);
    if (!code)
        return NULL;
    pattern = take(sizeof(*pattern), &patterns->room);
    if (!pattern) {
        pcre2_code_free(code);
        return NULL;
    }
    *pattern = (struct pattern){.regex = regex, .code = code};
    return pattern;
}

/* The compiled expression; NULL for lack of memory, which is tried again the next time. */
static const pcre2_code *code_of(struct sds_patterns *patterns, const char *regex)
{
    struct pattern **bucket = &patterns->buckets[(uintptr_t)regex / 8 % N_BUCKETS];
    struct pattern *pattern = *bucket;

    while (pattern && pattern->regex != regex)
        pattern = pattern->next;
    if (pattern)
        return pattern->code;
    pattern = pattern_new(patterns, regex);
    if (!pattern)
        return NULL;
    pattern->next = *bucket;
    *bucket = pattern;
    return pattern->code;
}

static int match(const struct sds_patterns *patterns, const pcre2_code *code,
                 struct sds_span subject, uint32_t options)
{
    static const uint8_t nothing[1];

    return pcre2_match(code, subject.len ? subject.p : nothing, subject.len, 0, options,
                       patterns->data, patterns->context);
}

/* How much of the subject a longer one could begin with and match. */
static size_t viable_len(const struct sds_patterns *patterns, const pcre2_code *code,
                         struct sds_span subject)
{
    size_t len = 0;

    while (len < subject.len) {
        struct sds_span start = {subject.p, len + 1};

        if (match(patterns, code, start, PCRE2_PARTIAL_HARD) == PCRE2_ERROR_NOMATCH)
            break;
        len++;
    }
    return len;
}

bool sds_pattern_matches(struct sds_patterns *patterns, const char *regex, struct sds_span subject,
                         size_t *ret_viable)
{
    const pcre2_code *code = patterns ? code_of(patterns, regex) : NULL;

    if (!code || match(patterns, code, subject, 0) != PCRE2_ERROR_NOMATCH)
        return true;
    if (ret_viable)
        *ret_viable = viable_len(patterns, code, subject);
    return false;
}

static bool compiles(const char *regex, struct sds_pattern_error *ret)
{
    int error;
    pcre2_code *code = compile(regex, NULL, &error);

    if (!code && pcre2_get_error_message(error, (PCRE2_UCHAR *)ret->text, sizeof(ret->text)) < 0)
        snprintf(ret->text, sizeof(ret->text), "error %d", error);
    pcre2_code_free(code);
    return code != NULL;
}

bool sds_pattern_compiles(const char *regex, struct sds_pattern_error *ret)
{
    struct whole whole;

    if (strlen(regex) > SDS_PATTERN_LEN_MAX) {
        snprintf(ret->text, sizeof(ret->text), "longer than %d bytes", SDS_PATTERN_LEN_MAX);
        return false;
    }
    /* first by itself, for the words of its author's fault */
    return compiles(regex, ret) && compiles(whole_of(regex, &whole), ret);
}
