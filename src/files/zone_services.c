/* SPDX-License-Identifier: MIT */
#include "files/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "files/zone_field.h"
#include "files/zone_instances.h"
#include "files/zone_table.h"
#include "sdscope/txt.h"

/* Of one service or host: nobody has as many, and they are multiplied by the services of a host. */
#define SUBTYPES_MAX  256
#define ADDRESSES_MAX 64
#define RECORDS_MAX   256 /* of one type */

/* ---- a service ---------------------------------------------------------------------------- */

/* A service while it is made: the last one of the input. */
struct draft {
    const struct sds_zone_table *table;
    struct sds_input *input;
    struct sds_input_error *error;
    const struct sds_zone_group *group;
    struct sds_service *service;
    bool is_complete; /* what the zone does not tell of the instance is missing */
};

static int set_name(struct sds_service *service, const struct sds_name *name, size_t from,
                    int (*set)(struct sds_service *service, const char *text))
{
    SDS_CLEANUP(sds_freep) char *text = sds_name_format(name, from, SDS_LABELS_ALL);

    return text ? set(service, text) : -ENOMEM;
}

static int mark(const struct draft *draft, enum sds_part part, size_t index,
                const struct sds_zone_record *record, size_t field)
{
    return sds_input_mark(draft->input, part, index, sds_zone_field(record, field));
}

static int mark_owner(const struct draft *draft, enum sds_part part, size_t index,
                      const struct sds_zone_record *record)
{
    return sds_input_mark(draft->input, part, index, record->place);
}

static void set_absent(const struct draft *draft, unsigned parts)
{
    for (unsigned part = 1; draft->is_complete && part <= parts; part <<= 1)
        if (parts & part)
            sds_service_set_missing(draft->service, (enum sds_part)part);
}

/* RDATA of each record; one that is written twice is one (RFC 2181 5). Returns how many there are,
 * or -EINVAL. */
static int collect(const struct draft *draft, const struct sds_zone_record *records, size_t n,
                   struct sds_span ret[RECORDS_MAX])
{
    int n_found = 0;

    if (n > RECORDS_MAX)
        return sds_input_fail(draft->error, records[RECORDS_MAX].place,
                              "more than %d records of a service", RECORDS_MAX);
    for (size_t i = 0; i < n; i++) {
        struct sds_span rdata = records[i].rdata;
        int j = 0;

        while (j < n_found &&
               (ret[j].len != rdata.len || memcmp(ret[j].p, rdata.p, rdata.len) != 0))
            j++;
        if (j == n_found)
            ret[n_found++] = rdata;
    }
    return n_found;
}

/* Whether the records of an instance that were found are all that there are; more than one are as
 * many at least. */
static bool are_counted(const struct draft *draft, int n)
{
    return n > 1 || draft->is_complete;
}

/* Of several TXT records the places are those of the first. */
static int set_txt(const struct draft *draft, struct sds_span instance)
{
    size_t n, i = 0;
    const struct sds_zone_record *txt = sds_zone_find(draft->table, instance, SDS_ZONE_TXT, &n);
    struct sds_span rdata[RECORDS_MAX];
    struct sds_txt_iter strings;
    struct sds_txt_string string;
    int r;

    if (!txt) {
        set_absent(draft, SDS_PART_TXT);
        return 0;
    }
    r = collect(draft, txt, n, rdata);
    if (r < 0)
        return r;
    r = are_counted(draft, r) ? sds_service_set_txt_records(draft->service, rdata, (size_t)r)
                              : sds_service_set_txt(draft->service, rdata[0].p, rdata[0].len);
    strings = sds_txt_begin(txt->rdata.p, txt->rdata.len);
    while (r == 0 && sds_txt_next(&strings, &string))
        r = mark(draft, SDS_PART_TXT, string.offset, txt, i++);
    return r;
}

