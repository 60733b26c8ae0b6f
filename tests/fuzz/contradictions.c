/* SPDX-License-Identifier: MIT */
#include "contradictions.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "fuzz.h"

/* Rules from one number to another. */
struct range {
    unsigned first, last;
};

/* Rules of which at most one is broken by the same thing: of the service, of a string or subtype,
 * or of a TXT key. A rule and itself are no pair. */
enum of { OF_SERVICE, OF_PLACE, OF_KEY };

struct pair {
    struct range a, b;
    enum of of;
};

static const struct pair contradictions[] = {
    /* no service type: nothing can be said of its name, and no registration be found */
    {{101, 101}, {102, 108}, OF_SERVICE},
    {{101, 101}, {501, 516}, OF_SERVICE},
    {{101, 101}, {601, 620}, OF_SERVICE},
    /* legal, but too short for Avahi */
    {{102, 106}, {108, 108}, OF_SERVICE},
    {{120, 120}, {121, 122}, OF_PLACE},
    {{121, 121}, {122, 123}, OF_PLACE},

    /* not UTF-8: it has no characters */
    {{202, 202}, {204, 209}, OF_SERVICE},
    {{202, 202}, {212, 212}, OF_SERVICE},
    {{213, 213}, {214, 214}, OF_SERVICE},
    /* no domain name is not one of unicast DNS either */
    {{220, 220}, {221, 223}, OF_SERVICE},
    {{220, 220}, {237, 237}, OF_SERVICE},
    {{220, 220}, {331, 331}, OF_SERVICE},
    {{222, 222}, {223, 223}, OF_SERVICE},
    {{230, 230}, {231, 237}, OF_SERVICE},
    {{230, 230}, {420, 420}, OF_SERVICE},
    {{231, 231}, {232, 237}, OF_SERVICE},
    {{234, 234}, {232, 237}, OF_SERVICE},
    {{235, 235}, {236, 236}, OF_SERVICE},
    /* in `.local`, and not */
    {{314, 314}, {222, 222}, OF_SERVICE},
    {{314, 314}, {237, 237}, OF_SERVICE},
    {{314, 314}, {331, 331}, OF_SERVICE},

    {{301, 301}, {302, 342}, OF_SERVICE},
    {{301, 301}, {601, 613}, OF_SERVICE},
    {{301, 301}, {620, 620}, OF_SERVICE},
    {{302, 302}, {303, 342}, OF_SERVICE},
    {{302, 302}, {601, 601}, OF_SERVICE},
    {{302, 302}, {603, 605}, OF_SERVICE},
    {{302, 302}, {612, 613}, OF_SERVICE},
    {{302, 302}, {620, 620}, OF_SERVICE},
    {{311, 314}, {311, 314}, OF_SERVICE},
    /* what is truncated, empty or without a key is no attribute */
    {{303, 304}, {303, 342}, OF_PLACE},
    {{303, 304}, {601, 620}, OF_PLACE},
    {{321, 321}, {322, 342}, OF_PLACE},
    {{321, 321}, {601, 620}, OF_PLACE},
    {{327, 327}, {329, 329}, OF_PLACE}, /* the last byte is a quotation mark, or a NUL */
    {{329, 329}, {334, 334}, OF_PLACE}, /* no byte but 0x01 is a control, or a NUL is */

    {{401, 401}, {230, 238}, OF_SERVICE},
    {{401, 401}, {328, 328}, OF_SERVICE},
    {{401, 401}, {402, 404}, OF_SERVICE},
    {{401, 401}, {420, 424}, OF_SERVICE},
    {{401, 401}, {506, 509}, OF_SERVICE},
    {{401, 401}, {513, 514}, OF_SERVICE},
    {{402, 402}, {506, 509}, OF_SERVICE},
    {{402, 402}, {513, 514}, OF_SERVICE},
    {{403, 403}, {404, 404}, OF_SERVICE},
    {{420, 420}, {421, 424}, OF_SERVICE},
    {{421, 421}, {422, 424}, OF_SERVICE},

    /* registered, or not; of its records all are of one kind */
    {{501, 501}, {502, 506}, OF_SERVICE},
    {{501, 501}, {510, 510}, OF_SERVICE},
    {{501, 501}, {514, 516}, OF_SERVICE},
    {{501, 501}, {601, 615}, OF_SERVICE},
    {{516, 516}, {502, 506}, OF_SERVICE},
    {{516, 516}, {510, 510}, OF_SERVICE},
    {{516, 516}, {514, 515}, OF_SERVICE},
    {{516, 516}, {601, 604}, OF_SERVICE},
    {{503, 505}, {503, 505}, OF_SERVICE},
    {{503, 505}, {510, 510}, OF_SERVICE},
    {{502, 502}, {506, 506}, OF_SERVICE},
    {{502, 502}, {601, 604}, OF_SERVICE},

    /* declared, or not; by a registration, or by a profile in its place */
    {{603, 603}, {601, 602}, OF_SERVICE},
    {{603, 603}, {604, 613}, OF_SERVICE},
    {{601, 601}, {611, 615}, OF_SERVICE},
    {{601, 601}, {604, 605}, OF_PLACE},
    {{613, 613}, {604, 605}, OF_PLACE},
    {{613, 613}, {612, 612}, OF_PLACE},
    {{323, 323}, {605, 605}, OF_PLACE},
    {{323, 323}, {612, 612}, OF_PLACE},
    {{328, 328}, {605, 605}, OF_PLACE},
    {{328, 328}, {612, 612}, OF_PLACE},
    /* absent, but with something wrong */
    {{602, 602}, {303, 342}, OF_KEY},
    {{602, 602}, {601, 601}, OF_KEY},
    {{602, 602}, {603, 620}, OF_KEY},
    {{611, 611}, {303, 342}, OF_KEY},
    {{611, 611}, {601, 610}, OF_KEY},
    {{611, 611}, {612, 620}, OF_KEY},
};

