/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/judge.h"
#include "files/service_json.h"

#define FILE_SIZE_MAX  ((size_t)64 * 1024 * 1024)
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

/* ---- services in files -------------------------------------------------------------------- */

/* All of a file, malloc'ed. */
static int read_all(const char *path, char **ret, size_t *ret_len)
{
    bool is_stdin = strcmp(path, "-") == 0;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    SDS_CLEANUP(sds_fclosep) FILE *opened = is_stdin ? NULL : fopen(path, "re");
    FILE *in = is_stdin ? stdin : opened;
    size_t len = 0, cap = 0;

    if (!in)
        return -errno;
    for (;;) {
        char *grown = sds_arr_room(text, &cap, len, 1);

        if (!grown)
            return -ENOMEM;
        text = grown;
        len += fread(text + len, 1, cap - len, in);
        if (ferror(in))
            return errno ? -errno : -EIO;
        if (feof(in))
            break;
        if (len > FILE_SIZE_MAX)
            return -EFBIG;
    }
    *ret = SDS_TAKE(text);
    *ret_len = len;
    return 0;
}

static int services_of_file(const char *path, struct services *ret)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_service **services = NULL;
    struct sds_json_error error;
    size_t len = 0, n = 0;
    int r = read_all(path, &text, &len);

    if (r < 0)
        return sds_fail(-EINVAL, "cannot read '%s': %s", name, strerror(-r));
    r = sds_services_read_json(text, len, &services, &n, &error);
    if (r == -EINVAL && error.line && error.column)
        return sds_fail(r, "%s:%d:%d: %s", name, error.line, error.column, error.text);
    if (r == -EINVAL && error.line)
        return sds_fail(r, "%s:%d: %s", name, error.line, error.text);
    if (r == -EINVAL)
        return sds_fail(r, "%s: %s", name, error.text);
    if (r < 0)
        return r;
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
