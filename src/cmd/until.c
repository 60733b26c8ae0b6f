/* SPDX-License-Identifier: MIT */
#include "cmd/until.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "cmd/cmd.h"
#include "cmd/type_word.h"

/* What follows the prefix; NULL where the text does not begin with it. */
static const char *after(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);

    return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

int sds_until_parse(const char *text, struct sds_until *ret)
{
    const char *rule = after(text, "finding:"), *gone = after(text, "gone:");
    const char *service = gone ? gone : text;

    *ret = (struct sds_until){.what = gone ? SDS_UNTIL_GONE : SDS_UNTIL_THERE};
    if (rule) {
        ret->what = SDS_UNTIL_FINDING;
        ret->rule = sds_need_rule(rule);
        return ret->rule ? 0 : -EINVAL;
    }
    ret->instance = after(service, "instance=");
    if (ret->instance)
        return *ret->instance ? 0 : sds_fail(-EINVAL, "'%s': the instance has no name", text);
    ret->type = service;
    ret->type_len = sds_type_word_len(service, NULL);
    return sds_type_word_need(service) ? -EINVAL : 0;
}

bool sds_until_is_of(const struct sds_until *until, const struct sds_service *service)
{
    if (until->instance)
        return service->instance.len == strlen(until->instance) &&
               memcmp(service->instance.p, until->instance, service->instance.len) == 0;
    return until->type &&
           sds_fold_equal(service->type, strlen(service->type), until->type, until->type_len);
}

bool sds_until_is_found(const struct sds_until *until, const struct sds_result *result)
{
    for (size_t i = 0; result && i < result->n_findings; i++)
        if (result->findings[i].rule == until->rule && !result->findings[i].ignored)
            return true;
    return false;
}
