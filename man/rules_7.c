/* SPDX-License-Identifier: MIT */
/* Writes sdscope-rules(7) from the catalogue, so that it says what the program does. */
#include <stdio.h>
#include <string.h>

#include "man/mdoc.h"
#include "sdscope/check.h"

/* Paragraphs of a line each; lines that begin with a space are examples. */
static void put_paragraphs(const char *text)
{
    bool in_example = false;

    for (size_t len; *text; text += len + (text[len] == '\n')) {
        bool is_example = *text == ' ';

        len = strcspn(text, "\n");
        if (is_example != in_example)
            puts(is_example ? ".Bd -literal -offset 2n" : ".Ed");
        in_example = is_example;
        if (is_example)
            mdoc_put(text + 2, len - 2);
        else if (len == 0)
            puts(text[1] == ' ' ? "." : ".Pp");
        else
            mdoc_put(text, len);
    }
    if (in_example)
        puts(".Ed");
}

static void put_severity(const struct sds_rule *rule)
{
    const char *author = sds_severity_name(rule->severity[SDS_STRICTNESS_AUTHOR]);
    const char *lan = sds_severity_name(rule->severity[SDS_STRICTNESS_LAN]);

    printf(".Em %s", author);
    if (rule->severity[SDS_STRICTNESS_AUTHOR] != rule->severity[SDS_STRICTNESS_LAN])
        printf(" ,\non a LAN\n.Em %s", lan);
    if (rule->unicast)
        printf(" ,\noutside .local\n.Em %s", sds_severity_name(rule->unicast));
    puts(rule->is_on ? " ." : " ;\nruns only when it is enabled.");
}

static void put_rule(const struct sds_rule *rule)
{
    printf(".Ss %s %s\n", rule->id, rule->name);
    put_severity(rule);
    mdoc_puts(rule->reference);
    puts(".Pp");
    put_paragraphs(rule->explain);
}

int main(void)
{
    puts(".\\\" SPDX-License-Identifier: MIT\n"
         ".\\\" Generated from src/rules/rules.def and src/rules/explain.def.\n"
         ".Dd November 23, 2026\n"
         ".Dt SDSCOPE-RULES 7\n"
         ".Os sdscope\n"
         ".Sh NAME\n"
         ".Nm sdscope-rules\n"
         ".Nd what sdscope checks, and why\n"
         ".Sh DESCRIPTION\n"
         "Each rule has an id and a name, which never change, and two severities: one for authors\n"
         "of an advertisement, in\n"
         ".Cm sdscope check ,\n"
         "and one for a LAN where nobody can mend it, in\n"
         ".Cm sdscope audit\n"
         "and\n"
         ".Cm watch .\n"
         "A rule whose evidence is lacking is not evaluated, which reports tell.\n"
         ".Pp\n"
         ".Cm sdscope explain Ar rule\n"
         "shows one of them.\n"
         ".Sh RULES");
    for (size_t i = 0; i < sds_n_rules(); i++)
        put_rule(sds_rule_at(i));
    puts(".Sh SEE ALSO\n"
         ".Xr sdscope 1 ,\n"
         ".Xr sdscope-registry 5");
    return 0;
}
