/* SPDX-License-Identifier: MIT */
#include "report/domains.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

char *sds_domain_uses(const struct sds_domain *domain, const char *separator)
{
    const char *before = "";
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (int use = 0; use < SDS_DOMAIN_USE__COUNT; use++) {
        if (!(domain->uses & 1u << use))
            continue;
        fprintf(out, "%s%s", before, sds_domain_use_name((enum sds_domain_use)use));
        before = separator;
    }
    if (fclose(out))
        free(SDS_TAKE(text));
    return text;
}

static json_t *uses_json(const struct sds_domain *domain)
{
    json_auto_t *array = json_array();

    for (int use = 0; use < SDS_DOMAIN_USE__COUNT; use++)
        if (domain->uses & 1u << use &&
            json_array_append_new(array,
                                  json_string(sds_domain_use_name((enum sds_domain_use)use))))
            return NULL;
    return SDS_TAKE(array);
}

json_t *sds_domain_to_json(const struct sds_domain *domain)
{
    return json_pack("{s:s, s:s?, s:o}", "domain", domain->name, "interface", domain->interface,
                     "uses", uses_json(domain));
}
