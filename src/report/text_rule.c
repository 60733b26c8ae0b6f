/* SPDX-License-Identifier: MIT */
#include "report/text.h"

static void put_fact(const struct sds_pen *pen, const char *label, const char *text)
{
    size_t indent = sizeof("  reference  ") - 1;

    fprintf(pen->out, "  %-*s", (int)indent - 2, label);
    sds_pen_wrap(pen, SDS_INK_PLAIN, text, indent, indent);
    fputc('\n', pen->out);
}

void sds_text_put_rule(const struct sds_pen *pen, const struct sds_rule *rule)
{
    sds_pen_format(pen, SDS_INK_BOLD, "%s %s", rule->id, rule->name);
    fputc('\n', pen->out);
    sds_pen_wrap(pen, SDS_INK_PLAIN, rule->text, 0, 0);
    fputs("\n\n", pen->out);
    put_fact(pen, "check", sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]));
    put_fact(pen, "audit", sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]));
    if (rule->unicast)
        fprintf(pen->out, "  outside .local: %s\n", sds_severity_name(rule->unicast));
    if (!rule->is_on)
        fprintf(pen->out, "  runs only with --enable %s or --all-rules\n", rule->id);
    put_fact(pen, "reference", rule->reference);
    fputc('\n', pen->out);
    sds_pen_paragraphs(pen, rule->explain);
}
