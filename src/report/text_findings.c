/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <string.h>

#define SEVERITY_WIDTH 9 /* "warning" and a gap */

/* Whether a rule has a hint that is still to be given. */
static bool take_hint(sds_text_hints *hints, const struct sds_rule *rule)
{
    if (!rule->hint)
        return false;
    for (size_t i = 0; i < hints->n; i++)
        if (hints->v[i] == rule)
            return false;
    (void)sds_arr_push(hints, rule); /* else the hint is given again, which does no harm */
    return true;
}

static void put_hint(const struct sds_pen *pen, const char *hint, size_t indent)
{
    static const char label[] = "hint: ";

    sds_pen_spaces(pen, indent);
    sds_pen_put(pen, SDS_INK_DIM, label);
    indent += strlen(label);
    sds_pen_wrap(pen, SDS_INK_DIM, hint, indent, indent);
    fputc('\n', pen->out);
}

static void put_finding(const struct sds_pen *pen, const struct sds_finding *f, size_t indent)
{
    const char *word = sds_severity_name(f->severity);
    size_t hang = indent + SEVERITY_WIDTH, id_len = strlen(f->rule->id) + strlen(" []"), at;

    sds_pen_spaces(pen, indent);
    sds_pen_put(pen, sds_ink_of_severity(f->severity), word);
    sds_pen_spaces(pen, SEVERITY_WIDTH - strlen(word));
    at = sds_pen_wrap(pen, SDS_INK_PLAIN, f->message, hang, hang);
    if (pen->style->width && at + id_len > pen->style->width) {
        fputc('\n', pen->out);
        sds_pen_spaces(pen, hang - 1);
    }
    sds_pen_format(pen, SDS_INK_DIM, " [%s]", f->rule->id);
    fputc('\n', pen->out);
}

void sds_text_put_findings(const struct sds_pen *pen, const struct sds_result *result,
                           sds_text_hints *hints, size_t indent)
{
    for (unsigned severity = SDS_SEV__COUNT; severity-- > 0;) {
        for (size_t i = 0; i < result->n_findings; i++) {
            const struct sds_finding *f = &result->findings[i];

            if (f->severity != severity)
                continue;
            put_finding(pen, f, indent);
            if (take_hint(hints, f->rule))
                put_hint(pen, f->rule->hint, indent + SEVERITY_WIDTH);
        }
    }
    if (result->n_dropped > 0) {
        sds_pen_spaces(pen, indent);
        sds_pen_format(pen, SDS_INK_DIM, "and %zu more\n", result->n_dropped);
    }
}