static int add_addresses(const struct draft *draft, struct sds_span host, enum sds_zone_type type)
{
    size_t n;
    const struct sds_zone_record *records = sds_zone_find(draft->table, host, type, &n);
    int r = 0;

    if (n > ADDRESSES_MAX)
        return sds_input_fail(draft->error, records[ADDRESSES_MAX].place,
                              "more than %d addresses of a host", ADDRESSES_MAX);
    for (size_t i = 0; i < n && r == 0; i++) {
        struct sds_address address = {.len = (uint8_t)records[i].rdata.len};

        memcpy(address.bytes, records[i].rdata.p, records[i].rdata.len);
        r = sds_service_add_address(draft->service, address);
        if (r == 0)
            r = mark(draft, SDS_PART_ADDRESSES, i, &records[i], 0);
    }
    return r;
}

/* The addresses of an SRV target. A piece of a zone may leave them to the rest of it, and where a
 * doubled name was meant to point, nobody can know. */
static int set_addresses(const struct draft *draft, const struct sds_zone_record *srv,
                         struct sds_span host)
{
    bool is_told = draft->table->is_whole && !srv->is_doubled && !sds_wire_is_root(host) &&
                   sds_zone_is_complete_for(draft->table, host);
    int r = add_addresses(draft, host, SDS_ZONE_A);

    if (r == 0)
        r = add_addresses(draft, host, SDS_ZONE_AAAA);
    if (r == 0 && !draft->service->n_addresses && is_told)
        sds_service_set_missing(draft->service, SDS_PART_ADDRESSES);
    return r;
}

/* Whether the SRV target is an alias, where the zone can tell. */
static int set_alias(const struct draft *draft, const struct sds_zone_record *srv,
                     struct sds_span host)
{
    size_t n;
    const struct sds_zone_record *cname = sds_zone_find(draft->table, host, SDS_ZONE_CNAME, &n);
    struct sds_name name;

    if (cname && sds_name_read(cname->rdata.p, cname->rdata.len, &name) == 0)
        return set_name(draft->service, &name, 0, sds_service_set_host_cname);
    if (!srv->is_doubled && !sds_wire_is_root(host) && sds_zone_is_complete_for(draft->table, host))
        sds_service_set_missing(draft->service, SDS_PART_HOST_CNAME);
    return 0;
}

static uint16_t u16_at(const struct sds_zone_record *record, size_t at)
{
    struct sds_cur cur = sds_cur_over(record->rdata.p, record->rdata.len);
    const uint8_t *skipped;
    uint16_t value = 0;

    if (sds_cur_take(&cur, at, &skipped))
        sds_cur_u16(&cur, &value);
    return value;
}

static int mark_srv(const struct draft *draft, const struct sds_zone_record *srv)
{
    static const enum sds_part parts[] = {SDS_PART_PRIORITY, SDS_PART_WEIGHT, SDS_PART_PORT,
                                          SDS_PART_HOST};
    int r = 0;

    for (size_t i = 0; i < SDS_COUNT(parts) && r == 0; i++)
        r = mark(draft, parts[i], 0, srv, i);
    return r ? r : mark_owner(draft, SDS_PART_TTL, 0, srv);
}

