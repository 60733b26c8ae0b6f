/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/output.h"

static const char *id_or_name_at(size_t i, const void *closure)
{
    (void)closure;
    if (i < sds_n_rules())
        return sds_rule_at(i)->name;
    i -= sds_n_rules();
    return i < sds_n_rules() ? sds_rule_at(i)->id : NULL;
}

static int say_unknown_rule(const char *word)
{
    const char *near = sds_nearest(word, id_or_name_at, NULL);
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(word, strlen(word));

    if (near)
        return sds_fail(SDS_EXIT_USAGE, "unknown rule '%s': did you mean '%s'?", safe ? safe : "?",
                        near);
    return sds_fail(SDS_EXIT_USAGE, "unknown rule '%s': 'sdscope rules' lists them",
                    safe ? safe : "?");
}

static void explain(const struct sds_rule *rule, bool color)
{
    const char *bold = color ? "\033[1m" : "", *plain = color ? "\033[0m" : "";

    printf("%s%s %s%s\n", bold, rule->id, rule->name, plain);
    printf("%s.\n\n", rule->text);
    printf("  check      %s\n", sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]));
    printf("  audit      %s\n", sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]));
    if (rule->unicast)
        printf("  outside .local: %s\n", sds_severity_name(rule->unicast));
    if (!rule->is_on)
        printf("  runs only with --enable %s or --all-rules\n", rule->id);
    printf("  reference  %s\n\n", rule->reference);
    printf("%s\n\n%sMend:%s %s\n", rule->explain, bold, plain, rule->hint);
}

int sds_cmd_explain(const struct sds_opts *opts)
{
    bool color = sds_output_style(opts, stdout).color;
    int status = SDS_EXIT_OK;

    for (int i = 0; i < opts->n_args; i++) {
        const struct sds_rule *rule = sds_rule_find(opts->args[i]);

        if (!rule) {
            status = say_unknown_rule(opts->args[i]);
            continue;
        }
        if (i > 0)
            putchar('\n');
        explain(rule, color);
    }
    return status;
}
