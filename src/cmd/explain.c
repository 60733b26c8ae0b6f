/* SPDX-License-Identifier: MIT */
#include "cmd/answer.h"
#include "cmd/output.h"
#include "report/rule_json.h"
#include "report/text.h"

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
        sds_text_put_rule(&pen, rule);
    }
    return status;
}

int sds_cmd_explain(const struct sds_opts *opts)
{
    return sds_wants_json(opts) ? print_json(opts) : print_text(opts);
}