/* Of several SRV records all but their number is that of the first. */
static int set_srv(const struct draft *draft, struct sds_span instance)
{
    struct sds_service *service = draft->service;
    size_t n;
    const struct sds_zone_record *srv = sds_zone_find(draft->table, instance, SDS_ZONE_SRV, &n);
    struct sds_span host, rdata[RECORDS_MAX];
    struct sds_name name;
    int r;

    if (!srv) {
        set_absent(draft, SDS_PART_HOST | SDS_PART_PORT | SDS_PART_PRIORITY | SDS_PART_WEIGHT);
        return 0;
    }
    r = collect(draft, srv, n, rdata);
    if (r < 0)
        return r;
    if (are_counted(draft, r))
        sds_service_set_n_srv(service, (uint32_t)r);
    host = (struct sds_span){srv->rdata.p + 6, srv->rdata.len - 6};
    sds_name_read(host.p, host.len, &name);
    r = set_name(service, &name, 0, sds_service_set_host);
    sds_service_set_priority(service, u16_at(srv, 0));
    sds_service_set_weight(service, u16_at(srv, 2));
    /* A port 0 that nobody browses keeps the name for a service that is not there: no fault (RFC
     * 6763 8). */
    if (u16_at(srv, 4) || draft->group->mentions[0].kind != SDS_MENTION_OWN)
        sds_service_set_port(service, u16_at(srv, 4));
    if (srv->has_ttl)
        sds_service_set_ttl(service, srv->ttl_s);
    if (r == 0)
        r = mark_srv(draft, srv);
    if (r == 0)
        r = set_alias(draft, srv, host);
    return r ? r : set_addresses(draft, srv, host);
}

static int add_subtype(const struct draft *draft, const struct sds_zone_record *ptr)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t n = draft->service->n_subtypes;
    struct sds_zone_parts parts;
    int r;

    sds_zone_split_browsed(ptr->owner, &parts);
    text = sds_name_format(&parts.name, 0, 1);
    if (!text)
        return -ENOMEM;
    if (n >= SUBTYPES_MAX)
        return sds_input_fail(draft->error, ptr->place, "more than %d subtypes of a service",
                              SUBTYPES_MAX);
    r = sds_service_append_subtype(draft->service, text);
    return r ? r : mark_owner(draft, SDS_PART_SUBTYPES, n, ptr);
}

static int set_subtypes(const struct draft *draft)
{
    int r = 0;

    for (size_t i = 0; i < draft->group->n && r == 0; i++)
        if (draft->group->mentions[i].kind == SDS_MENTION_SUBTYPE)
            r = add_subtype(draft, draft->group->mentions[i].record);
    if (r == 0 && !draft->service->n_subtypes)
        set_absent(draft, SDS_PART_SUBTYPES);
    return r;
}

/* The owner of a PTR record that led here: of one of another type, where there is such. */
static int set_ptr_type(const struct draft *draft)
{
    const struct sds_zone_group *group = draft->group;
    bool is_odd = false;
    int r = 0;

    for (size_t i = 0; i < group->n && !is_odd && r == 0; i++) {
        SDS_CLEANUP(sds_freep) char *type = NULL;
        struct sds_zone_parts parts;

        if (group->mentions[i].kind == SDS_MENTION_OWN)
            continue;
        sds_zone_split_browsed(group->mentions[i].record->owner, &parts);
        type = sds_name_format(&parts.name, parts.type, parts.domain - parts.type);
        if (!type)
            return -ENOMEM;
        is_odd = !sds_text_fold_equal(type, draft->service->type);
        if (i == 0 || is_odd)
            r = set_name(draft->service, &parts.name, 0, sds_service_set_ptr_type);
    }
    return r;
}

static int set_names(const struct draft *draft, const struct sds_zone_parts *parts)
{
    const struct sds_zone_mention *first = draft->group->mentions;
    struct sds_input_place place =
        first->kind == SDS_MENTION_OWN ? first->record->place : sds_zone_field(first->record, 0);
    struct sds_span label = {NULL, 0};
    int r;

    if (parts->name.n_labels)
        label = sds_name_label(&parts->name, 0);
    r = sds_service_set_instance(draft->service, label.p, label.len);
    if (r == 0)
        r = set_name(draft->service, &parts->name, parts->domain, sds_service_set_domain);
    if (r == 0)
        r = mark_owner(draft, SDS_PART_TYPE, 0, first->record);
    if (r == 0)
        r = sds_input_mark(draft->input, SDS_PART_INSTANCE, 0, place);
    return r ? r : sds_input_mark(draft->input, SDS_PART_DOMAIN, 0, place);
}

