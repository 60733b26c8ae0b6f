/* SPDX-License-Identifier: MIT */
#include "registry/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "registry/gzip.h"
#include "registry/load_profile.h"

#define FIRST_SIZE ((size_t)128 << 10) /* of the storage for a file's bytes */

static const char byte_order_mark[] = "\xEF\xBB\xBF";

int sds_bytes_room(char **bytes, size_t *size, size_t len, size_t max)
{
    size_t grown = *bytes ? *size * 2 : FIRST_SIZE;
    char *more;

    if (*bytes && len < *size)
        return 0;
    if (len > max)
        return -EFBIG;
    more = realloc(*bytes, grown);
    if (!more)
        return -ENOMEM;
    *bytes = more;
    *size = grown;
    return 0;
}

/* Read all that @fd gives. */
static int read_all(int fd, char **ret, size_t *ret_len)
{
    SDS_CLEANUP(sds_freep) char *bytes = NULL;
    size_t len = 0, size = 0;

    for (;;) {
        int r = sds_bytes_room(&bytes, &size, len, SDS_REGISTRY_BYTES_MAX);
        ssize_t n;

        if (r < 0)
            return r;
        n = read(fd, bytes + len, size - len);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0)
            break;
        if (n > 0)
            len += (size_t)n;
    }
    *ret = SDS_TAKE(bytes);
    *ret_len = len;
    return 0;
}

int sds_read_file(const char *path, char **ret, size_t *ret_len)
{
    bool is_stdin = !strcmp(path, "-");
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int r;

    if (fd < 0)
        return -errno;
    r = read_all(fd, ret, ret_len);
    if (!is_stdin)
        close(fd);
    return r;
}

void sds_load_say(struct sds_load *load, size_t line, size_t column, const char *format, ...)
{
    char raw[256];
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    struct sds_load_message message = {.file = load->file, .line = line, .column = column};
    va_list args;

    if (++load->n_messages > SDS_REGISTRY_MESSAGES_MAX || !load->log)
        return;
    va_start(args, format);
    vsnprintf(raw, sizeof(raw), format, args);
    va_end(args);
    safe = sds_text_dup(raw, strlen(raw));
    message.text = safe ? safe : "out of memory";
    load->log(load->userdata, &message);
}

int sds_load_add(struct sds_load *load, struct sds_record row, bool is_read)
{
    int r = 0;

    if (load->rows.n >= SDS_REGISTRY_ROWS_MAX)
        return -E2BIG;
    row.is_unassigned |= sds_notes_unassigned(row.notes);
    if (!is_read)
        r = sds_status_read(&load->table->arena, &row);
    if (r == 0 && !is_read)
        r = sds_notes_read(&load->table->arena, row.notes, &row.txt);
    if (r < 0)
        return r;
    return sds_arr_push(&load->rows, row) ? 0 : -ENOMEM;
}

/* A named row in the making of the index: its first bytes, folded, settle most comparisons. */
struct index_entry {
    uint64_t prefix;
    const char *name;
    uint32_t row;
};

