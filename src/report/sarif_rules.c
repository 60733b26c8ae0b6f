/* SPDX-License-Identifier: MIT */
#include "report/sarif.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *sds_sarif_level(enum sds_severity severity)
{
    static const char *const levels[SDS_SEV__COUNT] = {
        [SDS_SEV_OFF] = "none",
        [SDS_SEV_INFO] = "note",
        [SDS_SEV_WARNING] = "warning",
        [SDS_SEV_ERROR] = "error",
    };

    return levels[severity];
}

long sds_sarif_rule_index(const struct sds_rule *rule)
{
    for (size_t i = 0; i < sds_n_rules(); i++)
        if (sds_rule_at(i)->number == rule->number)
            return (long)i;
    return -1;
}

static bool is_on(const struct sds_ruleset *set, const struct sds_rule *rule)
{
    return set ? sds_ruleset_severity(set, rule) != SDS_SEV_OFF : rule->is_on;
}

json_t *sds_sarif_string(const char *text, size_t len)
{
    SDS_CLEANUP(sds_freep) char *doubled = malloc(2 * len + 1);
    size_t n = 0;

    for (size_t i = 0; i < len && doubled; i++) {
        if (text[i] == '{' || text[i] == '}')
            doubled[n++] = text[i];
        doubled[n++] = text[i];
    }
    return doubled ? json_stringn(doubled, n) : NULL;
}

json_t *sds_sarif_text(const char *text, size_t len)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "text", sds_sarif_string(text, len)))
        return NULL;
    return SDS_TAKE(object);
}

/* ---- help --------------------------------------------------------------------------------- */

/* Prose as Markdown: what would be markup is escaped, but for `code`. */
static void put_prose(FILE *out, const char *line, size_t len)
{
    bool is_code = false;

    for (size_t i = 0; i < len; i++) {
        is_code ^= line[i] == '`';
        if (!is_code && strchr("\\*_[]<>#", line[i]))
            fputc('\\', out);
        fputc(line[i], out);
    }
}

/* An explanation as Markdown: its examples are lines that begin with spaces. */
static char *format_markdown(const struct sds_rule *rule)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (const char *line = rule->explain; *line;) {
        size_t len = strcspn(line, "\n");

        if (*line == ' ')
            fprintf(out, "    %.*s", (int)len, line);
        else
            put_prose(out, line, len);
        fputc('\n', out);
        line += len + (line[len] == '\n');
    }
    fprintf(out, "\n*%s*\n", rule->reference);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

static json_t *help_json(const struct sds_rule *rule)
{
    json_auto_t *object = sds_sarif_text(rule->explain, strlen(rule->explain));
    SDS_CLEANUP(sds_freep) char *markdown = format_markdown(rule);

    if (!markdown ||
        json_object_set_new(object, "markdown", sds_sarif_string(markdown, strlen(markdown))))
        return NULL;
    return SDS_TAKE(object);
}

/* ---- a rule ------------------------------------------------------------------------------- */

/* As it is in this run; where it is off, what it would be. */
static json_t *configuration_json(const struct sds_ruleset *set, const struct sds_rule *rule)
{
    json_auto_t *object = json_object();
    enum sds_severity severity = set ? sds_ruleset_severity(set, rule) : SDS_SEV_OFF;

    if (severity == SDS_SEV_OFF)
        severity = rule->severity[SDS_STRICTNESS_AUTHOR];
    if (json_object_set_new(object, "enabled", json_boolean(is_on(set, rule))) ||
        json_object_set_new(object, "level", json_string(sds_sarif_level(severity))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *tags_json(const struct sds_rule *rule)
{
    json_auto_t *array = json_array();

    if (json_array_append_new(array, json_string("dns-sd")) ||
        json_array_append_new(array, json_string(sds_part_name(rule->part))))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *properties_json(const struct sds_rule *rule)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "tags", tags_json(rule)) ||
        json_object_set_new(object, "reference", json_string(rule->reference)) ||
        (rule->hint && json_object_set_new(object, "hint", json_string(rule->hint))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *rule_json(const struct sds_ruleset *set, const struct sds_rule *rule)
{
    json_auto_t *object = json_object();
    size_t paragraph = strcspn(rule->explain, "\n");

    if (json_object_set_new(object, "id", json_string(rule->id)) ||
        json_object_set_new(object, "name", json_string(rule->name)) ||
        json_object_set_new(object, "shortDescription",
                            sds_sarif_text(rule->text, strlen(rule->text))) ||
        json_object_set_new(object, "fullDescription", sds_sarif_text(rule->explain, paragraph)) ||
        json_object_set_new(object, "help", help_json(rule)) ||
        json_object_set_new(object, "defaultConfiguration", configuration_json(set, rule)) ||
        json_object_set_new(object, "properties", properties_json(rule)))
        return NULL;
    return SDS_TAKE(object);
}

json_t *sds_sarif_rules(const struct sds_ruleset *set)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < sds_n_rules(); i++)
        if (json_array_append_new(array, rule_json(set, sds_rule_at(i))))
            return NULL;
    return SDS_TAKE(array);
}

json_t *sds_sarif_rules_off(const struct sds_ruleset *set)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < sds_n_rules(); i++)
        if (!is_on(set, sds_rule_at(i)) &&
            json_array_append_new(array, json_string(sds_rule_at(i)->id)))
            return NULL;
    return SDS_TAKE(array);
}
