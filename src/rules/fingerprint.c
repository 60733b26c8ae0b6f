/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "rules/rules.h"

/* FNV-1a with 64 bits: stable for ever, which is what matters here. */
static const uint64_t basis = UINT64_C(14695981039346656037), prime = UINT64_C(1099511628211);

/* Bytes, and where they end; ASCII case ignored, as DNS does. */
static uint64_t add(uint64_t hash, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)sds_fold(p[i])) * prime;
    return (hash ^ 0x100) * prime; /* no byte, so that "ab" "c" is not "a" "bc" */
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return text ? add(hash, text, strlen(text)) : add(hash, NULL, 0);
}

bool sds_finding_is_twin(const struct sds_finding *a, const struct sds_finding *b)
{
    return a->rule == b->rule && !a->key == !b->key &&
           (!a->key || sds_text_fold_equal(a->key, b->key));
}

/* How many findings before this one would have its fingerprint. */
static size_t count_twins(const struct sds_result *result, size_t at)
{
    const struct sds_finding *f = &result->findings[at];
    size_t n = f->twins_dropped;

    for (size_t i = 0; i < at; i++)
        n += sds_finding_is_twin(&result->findings[i], f);
    return n;
}

void sds_finding_fingerprint(const struct sds_service *service, const struct sds_result *result,
                             size_t i, char *ret)
{
    const struct sds_finding *f = &result->findings[i];
    size_t n_twins = count_twins(result, i);
    char twins[sizeof("18446744073709551615")] = "";
    uint64_t hash = add_text(basis, f->rule->id);

    if (service) {
        hash = add(hash, service->instance.p, service->instance.len);
        hash = add_text(hash, service->type);
        hash = add_text(hash, service->domain ? service->domain : "local");
    } else {
        hash = add_text(hash, f->message); /* of a file, which has no name of its own */
    }
    hash = add_text(hash, f->key);
    if (n_twins)
        snprintf(twins, sizeof(twins), "%zu", n_twins); /* digits have no case to ignore */
    hash = add_text(hash, twins);
    snprintf(ret, SDS_FINGERPRINT_SIZE, "%016" PRIx64, hash);
}
