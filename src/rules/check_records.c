/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/mem.h"
#include "rules/rules.h"

/* What each record is called, and how long it is to live in seconds (RFC 6762 10). */
static const struct {
    const char *name;
    uint32_t ttl_s;
} kinds[] = {
    [SDS_KIND_PTR] = {"PTR", 4500}, [SDS_KIND_SRV] = {"SRV", 120},   [SDS_KIND_TXT] = {"TXT", 4500},
    [SDS_KIND_A] = {"A", 120},      [SDS_KIND_AAAA] = {"AAAA", 120},
};

static bool has_qtotal(struct sds_span rdata)
{
    struct sds_txt_string string;

    return sds_txt_find(rdata.p, rdata.len, "qtotal", &string);
}

/* RFC 6763 6.8: several records describe several queues of a printer, of which each tells how many
 * there are. */
static bool are_queues(const struct sds_check *check)
{
    const struct sds_service *service = check->service;

    if (!sds_name_of_type_is(check, "printer") || !has_qtotal(service->txt))
        return false;
    for (size_t i = 0; i < service->n_more_txt; i++)
        if (!has_qtotal(service->more_txt[i]))
            return false;
    return true;
}

static void check_txt_count(struct sds_check *check)
{
    size_t n = check->service->n_more_txt;

    if (n > 0 && !are_queues(check))
        sds_report(check, SDS_RULE_TXT_MULTIPLE, SDS_WHOLE, "service has %zu TXT records", n + 1);
}

static void check_ttls(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    /* other times are up to the owner of a unicast zone */
    if (sds_service_state(service, SDS_PART_TTL) != SDS_PRESENT || !sds_service_is_local(service))
        return;
    if (!service->ttl_kinds && service->ttl_s != kinds[SDS_KIND_SRV].ttl_s &&
        service->ttl_s != kinds[SDS_KIND_PTR].ttl_s)
        sds_report(check, SDS_RULE_TTL_NONSTANDARD, SDS_WHOLE,
                   "TTL is %lu s, where 120 or 4500 is recommended", (unsigned long)service->ttl_s);
    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++)
        if (service->ttl_kinds & 1u << kind && service->ttls_s[kind] != kinds[kind].ttl_s)
            sds_report(check, SDS_RULE_TTL_NONSTANDARD, SDS_WHOLE,
                       "TTL of the %s record is %lu s, where %lu is recommended", kinds[kind].name,
                       (unsigned long)service->ttls_s[kind], (unsigned long)kinds[kind].ttl_s);
}

/* RFC 6762 10.2: the bit is for records of which there is one set, all of one owner. */
static void check_cache_flush(struct sds_check *check)
{
    const unsigned shared = 1u << SDS_KIND_PTR;
    const struct sds_service *service = check->service;

    if (sds_service_state(service, SDS_PART_CACHE_FLUSH) != SDS_PRESENT)
        return;
    if (!(service->flush_kinds & shared))
        sds_lacks_evidence(check, SDS_RULE_PTR_CACHE_FLUSH);
    if (!(service->flush_kinds & ~shared))
        sds_lacks_evidence(check, SDS_RULE_UNIQUE_NO_CACHE_FLUSH);
    if (service->flushing_kinds & shared)
        sds_report(check, SDS_RULE_PTR_CACHE_FLUSH, SDS_WHOLE,
                   "shared PTR record has the cache-flush bit");
    for (enum sds_record_kind kind = SDS_KIND_SRV; kind < SDS_KIND__COUNT; kind++)
        if (service->flush_kinds & ~service->flushing_kinds & 1u << kind)
            sds_report(check, SDS_RULE_UNIQUE_NO_CACHE_FLUSH, SDS_WHOLE,
                       "unique %s record lacks the cache-flush bit", kinds[kind].name);
}

/* Where a type begins in a name: behind the subtype's two labels. */
static size_t type_at(const struct sds_name *name)
{
    struct sds_span second;

    if (name->n_labels < 3)
        return 0;
    second = sds_name_label(name, 1);
    return sds_fold_equal(second.p, second.len, "_sub", strlen("_sub")) ? 2 : 0;
}

/* Whether a name goes on with the type's labels; a domain may follow. */
static bool has_type(const struct sds_name *name, const struct sds_name *type)
{
    size_t at = type_at(name), type_label = type_at(type);

    for (; type_label < type->n_labels; at++, type_label++) {
        struct sds_span a, b = sds_name_label(type, type_label);

        if (at >= name->n_labels)
            return false;
        a = sds_name_label(name, at);
        if (!sds_fold_equal(a.p, a.len, b.p, b.len))
            return false;
    }
    return true;
}

static void check_ptr_type(struct sds_check *check)
{
    const struct sds_service *service = check->service;
    struct sds_name owner;

    if (!sds_runs(check, SDS_RULE_PTR_TYPE_MISMATCH) || !service->ptr_type)
        return;
    sds_name_parse(service->ptr_type, &owner);
    if (!has_type(&owner, &check->type.labels))
        sds_report(check, SDS_RULE_PTR_TYPE_MISMATCH, SDS_WHOLE,
                   "PTR record of '%s' names a service of type '%s'",
                   SDS_QUOTED(sds_text_span(service->ptr_type)),
                   SDS_QUOTED(sds_text_span(service->type)));
}

/* RFC 6763 9: a type is two labels that begin with an underscore, and then comes the domain. */
static bool is_meta_ptr(const char *text)
{
    struct sds_name name;
    size_t n = 0;

    sds_name_parse(text, &name);
    for (; n < name.n_labels; n++) {
        struct sds_span label = sds_name_label(&name, n);

        if (label.len == 0 || *label.p != '_')
            break;
    }
    return n == 2;
}

static void check_meta_ptrs(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    for (size_t i = 0; i < service->n_meta_ptrs && sds_runs(check, SDS_RULE_META_PTR_LABELS); i++)
        if (!is_meta_ptr(service->meta_ptrs[i]))
            sds_report(check, SDS_RULE_META_PTR_LABELS, SDS_WHOLE,
                       "'%s' among the service types is not two labels",
                       SDS_QUOTED(sds_text_span(service->meta_ptrs[i])));
}

void sds_check_records(struct sds_check *check)
{
    check_txt_count(check);
    check_ttls(check);
    check_cache_flush(check);
    check_ptr_type(check);
    check_meta_ptrs(check);
}
