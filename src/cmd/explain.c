/* SPDX-License-Identifier: MIT */
#include "cmd/answer.h"
#include "cmd/output.h"
#include "report/pen.h"
#include "report/rule_json.h"

static void explain(const struct sds_rule *rule, const struct sds_pen *pen)
{
    FILE *out = pen->out;

    sds_pen_format(pen, SDS_INK_BOLD, "%s %s", rule->id, rule->name);
    fprintf(out, "\n%s\n\n", rule->text);
    fprintf(out, "  check      %s\n", sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]));
    fprintf(out, "  audit      %s\n", sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]));
    if (rule->unicast)
        fprintf(out, "  outside .local: %s\n", sds_severity_name(rule->unicast));
    if (!rule->is_on)
        fprintf(out, "  runs only with --enable %s or --all-rules\n", rule->id);
    fprintf(out, "  reference  %s\n\n", rule->reference);
    sds_pen_paragraphs(pen, rule->explain);
}

static int print_json(const struct sds_opts *opts)
{
    json_auto_t *rules = json_array();
    int status = SDS_EXIT_OK;

    for (int i = 0; i < opts->n_args; i++) {
        const struct sds_rule *rule = sds_need_rule(opts->args[i]);

        if (!rule)
            status = SDS_EXIT_USAGE;
        else if (json_array_append_new(rules, sds_rule_to_json(rule)))
            return sds_fail_memory();
    }
    return sds_print_json(NULL, json_pack("{s:O}", "rules", rules), status);
}

static int print_text(const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    int status = SDS_EXIT_OK;

    for (int i = 0; i < opts->n_args; i++) {
        const struct sds_rule *rule = sds_need_rule(opts->args[i]);

        if (!rule) {
            status = SDS_EXIT_USAGE;
            continue;
        }
        if (i > 0)
            putchar('\n');
        explain(rule, &pen);
    }
    return status;
}

int sds_cmd_explain(const struct sds_opts *opts)
{
    return sds_wants_json(opts) ? print_json(opts) : print_text(opts);
}
