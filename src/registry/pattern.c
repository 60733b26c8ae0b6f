/* SPDX-License-Identifier: MIT */
#include "registry/pattern.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT  20000 /* steps of the matcher: no expression holds up a check */
#define SCRATCH_SIZE 32768 /* bytes; the matcher itself begins with 20 KiB */

/* Memory for one expression, which seldom needs more: so a clean service costs no allocation, and
 * nothing has to be kept between two checks. */
struct scratch {
    size_t used;
    _Alignas(max_align_t) uint8_t bytes[SCRATCH_SIZE];
};

static void *take(size_t size, void *userdata)
{
    struct scratch *scratch = userdata;
    size_t align = _Alignof(max_align_t), at = (scratch->used + align - 1) / align * align;

    if (at > SCRATCH_SIZE || size > SCRATCH_SIZE - at)
        return malloc(size);
    scratch->used = at + size;
    return scratch->bytes + at;
}

static void give_back(void *p, void *userdata)
{
    struct scratch *scratch = userdata;
    uintptr_t at = (uintptr_t)p, start = (uintptr_t)scratch->bytes;

    if (at < start || at >= start + SCRATCH_SIZE)
        free(p);
}

/* A compiled expression and what it takes to use it; any member may be NULL for lack of memory. */
struct matcher {
    struct scratch scratch;
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_code *code;
    int error; /* of compiling */
};

static void matcher_init(struct matcher *matcher, const char *regex)
{
    PCRE2_SIZE error_at;
    uint32_t options = PCRE2_ANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;

    matcher->scratch.used = 0;
    matcher->compile = NULL;
    matcher->context = NULL;
    matcher->data = NULL;
    matcher->code = NULL;
    matcher->error = PCRE2_ERROR_NOMEMORY;
    matcher->general = pcre2_general_context_create(take, give_back, &matcher->scratch);
    if (!matcher->general)
        return;
    matcher->compile = pcre2_compile_context_create(matcher->general);
    matcher->context = pcre2_match_context_create(matcher->general);
    matcher->data = pcre2_match_data_create(1, matcher->general);
    if (!matcher->compile || !matcher->context || !matcher->data)
        return;
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    matcher->code = pcre2_compile((PCRE2_SPTR)regex, strlen(regex), options, &matcher->error,
                                  &error_at, matcher->compile);
}

static void matcher_done(struct matcher *matcher)
{
    pcre2_code_free(matcher->code);
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_compile_context_free(matcher->compile);
    pcre2_general_context_free(matcher->general);
}

static int match(struct matcher *matcher, struct sds_span subject, uint32_t options)
{
    static const uint8_t nothing[1];

    return pcre2_match(matcher->code, subject.len ? subject.p : nothing, subject.len, 0, options,
                       matcher->data, matcher->context);
}

/* How much of the subject a longer one could begin with and match. */
static size_t viable_len(struct matcher *matcher, struct sds_span subject)
{
    size_t len = 0;

    while (len < subject.len) {
        struct sds_span start = {subject.p, len + 1};

        if (match(matcher, start, PCRE2_PARTIAL_HARD) == PCRE2_ERROR_NOMATCH)
            break;
        len++;
    }
    return len;
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

bool sds_pattern_matches(const char *regex, struct sds_span subject, size_t *ret_viable)
{
    struct matcher matcher;
    struct whole whole;
    bool is_match = true;

    matcher_init(&matcher, whole_of(regex, &whole));
    if (matcher.code)
        is_match = match(&matcher, subject, 0) != PCRE2_ERROR_NOMATCH;
    if (!is_match && ret_viable)
        *ret_viable = viable_len(&matcher, subject);
    matcher_done(&matcher);
    return is_match;
}

static bool compiles(const char *regex, struct sds_pattern_error *ret)
{
    struct matcher matcher;
    bool is_regex;

    matcher_init(&matcher, regex);
    is_regex = matcher.code;
    if (!is_regex) {
        if (pcre2_get_error_message(matcher.error, (PCRE2_UCHAR *)ret->text, sizeof(ret->text)) < 0)
            snprintf(ret->text, sizeof(ret->text), "error %d", matcher.error);
    }
    matcher_done(&matcher);
    return is_regex;
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