static uint64_t folded_prefix(const char *name)
{
    uint64_t prefix = 0;
    unsigned n = 0;

    for (; n < 8 && name[n]; n++)
        prefix = prefix << 8 | (uint8_t)sds_fold((uint8_t)name[n]);
    return n ? prefix << 8 * (8 - n) : 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct index_entry *x = a, *y = b;
    int order = (x->prefix > y->prefix) - (x->prefix < y->prefix);

    if (!order)
        order = sds_fold_cmp(x->name, strlen(x->name), y->name, strlen(y->name));
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int index_rows(struct sds_table *table)
{
    SDS_CLEANUP(sds_freep) struct index_entry *entries = NULL;
    uint32_t *by_name;
    size_t n = 0;

    entries = malloc((table->n_rows + 1) * sizeof(*entries));
    if (!entries)
        return -ENOMEM;
    for (size_t i = 0; i < table->n_rows; i++) {
        const char *name = table->rows[i].name;

        if (name)
            entries[n++] = (struct index_entry){folded_prefix(name), name, (uint32_t)i};
    }
    qsort(entries, n, sizeof(*entries), compare_entries);
    by_name = sds_arena_alloc(&table->arena, n * sizeof(*by_name));
    if (!by_name)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        by_name[i] = entries[i].row;
    table->by_name = by_name;
    table->n_named = n;
    return 0;
}

static const char *text_of_name(const void *table, uint32_t row)
{
    return ((const struct sds_table *)table)->rows[row].name;
}

/* The first active row of each name. */
static int index_names(struct sds_table *table)
{
    SDS_CLEANUP(sds_freep) uint32_t *firsts = malloc((table->n_named + 1) * sizeof(*firsts));
    const char *name = NULL;
    size_t n = 0;

    if (!firsts)
        return -ENOMEM;
    for (size_t i = 0; i < table->n_named; i++) {
        const struct sds_record *row = &table->rows[table->by_name[i]];

        if (row->status != SDS_RECORD_ACTIVE || (name && sds_text_fold_equal(name, row->name)))
            continue;
        name = row->name;
        firsts[n++] = table->by_name[i];
    }
    return sds_near_index_make(&table->arena, firsts, n, text_of_name, table, &table->near);
}

/* What a file is, from its first bytes that are not blank. */
static int load_by_content(struct sds_load *load, const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    if (at < len && bytes[at] == '<')
        return sds_load_xml(load, bytes, len);
    if (at < len && bytes[at] == '{')
        return sds_load_json(load, bytes, len);
    if (sds_is_csv(bytes, len))
        return sds_load_csv(load, bytes, len);
    if (sds_is_excerpt(bytes, len))
        return sds_load_excerpt(load, bytes, len);
    if (sds_is_text_table(bytes, len))
        return sds_load_text(load, bytes, len);
    if (sds_is_services(bytes, len))
        return sds_load_services(load, bytes, len);
    sds_load_say(load, 0, 0, "not a registry in a format that is known");
    return -EINVAL;
}

/* Move what was read into the table. */
static int finish(struct sds_load *load)
{
    struct sds_table *table = load->table;
    int r;

    if (load->n_messages > SDS_REGISTRY_MESSAGES_MAX) {
        size_t more = load->n_messages - SDS_REGISTRY_MESSAGES_MAX;

        load->n_messages = 0;
        sds_load_say(load, 0, 0, "%zu more messages left out", more);
    }
    if (load->rows.n == 0 && load->profiles.n == 0) {
        load->n_messages = 0;
        sds_load_say(load, 0, 0, "no record in it");
        return -EINVAL;
    }
    table->rows = sds_arena_copy(&table->arena, load->rows.v, load->rows.n * sizeof(*table->rows));
    table->n_rows = load->rows.n;
    if (!table->rows || sds_profiles_take(load) < 0 || sds_people_take(load) < 0)
        return -ENOMEM;
    r = index_rows(table);
    return r < 0 ? r : index_names(table);
}

static int read_table(struct sds_load *load, const char *bytes, size_t len)
{
    struct sds_table *table = load->table;
    size_t mark = sizeof(byte_order_mark) - 1;
    int r;

    table->origin = sds_arena_text(&table->arena, load->file, strlen(load->file));
    if (!table->origin)
        return -ENOMEM;
    if (len > SDS_REGISTRY_BYTES_MAX)
        return -EFBIG;
    if (len >= mark && !memcmp(bytes, byte_order_mark, mark)) {
        bytes += mark;
        len -= mark;
    }
    r = load_by_content(load, bytes, len);
    if (r == -E2BIG) {
        sds_load_say(load, 0, 0, "more than %d records: the rest is left out",
                     SDS_REGISTRY_ROWS_MAX);
        r = 0;
    }
    /* A file that breaks off has still given the rows before the break. */
    if (r < 0 && (r != -EINVAL || load->rows.n + load->profiles.n == 0))
        return r;
    return finish(load);
}

/* The same for what may be compressed, once. */
static int unpack_table(struct sds_load *load, const char *bytes, size_t len)
{
    SDS_CLEANUP(sds_freep) char *plain = NULL;
    const char *fault;
    size_t plain_len;
    int r;

    if (!sds_is_gzip(bytes, len))
        return read_table(load, bytes, len);
    r = sds_gunzip(bytes, len, SDS_REGISTRY_BYTES_MAX, &plain, &plain_len, &fault);
    if (r == -EOPNOTSUPP) {
        sds_load_say(load, 0, 0, "compressed by gzip, and this sdscope was built without zlib");
        return -EINVAL;
    }
    if (r < 0)
        return r;
    if (fault)
        sds_load_say(load, 0, 0, "%s", fault);
    return read_table(load, plain, plain_len);
}

int sds_table_read(const char *origin, const char *bytes, size_t len, sds_load_log *log,
                   void *userdata, struct sds_table *ret)
{
    struct sds_table table = {0};
    struct sds_load load = {.table = &table, .file = origin, .log = log, .userdata = userdata};
    int r = unpack_table(&load, bytes, len);

    free(load.rows.v);
    free(load.profiles.v);
    free(load.people.v);
    if (r < 0) {
        sds_arena_done(&table.arena);
        return r;
    }
    *ret = table;
    return 0;
}
