/* SPDX-License-Identifier: MIT */
#include "cmd/answer.h"
#include "cmd/output.h"
#include "report/rule_json.h"
#include "report/table.h"

static int print_json(void)
{
    json_auto_t *rules = json_array();

    for (size_t i = 0; i < sds_n_rules(); i++)
        if (json_array_append_new(rules, sds_rule_to_json(sds_rule_at(i))))
            return sds_fail_memory();
    return sds_print_json(NULL, json_pack("{s:O}", "rules", rules), SDS_EXIT_OK);
}

static int print_table(const struct sds_opts *opts)
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
    return is_whole ? SDS_EXIT_OK : sds_fail_memory();
}

int sds_cmd_rules(const struct sds_opts *opts)
{
    return sds_wants_json(opts) ? print_json() : print_table(opts);
}
