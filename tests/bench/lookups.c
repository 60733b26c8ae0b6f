/* SPDX-License-Identifier: MIT */

/*
 * What takes too little time to be seen from outside a process. Of each thing, a line
 *
 *     NAME NANOSECONDS INSTRUCTIONS ALLOCATIONS SERVICES TYPE
 *
 * which tells the cost of one service: "clean" is the mean of all that are clean, and "clean/17"
 * the one that costs most. INSTRUCTIONS is "-" where the processor's counter cannot be had:
 * "lookups NAME ROUNDS" does the thing alone, ROUNDS times on each service, for a program that
 * counts from outside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdscope/sdscope.h"

#include "base/arr.h"
#include "base/mem.h"
#include "meter.h"
#include "registry/table.h"

#define TURNS        10 /* the best of which counts */
#define CHECK_ROUNDS 100

typedef SDS_ARR(struct sds_service *) service_list;

struct bench {
    struct sds_registry *registry;
    struct sds_ruleset *rules;
    SDS_ARR(const char *) names;
    service_list clean, dirty, unregistered;
};

/* ---- what is measured --------------------------------------------------------------------------
 */

/* One thing that is done ROUNDS times: names looked up, or services checked. */
struct job {
    const struct bench *bench;
    struct sds_service *const *services;
    size_t n, rounds;
};

static bool look_names_up(void *userdata)
{
    const struct job *job = userdata;
    const struct bench *bench = job->bench;
    size_t n = 0;

    for (size_t i = 0; i < job->rounds * job->n; i++) {
        struct sds_record_iter iter =
            sds_registry_find(bench->registry, sds_text_span(bench->names.v[i % job->n]));

        n += sds_record_next(&iter) != NULL;
    }
    return n == job->rounds * job->n;
}

static bool check_services(void *userdata)
{
    const struct job *job = userdata;

    for (size_t i = 0; i < job->rounds * job->n; i++) {
        struct sds_result result;
        int r =
            sds_check(job->bench->rules, job->bench->registry, job->services[i % job->n], &result);

        sds_result_done(&result);
        if (r < 0)
            return false;
    }
    return true;
}

/* The cost of one of the things, in the best of some turns. */
static bool measure(bool (*work)(void *userdata), struct job *job, struct meter *ret)
{
    double n = (double)(job->n * job->rounds);
    struct meter meter;

    if (job->n == 0 || !meter_run(work, job, ret)) /* rows are unpacked, expressions compiled */
        return false;
    if (!meter_run(work, job, ret))
        return false;
    for (int i = 1; i < TURNS; i++) {
        if (!meter_run(work, job, &meter))
            return false;
        if (meter.ns < ret->ns)
            *ret = meter;
    }
    ret->ns /= n;
    ret->instructions /= n;
    return true;
}

static void print(const char *name, const struct meter *meter, const struct job *job)
{
    printf("%s %.0f ", name, meter->ns);
    if (meter->instructions >= 0)
        printf("%.0f", meter->instructions);
    else
        printf("-");
    printf(" %.1f %zu %s\n", (double)meter->allocations / (double)(job->n * job->rounds), job->n,
           job->services && job->n == 1 ? job->services[0]->type : "-");
}

static struct job job_of(const struct bench *bench, const service_list *list)
{
    return (struct job){bench, list->v, list->n, CHECK_ROUNDS};
}

/* The place in a list of the service that costs most. */
static bool find_worst(struct job job, size_t *ret)
{
    double worst = 0;

    for (size_t i = 0; i < job.n; i++) {
        struct job one = {job.bench, &job.services[i], 1, CHECK_ROUNDS};
        struct meter meter;

        if (!measure(check_services, &one, &meter))
            return false;
        if (meter.ns < worst)
            continue;
        worst = meter.ns;
        *ret = i;
    }
    return true;
}

static bool measure_job(const char *name, struct job *job)
{
    struct meter meter;

    if (!measure(check_services, job, &meter))
        return false;
    print(name, &meter, job);
    return true;
}

static bool measure_list(const struct bench *bench, const char *name, const service_list *list)
{
    struct job job = job_of(bench, list);
    char name_of_worst[32];
    size_t worst = 0;

    if (!measure_job(name, &job))
        return false;
    if (list->n == 1)
        return true;
    if (!find_worst(job, &worst))
        return false;
    job.services += worst;
    job.n = 1;
    snprintf(name_of_worst, sizeof(name_of_worst), "%s/%zu", name, worst);
    return measure_job(name_of_worst, &job);
}

/* ---- services ----------------------------------------------------------------------------------
 */

/* The port that is registered for the type, so that it is the right one. */
static uint16_t port_of(const struct bench *bench, const struct sds_profile *profile)
{
    struct sds_record_iter iter = sds_registry_find(bench->registry, sds_text_span(profile->name));
    const struct sds_record *record;

    while ((record = sds_record_next(&iter)))
        if (record->port)
            return (uint16_t)strtoul(record->port, NULL, 10);
    return 4000;
}

