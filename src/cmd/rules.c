/* SPDX-License-Identifier: MIT */
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "report/table.h"

int sds_cmd_rules(const struct sds_opts *opts)
{
    static const struct sds_column columns[] = {
        {.title = "ID"},    {.title = "NAME"}, {.title = "CHECK"},
        {.title = "AUDIT"}, {.title = "RUNS"}, {.title = "FAULT", .may_cut = true},
    };
    const struct sds_style style = sds_output_style(opts, stdout);
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, stdout);
    bool is_whole = table != NULL;

    for (size_t i = 0; is_whole && i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        is_whole =
            sds_table_add(table, (const char *const[]){
                                     rule->id,
                                     rule->name,
                                     sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]),
                                     sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]),
                                     rule->is_on ? "yes" : "no",
                                     rule->text,
                                 }) == 0;
    }
    is_whole = is_whole && sds_table_print(table) == 0;
    sds_table_free(table);
    return is_whole ? SDS_EXIT_OK : sds_fail(SDS_EXIT_USAGE, "out of memory");
}
