/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "registry/json.h"
#include "registry/stored.h"
#include "report/pen.h"
#include "report/table.h"

/* ---- list --------------------------------------------------------------------------------- */

/* Whether a port is the record's, or in its range. */
static bool has_port(const struct sds_record *record, long port)
{
    long low, high;
    int n = record->port ? sscanf(record->port, "%ld-%ld", &low, &high) : 0;

    return n > 0 && port >= low && port <= (n == 2 ? high : low);
}

/* A record without a transport fits tcp and udp. */
static bool has_transport(const struct sds_record *record, const char *transport)
{
    if (record->transport)
        return strcmp(record->transport, transport) == 0;
    return strcmp(transport, "tcp") == 0 || strcmp(transport, "udp") == 0;
}

static bool is_wanted(const struct sds_record *record, const struct sds_opts *opts)
{
    return (!opts->dnssd || sds_record_is_dnssd(record)) &&
           (!opts->with_txt || record->txt.kind != SDS_TXT_UNSPECIFIED) &&
           (!opts->transport || has_transport(record, opts->transport)) &&
           (opts->status < 0 || record->status == (enum sds_record_status)opts->status) &&
           (opts->port < 0 || has_port(record, opts->port));
}

/* NULL cells stay empty, so that lack of memory shows as one. */
static int add_row(struct sds_table *table, const struct sds_record *record)
{
    const char *texts[] = {record->name, record->transport, record->port, record->description};
    char *safe[SDS_COUNT(texts)];
    int r;

    for (size_t i = 0; i < SDS_COUNT(texts); i++)
        safe[i] = texts[i] ? sds_text_dup(texts[i], strlen(texts[i])) : NULL;
    r = sds_table_add(table, (const char *const[]){
                                 safe[0],
                                 safe[1],
                                 safe[2],
                                 sds_record_status_name(record->status),
                                 sds_txt_kind_name(record->txt.kind),
                                 safe[3],
                             });
    for (size_t i = 0; i < SDS_COUNT(texts); i++)
        free(safe[i]);
    return r;
}

static int list_text(const struct sds_registry *registry, const struct sds_opts *opts)
{
    static const struct sds_column columns[] = {
        {.title = "NAME"},   {.title = "OVER"},     {.title = "PORT", .is_right = true},
        {.title = "STATUS"}, {.title = "TXT KEYS"}, {.title = "DESCRIPTION", .may_cut = true},
    };
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, stdout);
    const struct sds_record *record;
    bool is_whole = table != NULL;

    while (is_whole && (record = sds_record_next(&iter)))
        if (is_wanted(record, opts))
            is_whole = add_row(table, record) == 0;
    is_whole = is_whole && sds_table_print(table) == 0;
    sds_table_free(table);
    if (style.width) /* a pipe gets records, and nothing else */
        sds_registry_tell(registry, &pen);
    return is_whole ? SDS_EXIT_OK : sds_fail_memory();
}

int sds_registry_list(const struct sds_registry *registry, const struct sds_opts *opts)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record *record;
    json_t *records;

    if (!sds_wants_json(opts))
        return list_text(registry, opts);
    records = json_array();
    while ((record = sds_record_next(&iter)))
        if (is_wanted(record, opts) && json_array_append_new(records, sds_record_to_json(record))) {
            json_decref(records);
            return sds_fail_memory();
        }
    return sds_print_json(registry, json_pack("{s:o}", "records", records), SDS_EXIT_OK);
}

/* ---- stats -------------------------------------------------------------------------------- */

/* Counts over the records of a registry. */
struct counts {
    size_t records, named, names, dnssd, keys;
    size_t statuses[SDS_RECORD__COUNT], kinds[SDS_TXT__COUNT];
};

/* The first of all records with a name stands for the name. */
static bool is_first(const struct sds_registry *registry, const struct sds_record *record)
{
    struct sds_record_iter iter = sds_registry_find(registry, sds_text_span(record->name));

    return sds_record_next(&iter) == record;
}

static struct counts count(const struct sds_registry *registry)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record *record;
    struct counts counts = {0};

    while ((record = sds_record_next(&iter))) {
        counts.records++;
        counts.named += record->name != NULL;
        counts.names += record->name && is_first(registry, record);
        counts.dnssd += sds_record_is_dnssd(record);
        counts.keys += record->txt.n_keys;
        counts.statuses[record->status]++;
        counts.kinds[record->txt.kind]++;
    }
    return counts;
}

static const char *status_name(size_t i)
{
    return sds_record_status_name((enum sds_record_status)i);
}

static const char *kind_name(size_t i)
{
    return sds_txt_kind_name((enum sds_txt_kind)i);
}

static json_t *counts_to_json(const size_t *counts, size_t n, const char *(*name_of)(size_t i))
{
    json_auto_t *object = json_object();

    for (size_t i = 0; i < n; i++)
        if (json_object_set_new(object, name_of(i), json_integer((json_int_t)counts[i])))
            return NULL;
    return SDS_TAKE(object);
}

static void print_counts(const char *title, const size_t *counts, size_t n,
                         const char *(*name_of)(size_t i))
{
    printf("\n%s\n", title);
    for (size_t i = 0; i < n; i++)
        if (counts[i])
            printf("  %-16s%7zu\n", name_of(i), counts[i]);
}

int sds_registry_stats(const struct sds_registry *registry, const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    struct counts counts = count(registry);

    if (sds_wants_json(opts))
        return sds_print_json(
            registry,
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "records", (json_int_t)counts.records,
                      "named", (json_int_t)counts.named, "names", (json_int_t)counts.names, "dnssd",
                      (json_int_t)counts.dnssd, "keys", (json_int_t)counts.keys, "status",
                      counts_to_json(counts.statuses, SDS_RECORD__COUNT, status_name), "txt",
                      counts_to_json(counts.kinds, SDS_TXT__COUNT, kind_name)),
            SDS_EXIT_OK);
    sds_registry_tell(registry, &pen);
    printf("\nrecords           %7zu\nwith a name       %7zu\nnames             %7zu\n"
           "for DNS-SD        %7zu\nTXT keys          %7zu\n",
           counts.records, counts.named, counts.names, counts.dnssd, counts.keys);
    print_counts("status", counts.statuses, SDS_RECORD__COUNT, status_name);
    print_counts("TXT declaration", counts.kinds, SDS_TXT__COUNT, kind_name);
    return SDS_EXIT_OK;
}