/* An example with all the parts that it leaves out, so that every rule has its evidence. */
static struct sds_service *make_whole(const struct bench *bench, const struct sds_profile *profile,
                                      const struct sds_profile_example *example)
{
    struct sds_service *service = sds_example_dup(profile, example);
    struct sds_address address;

    if (!service)
        return NULL;
    sds_service_set_port(service, port_of(bench, profile));
    if ((!example->instance && sds_service_set_instance(service, "Office", 6) < 0) ||
        sds_service_set_domain(service, "local") < 0 ||
        sds_service_set_host(service, "office.local") < 0 ||
        !sds_address_parse("192.0.2.7", &address) || sds_service_add_address(service, address) < 0)
        return sds_service_free(service);
    if (sds_service_state(service, SDS_PART_SUBTYPES) == SDS_UNKNOWN)
        sds_service_set_missing(service, SDS_PART_SUBTYPES);
    return service;
}

/* Put an example where it belongs. */
static bool add_example(struct bench *bench, const struct sds_profile *profile,
                        const struct sds_profile_example *example)
{
    struct sds_service *service = make_whole(bench, profile, example);
    struct sds_result result;
    service_list *list;

    if (!service || sds_check(bench->rules, bench->registry, service, &result) < 0) {
        sds_service_free(service);
        return false;
    }
    list = result.n_findings ? &bench->dirty : &bench->clean;
    sds_result_done(&result);
    if (sds_arr_push(list, service))
        return true;
    sds_service_free(service);
    return false;
}

static bool add_unregistered(struct bench *bench)
{
    static const char txt[] = "\3=no\5a=\xff\xfe\n\3a=2\1?";
    struct sds_service *service = sds_service_new("_printre._tcp");

    if (!service)
        return false;
    sds_service_set_port(service, 0);
    if (sds_service_set_txt(service, txt, sizeof(txt) - 1) == 0 &&
        sds_arr_push(&bench->unregistered, service))
        return true;
    sds_service_free(service);
    return false;
}

static bool prepare(struct bench *bench)
{
    struct sds_profile_iter profiles;
    const struct sds_profile *profile;
    struct sds_record_iter records;
    const struct sds_record *record;

    bench->registry = sds_registry_new();
    bench->rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    if (!bench->registry || !bench->rules || sds_registry_add_builtin(bench->registry) < 0)
        return false;
    for (size_t i = 0; i < sds_n_rules(); i++)
        sds_ruleset_enable(bench->rules, sds_rule_at(i));
    records = sds_registry_all(bench->registry);
    while ((record = sds_record_next(&records)))
        if (record->name && !sds_arr_push(&bench->names, record->name))
            return false;
    profiles = sds_profile_all(bench->registry);
    while ((profile = sds_profile_next(&profiles)))
        for (size_t i = 0; i < profile->n_examples; i++)
            if (!add_example(bench, profile, &profile->examples[i]))
                return false;
    return add_unregistered(bench);
}

static void list_done(service_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        sds_service_free(list->v[i]);
    free(list->v);
}

static void done(struct bench *bench)
{
    list_done(&bench->clean);
    list_done(&bench->dirty);
    list_done(&bench->unregistered);
    free(bench->names.v);
    sds_ruleset_free(bench->rules);
    sds_registry_free(bench->registry);
}

/* ---- commands ----------------------------------------------------------------------------------
 */

static bool measure_all(const struct bench *bench)
{
    struct job lookups = {bench, NULL, bench->names.n, 1};
    struct meter meter;

    if (!measure(look_names_up, &lookups, &meter))
        return false;
    print("lookup", &meter, &lookups);
    return measure_list(bench, "clean", &bench->clean) &&
           measure_list(bench, "dirty", &bench->dirty) &&
           measure_list(bench, "unregistered", &bench->unregistered);
}

static const service_list *find_list(const struct bench *bench, const char *name)
{
    if (!strncmp(name, "clean", 5))
        return &bench->clean;
    return strncmp(name, "dirty", 5) ? &bench->unregistered : &bench->dirty;
}

static bool do_alone(const struct bench *bench, const char *name, size_t rounds)
{
    struct job job = {bench, NULL, bench->names.n, rounds};
    const char *place = strchr(name, '/');

    if (!strcmp(name, "lookup"))
        return look_names_up(&job);
    job = job_of(bench, find_list(bench, name));
    job.rounds = rounds;
    if (place) {
        job.services += strtoul(place + 1, NULL, 10);
        job.n = 1;
    }
    return check_services(&job);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    bool is_done = prepare(&bench);

    if (is_done && argc == 3)
        is_done = do_alone(&bench, argv[1], strtoul(argv[2], NULL, 10));
    else if (is_done)
        is_done = measure_all(&bench);
    done(&bench);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
