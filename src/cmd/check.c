/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/judge.h"

#define TXT_STRING_MAX 255 /* bytes; RFC 1035 3.3 */

struct services {
    SDS_ARR(struct sds_service *) list;
};

static void services_done(struct services *services)
{
    for (size_t i = 0; i < services->list.n; i++)
        sds_service_free(services->list.v[i]);
    free(services->list.v);
}

/* ---- a service in arguments --------------------------------------------------------------- */

/* Each argument is a TXT string, in order. */
static int set_txt(struct sds_service *service, char **strings, int n)
{
    SDS_CLEANUP(sds_freep) char *rdata = NULL;
    size_t size;
    FILE *out = open_memstream(&rdata, &size);

    if (!out)
        return -ENOMEM;
    for (int i = 0; i < n; i++) {
        size_t len = strlen(strings[i]);

        if (len > TXT_STRING_MAX) {
            fclose(out);
            return sds_fail(-EINVAL, "TXT string %d has %zu bytes: 255 is the most that fits",
                            i + 1, len);
        }
        fputc((int)len, out);
        fwrite(strings[i], 1, len, out);
    }
    if (fclose(out))
        return -ENOMEM;
    return sds_service_set_txt(service, rdata, size);
}

static int service_of_args(const struct sds_opts *opts, struct services *ret)
{
    struct sds_service *service = sds_service_new(opts->args[0]);
    int r = 0;

    if (!service || !sds_arr_push(&ret->list, service)) {
        sds_service_free(service);
        return -ENOMEM;
    }
    if (opts->instance)
        r = sds_service_set_instance(service, opts->instance, strlen(opts->instance));
    if (r == 0 && opts->host)
        r = sds_service_set_host(service, opts->host);
    if (opts->port >= 0)
        sds_service_set_port(service, (uint16_t)opts->port);
    if (r == 0 && opts->n_args > 1)
        r = set_txt(service, opts->args + 1, opts->n_args - 1);
    return r;
}

/* ---- all of them -------------------------------------------------------------------------- */

static int services_of_file(const char *path, struct services *ret)
{
    struct sds_service **services = NULL;
    size_t n = 0;
    int r = sds_read_services(path, &services, &n);

    for (size_t i = 0; i < n; i++)
        if (r < 0 || !sds_arr_push(&ret->list, services[i])) {
            sds_service_free(services[i]);
            r = -ENOMEM;
        }
    free(services);
    return r;
}

static int collect(const struct sds_opts *opts, struct services *ret)
{
    int r = 0;

    if (!opts->from.n && !opts->n_args)
        return sds_fail(-EINVAL, "check: nothing to check: give a TYPE, or --from FILE");
    if (opts->from.n && opts->n_args)
        return sds_fail(-EINVAL, "check: give a TYPE or --from, not both");
    if (opts->from.n && (opts->instance || opts->host || opts->port >= 0))
        return sds_fail(-EINVAL,
                        "check: --instance, --host and --port go with a TYPE, not with --from");
    for (size_t i = 0; i < opts->from.n && r == 0; i++)
        r = services_of_file(opts->from.v[i], ret);
    if (opts->n_args)
        r = service_of_args(opts, ret);
    return r == -ENOMEM ? sds_fail(r, "out of memory") : r;
}

int sds_cmd_check(const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = NULL;
    struct services services = {0};
    struct sds_judge judge;
    struct sds_scan scan = {
        .source = opts->from.n ? "file" : "arguments",
        .started_ms = sds_system_clock.wall_ms(),
        .is_complete = true,
    };
    int status = SDS_EXIT_USAGE;

    if (sds_judge_init(&judge, opts) == 0 && sds_outputs_open(opts, &outputs) == 0 &&
        collect(opts, &services) == 0)
        status =
            sds_judge_report(&judge, opts, outputs, &scan,
                             (const struct sds_service *const *)services.list.v, services.list.n);
    sds_judge_done(&judge);
    services_done(&services);
    return status;
}
