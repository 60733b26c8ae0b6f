/* SPDX-License-Identifier: MIT */
#include "report/part.h"

#include <errno.h>

#include "base/mem.h"
#include "base/text.h"

int sds_name_put(const char *name, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup_name(name);

    if (!safe)
        return -ENOMEM;
    fputs(safe, out);
    return 0;
}

static int put_names(char *const *names, size_t n, FILE *out)
{
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        fputs(i ? ", " : "", out);
        r = sds_name_put(names[i], out);
    }
    return r;
}

static void put_addresses(const struct sds_service *s, FILE *out)
{
    for (size_t i = 0; i < s->n_addresses; i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];

        sds_address_format(s->addresses[i], text);
        fprintf(out, "%s%s", i ? ", " : "", text);
    }
}

static void put_ttl(const struct sds_service *s, FILE *out)
{
    const char *before = "";

    if (!s->ttl_kinds)
        fprintf(out, "%lu s", (unsigned long)s->ttl_s);
    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++) {
        if (!(s->ttl_kinds & 1u << kind))
            continue;
        fprintf(out, "%s%s %lu s", before, sds_record_kind_name(kind),
                (unsigned long)s->ttls_s[kind]);
        before = ", ";
    }
}

int sds_part_put(const struct sds_service *s, enum sds_part part, FILE *out)
{
    switch (part) {
    case SDS_PART_INSTANCE:
        sds_text_put(out, s->instance.p, s->instance.len);
        return 0;
    case SDS_PART_TYPE:
        return sds_name_put(s->type, out);
    case SDS_PART_SUBTYPES:
        return put_names(s->subtypes, s->n_subtypes, out);
    case SDS_PART_DOMAIN:
        return sds_name_put(s->domain, out);
    case SDS_PART_HOST:
        return sds_name_put(s->host, out);
    case SDS_PART_PORT:
        fprintf(out, "%u", s->port);
        return 0;
    case SDS_PART_PRIORITY:
        fprintf(out, "%u", s->priority);
        return 0;
    case SDS_PART_WEIGHT:
        fprintf(out, "%u", s->weight);
        return 0;
    case SDS_PART_ADDRESSES:
        put_addresses(s, out);
        return 0;
    case SDS_PART_TTL:
        put_ttl(s, out);
        return 0;
    default:
        return 0;
    }
}
