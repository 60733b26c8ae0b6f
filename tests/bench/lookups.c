/* SPDX-License-Identifier: MIT */

/* What takes too little time to be seen from outside a process: a line "name nanoseconds" each. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sdscope/sdscope.h"

#include "base/arr.h"

#define ROUNDS 5

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct bench {
    struct sds_registry *registry;
    struct sds_ruleset *rules;
    SDS_ARR(const char *) names;
    struct sds_service *clean, *dirty;
};

static bool look_names_up(struct bench *bench)
{
    size_t n = 0;

    for (size_t i = 0; i < bench->names.n; i++) {
        struct sds_record_iter iter =
            sds_registry_find(bench->registry, sds_text_span(bench->names.v[i]));

        n += sds_record_next(&iter) != NULL;
    }
    return n == bench->names.n;
}

static bool check_often(const struct bench *bench, const struct sds_service *service)
{
    for (size_t i = 0; i < bench->names.n; i++) {
        struct sds_result result;
        int r = sds_check(bench->rules, bench->registry, service, &result);

        sds_result_done(&result);
        if (r < 0)
            return false;
    }
    return true;
}

static bool check_clean(struct bench *bench)
{
    return check_often(bench, bench->clean);
}

static bool check_dirty(struct bench *bench)
{
    return check_often(bench, bench->dirty);
}

/* The best of some rounds, for each of as many operations as there are names. */
static bool measure(struct bench *bench, const char *name, bool (*run)(struct bench *bench))
{
    double best = 0;

    for (int i = 0; i < ROUNDS; i++) {
        double start = now_ns(), took;

        if (!run(bench))
            return false;
        took = now_ns() - start;
        if (i == 0 || took < best)
            best = took;
    }
    printf("%s %.0f\n", name, best / (double)bench->names.n);
    return true;
}

static bool prepare(struct bench *bench)
{
    static const char clean[] = "\11txtvers=1\24rp=ipp/print/office.";
    static const char dirty[] = "\3=no\5a=\xff\xfe\n\3a=2\1?";
    struct sds_record_iter iter;
    const struct sds_record *record;

    bench->registry = sds_registry_new();
    bench->rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    bench->clean = sds_service_new("_ipp._tcp");
    bench->dirty = sds_service_new("_ippp._tcp");
    if (!bench->registry || !bench->rules || !bench->clean || !bench->dirty ||
        sds_registry_add_builtin(bench->registry) < 0)
        return false;
    for (size_t i = 0; i < sds_n_rules(); i++)
        sds_ruleset_enable(bench->rules, sds_rule_at(i));
    sds_service_set_port(bench->clean, 631);
    sds_service_set_port(bench->dirty, 0);
    if (sds_service_set_instance(bench->clean, "Office", 6) < 0 ||
        sds_service_set_txt(bench->clean, clean, sizeof(clean) - 1) < 0 ||
        sds_service_set_txt(bench->dirty, dirty, sizeof(dirty) - 1) < 0)
        return false;
    iter = sds_registry_all(bench->registry);
    while ((record = sds_record_next(&iter)))
        if (record->name && !sds_arr_push(&bench->names, record->name))
            return false;
    return true;
}

int main(void)
{
    struct bench bench = {0};
    bool is_done = prepare(&bench) && measure(&bench, "lookup", look_names_up) &&
                   measure(&bench, "clean", check_clean) && measure(&bench, "dirty", check_dirty);

    free(bench.names.v);
    sds_service_free(bench.dirty);
    sds_service_free(bench.clean);
    sds_ruleset_free(bench.rules);
    sds_registry_free(bench.registry);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
