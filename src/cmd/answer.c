/* SPDX-License-Identifier: MIT */
#include "cmd/answer.h"

#include <string.h>

#include "config.h"
#include "report/item_json.h"

int sds_fail_memory(void)
{
    return sds_fail(SDS_EXIT_USAGE, "out of memory");
}

bool sds_wants_json(const struct sds_opts *opts)
{
    return opts->format && strcmp(opts->format->name, "json") == 0;
}

json_t *sds_registry_origins(const struct sds_registry *registry)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);

        if (json_array_append_new(
                array, json_pack("{s:s?, s:s?, s:I, s:I, s:s}", "title", table.title, "updated",
                                 table.updated, "records", (json_int_t)table.n_records, "profiles",
                                 (json_int_t)table.n_profiles, "origin", table.origin)))
            return NULL;
    }
    return SDS_TAKE(array);
}

int sds_print_json(const struct sds_registry *registry, json_t *members, int status)
{
    json_auto_t *rest = members;
    json_auto_t *envelope =
        json_pack("{s:{s:s, s:i}}", "sdscope", "version", SDS_VERSION, "format", 1);
    int r;

    if (!rest ||
        (registry && json_object_set_new(envelope, "registry", sds_registry_origins(registry))) ||
        json_object_update(envelope, rest))
        return sds_fail_memory();
    r = sds_json_write(envelope, 2, stdout);
    if (r < 0 && !ferror(stdout)) /* of standard output, main() speaks */
        return sds_fail(SDS_EXIT_USAGE, "cannot write: %s", strerror(-r));
    return status;
}
