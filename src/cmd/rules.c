/* SPDX-License-Identifier: MIT */
#include "cmd/cmd.h"

int sds_cmd_rules(const struct sds_opts *opts)
{
    (void)opts;
    printf("%-6s %-28s %-8s %-8s %-4s %s\n", "ID", "NAME", "CHECK", "AUDIT", "RUNS", "FAULT");
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        printf("%-6s %-28s %-8s %-8s %-4s %s\n", rule->id, rule->name,
               sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]),
               sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]), rule->is_on ? "yes" : "no",
               rule->text);
    }
    return SDS_EXIT_OK;
}
