/* SPDX-License-Identifier: MIT */

/* The library from outside: check one TXT record, and print what is wrong with it. */
#include <stdio.h>

#include <sdscope/sdscope.h>

int main(void)
{
    static const char rdata[] = "\7txtvers\4a=\0b\2=x\4note\10NOTE=one"; /* as on the wire */
    struct sds_ruleset *rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    struct sds_registry *registry = sds_registry_new();
    struct sds_service *service = sds_service_new("_leaf._tcp");
    struct sds_result result;
    struct sds_txt_string note;

    if (!rules || !registry || !service || sds_registry_add_builtin(registry) < 0 ||
        sds_service_set_txt(service, rdata, sizeof(rdata) - 1) < 0)
        return 1;
    if (sds_check(rules, registry, service, &result) < 0)
        return 1;
    for (size_t i = 0; i < result.n_findings; i++)
        printf("%s %s %ld: %s\n", result.findings[i].rule->id,
               sds_severity_name(result.findings[i].severity), result.findings[i].offset,
               result.findings[i].message);
    if (sds_txt_find(rdata, sizeof(rdata) - 1, "Note", &note))
        printf("note at %zu, %s\n", note.offset, note.value.p ? "with a value" : "without a value");
    printf("%s\n", result.has_verdict ? sds_verdict_name(result.verdict) : "no verdict");
    sds_result_done(&result);
    sds_service_free(service);
    sds_registry_free(registry);
    sds_ruleset_free(rules);
    return 0;
}