/* The type in presentation format: the instance's own, or that of the PTR that points at it. */
static char *format_type(const struct sds_zone_mention *first,
                         const struct sds_zone_parts *instance)
{
    struct sds_zone_parts browsed;

    if (instance->domain > instance->type)
        return sds_name_format(&instance->name, instance->type, instance->domain - instance->type);
    sds_zone_split_browsed(first->record->owner, &browsed);
    return sds_name_format(&browsed.name, browsed.type, browsed.domain - browsed.type);
}

static int add_service(const struct sds_zone_table *table, const struct sds_zone_group *group,
                       struct sds_input *input, struct sds_input_error *error)
{
    const struct sds_zone_mention *first = group->mentions;
    SDS_CLEANUP(sds_freep) char *type = NULL;
    struct draft draft = {.table = table, .input = input, .error = error, .group = group};
    struct sds_zone_parts parts;
    int r;

    sds_zone_split_instance(first->instance, &parts);
    type = format_type(first, &parts);
    draft.service = type ? sds_service_new(type) : NULL;
    r = sds_input_add(input, draft.service, first->record->place);
    if (r < 0)
        return r;
    draft.is_complete = (first->kind == SDS_MENTION_OWN || !first->record->is_doubled) &&
                        sds_zone_is_complete_for(table, first->instance);
    r = set_names(&draft, &parts);
    if (r == 0)
        r = set_ptr_type(&draft);
    if (r == 0)
        r = set_srv(&draft, first->instance);
    if (r == 0)
        r = set_txt(&draft, first->instance);
    return r ? r : set_subtypes(&draft);
}

/* ---- the zone ----------------------------------------------------------------------------- */

/* Where neither a SOA record nor an origin tells what the zone is, the first type that can be
 * browsed lies in it. */
static void guess_apex(struct sds_zone_table *table, const struct sds_zone_group *first)
{
    const struct sds_zone_mention *mention = first->mentions;
    struct sds_zone_parts browsed;

    if (table->apex.p || mention->kind == SDS_MENTION_OWN)
        return;
    sds_zone_split_browsed(mention->record->owner, &browsed);
    table->apex = mention->record->owner;
    for (size_t i = 0; i < browsed.domain; i++)
        table->apex = sds_wire_parent(table->apex);
}

static int add_services(struct sds_zone_table *table, struct sds_input *input,
                        struct sds_input_error *error)
{
    struct sds_zone_instances instances = {0};
    int r = sds_zone_find_instances(table, &instances);

    if (instances.groups.n)
        guess_apex(table, &instances.groups.v[0]);
    for (size_t i = 0; i < instances.groups.n && r == 0; i++)
        r = add_service(table, &instances.groups.v[i], input, error);
    sds_zone_instances_done(&instances);
    return r;
}

static int read_records(struct sds_zone_reader *reader, struct sds_zone_table *table)
{
    struct sds_zone_record record;
    int r;

    while ((r = sds_zone_read_record(reader, &record)) > 0)
        if (!sds_arr_push(&table->records, record))
            return -ENOMEM;
    return r;
}

int sds_services_read_zone(const char *text, size_t len, const char *origin, struct sds_input *ret,
                           struct sds_input_error *error)
{
    struct sds_zone_reader *reader = calloc(1, sizeof(*reader));
    struct sds_zone_table table = {0};
    struct sds_arena arena = {0};
    int r;

    if (!reader)
        return -ENOMEM;
    reader->arena = &arena;
    reader->input = ret;
    reader->error = error;
    r = sds_zone_reader_begin(reader, text, len, origin);
    if (r == 0)
        r = read_records(reader, &table);
    if (r == 0) {
        sds_zone_table_sort(&table, reader->first_origin);
        r = add_services(&table, ret, error);
    }
    free(table.records.v);
    sds_zone_reader_done(reader);
    free(reader);
    sds_arena_done(&arena);
    return r;
}