static bool has(struct range range, const struct sds_finding *f)
{
    return f->rule->number >= range.first && f->rule->number <= range.last;
}

static bool is_of_same(enum of of, const struct sds_finding *f, const struct sds_finding *g)
{
    switch (of) {
    case OF_SERVICE:
        return true;
    case OF_PLACE:
        return f->rule->part == g->rule->part && f->offset == g->offset;
    case OF_KEY:
        return f->key && g->key && sds_text_fold_equal(f->key, g->key);
    }
    return false;
}

static void seek_pair(const struct pair *pair, const struct sds_finding *f,
                      const struct sds_finding *g)
{
    bool is_contradiction = f->rule != g->rule && is_of_same(pair->of, f, g);

    if (is_contradiction)
        fprintf(stderr, "%s: %s\n%s: %s\n", f->rule->id, f->message, g->rule->id, g->message);
    MUST(!is_contradiction);
}

/* Findings stand in the order of the catalogue, so that those of a range are together. */
static void seek(const struct pair *pair, const struct sds_result *result)
{
    for (size_t i = 0; i < result->n_findings; i++) {
        if (!has(pair->a, &result->findings[i]))
            continue;
        for (size_t j = 0; j < result->n_findings; j++)
            if (has(pair->b, &result->findings[j]))
                seek_pair(pair, &result->findings[i], &result->findings[j]);
    }
}

static bool is_broken(const struct sds_result *result, struct range range)
{
    for (size_t i = 0; i < result->n_findings; i++)
        if (has(range, &result->findings[i]))
            return true;
    return false;
}

/* The verdict is a finding's short form; all rules must have run. */
static void compare_verdict(const struct sds_result *result)
{
    bool is_malformed = is_broken(result, (struct range){101, 107});
    static const struct {
        enum sds_verdict verdict;
        unsigned rule;
    } forms[] = {
        {SDS_VERDICT_RETIRED, 504},
        {SDS_VERDICT_UNREGISTERED, 501},
        {SDS_VERDICT_KNOWN, 516},
    };

    MUST(result->has_verdict || (!is_malformed && !is_broken(result, (struct range){501, 615})));
    if (!result->has_verdict)
        return;
    MUST(is_malformed == (result->verdict == SDS_VERDICT_MALFORMED));
    for (size_t i = 0; i < SDS_COUNT(forms) && !is_malformed; i++)
        MUST(is_broken(result, (struct range){forms[i].rule, forms[i].rule}) ==
             (result->verdict == forms[i].verdict));
}

void fuzz_seek_contradictions(const struct sds_result *result)
{
    for (size_t i = 0; i < SDS_COUNT(contradictions); i++)
        seek(&contradictions[i], result);
    compare_verdict(result);
    /* a port cannot be the assigned one with its bytes swapped, and be the assigned one */
    MUST(!is_broken(result, (struct range){514, 514}) ||
         is_broken(result, (struct range){506, 506}));
}
