/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "report/subject.h"

#define SEVERITY_WIDTH 9  /* "warning" and a gap */
#define FOLDED_MIN     3  /* findings that differ in their key alone; fewer stand each for itself */
#define KEYS_LISTED    20 /* of more keys the rest is only counted */

/* Whether a rule has a hint that is to be given now. */
static bool take_hint(const struct sds_pen *pen, sds_text_hints *hints, const struct sds_rule *rule)
{
    if (!rule->hint || pen->style->details)
        return rule->hint;
    for (size_t i = 0; i < hints->n; i++)
        if (hints->v[i] == rule)
            return false;
    (void)sds_arr_push(hints, rule); /* else the hint is given again, which does no harm */
    return true;
}

void sds_text_put_hint(const struct sds_pen *pen, const struct sds_rule *rule,
                       sds_text_hints *hints, size_t indent)
{
    static const char label[] = "hint: ";

    if (!take_hint(pen, hints, rule))
        return;
    sds_pen_spaces(pen, indent);
    sds_pen_put(pen, SDS_INK_DIM, label);
    indent += strlen(label);
    sds_pen_wrap(pen, SDS_INK_DIM, rule->hint, indent, indent);
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

/* What the policy does not count, and why. */
static int put_ignored(const struct sds_pen *pen, const struct sds_finding *f, size_t indent)
{
    SDS_CLEANUP(sds_freep) char *text = sds_ignored_format(f);
    size_t hang = indent + SEVERITY_WIDTH;

    if (!text)
        return -ENOMEM;
    sds_pen_spaces(pen, indent);
    sds_pen_format(pen, SDS_INK_DIM, "%-*s", SEVERITY_WIDTH, "ignored");
    sds_pen_wrap(pen, SDS_INK_DIM, text, hang, hang);
    fputc('\n', pen->out);
    return 0;
}

/* Whether texts are equal but for numbers. */
static bool is_same_but_numbers(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if (sds_is_digit(*a) && sds_is_digit(*b)) {
            a += strspn(a, "0123456789") - 1;
            b += strspn(b, "0123456789") - 1;
        } else if (*a != *b) {
            return false;
        }
    }
    return *a == *b;
}

/* Whether two findings say the same of their keys: "key 'a' has 12 bytes", "key 'b' has 10 bytes".
 * What one of them says besides, such as which key was meant, keeps it apart. */
static bool is_alike(const struct sds_finding *a, const struct sds_finding *b)
{
    const char *at = a->message;

    if (a->rule != b->rule || b->ignored || a->severity != b->severity || !a->key || !*a->key ||
        !b->key)
        return false;
    while ((at = strstr(at, a->key))) {
        size_t before = (size_t)(at - a->message), len = strlen(b->key);

        if (strncmp(a->message, b->message, before) != 0)
            return false;
        at += strlen(a->key);
        if (strncmp(b->message + before, b->key, len) == 0 &&
            is_same_but_numbers(at, b->message + before + len))
            return true;
    }
    return false;
}

/* The findings that the first one stands for, itself among them: marks them as told where they are
 * enough to be folded, or else only the first. Returns how many it marked. */
static size_t fold(const struct sds_result *result, size_t first, bool *is_told)
{
    size_t n = 0;

    is_told[first] = true;
    for (size_t i = first; i < result->n_findings; i++)
        n +=
            i == first || (!is_told[i] && is_alike(&result->findings[first], &result->findings[i]));
    if (n < FOLDED_MIN)
        return 1;
    for (size_t i = first + 1; i < result->n_findings; i++)
        is_told[i] |= is_alike(&result->findings[first], &result->findings[i]);
    return n;
}

/* The keys of the findings that were folded into the first one. */
static int put_keys(const struct sds_pen *pen, const struct sds_result *result, size_t first,
                    size_t n, size_t indent)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size, listed = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return -ENOMEM;
    fprintf(out, "and %zu more keys: ", n);
    for (size_t i = first + 1; i < result->n_findings && listed < KEYS_LISTED; i++)
        if (is_alike(&result->findings[first], &result->findings[i]))
            fprintf(out, "%s%s", listed++ ? ", " : "", result->findings[i].key);
    if (listed < n)
        fprintf(out, ", %s", sds_pen_ellipsis(pen));
    if (fclose(out))
        return -ENOMEM;
    sds_pen_spaces(pen, indent);
    sds_pen_wrap(pen, SDS_INK_PLAIN, text, indent, indent);
    fputc('\n', pen->out);
    return 0;
}

/* ---- one after the other ------------------------------------------------------------------ */

struct sds_text_told sds_text_begin(const struct sds_result *result, bool folds)
{
    assert(result->n_findings <= SDS_FINDINGS_MAX);
    return (struct sds_text_told){.result = result, .folds = folds, .n_severities = SDS_SEV__COUNT};
}

const struct sds_finding *sds_text_next(struct sds_text_told *told)
{
    const struct sds_result *result = told->result;

    for (; told->n_severities > 0; told->n_severities--, told->next = 0) {
        while (told->next < result->n_findings) {
            size_t i = told->next++;
            const struct sds_finding *f = &result->findings[i];

            if (f->severity + 1 != told->n_severities || f->ignored || told->is_told[i])
                continue;
            told->n = told->folds ? fold(result, i, told->is_told) : 1;
            return f;
        }
    }
    while (told->next < result->n_findings)
        if (result->findings[told->next++].ignored)
            return &result->findings[told->next - 1];
    return NULL;
}

int sds_text_put_finding(const struct sds_pen *pen, const struct sds_text_told *told,
                         const struct sds_service *service, sds_text_hints *hints, size_t indent)
{
    size_t i = told->next - 1, hang = indent + SEVERITY_WIDTH;
    const struct sds_finding *f = &told->result->findings[i];

    if (f->ignored)
        return put_ignored(pen, f, indent);
    put_finding(pen, f, indent);
    if (service && sds_text_put_excerpt(pen, service, f, hang) < 0)
        return -ENOMEM;
    if (told->n > 1 && put_keys(pen, told->result, i, told->n - 1, hang) < 0)
        return -ENOMEM;
    sds_text_put_hint(pen, f->rule, hints, hang);
    return 0;
}

int sds_text_put_findings(const struct sds_pen *pen, const struct sds_result *result,
                          const struct sds_service *service, sds_text_hints *hints, size_t indent)
{
    struct sds_text_told told = sds_text_begin(result, !pen->style->details);

    while (sds_text_next(&told))
        if (sds_text_put_finding(pen, &told, service, hints, indent) < 0)
            return -ENOMEM;
    if (result->n_dropped > 0) {
        sds_pen_spaces(pen, indent);
        sds_pen_format(pen, SDS_INK_DIM, "and %zu more\n", result->n_dropped);
    }
    return 0;
}
