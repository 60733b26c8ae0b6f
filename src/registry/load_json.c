/* SPDX-License-Identifier: MIT */
#include "registry/json.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/json_read.h"
#include "registry/load_profile.h"

/* Prose, or true where it is only known that there is some. */
static int read_unauthorized(struct sds_reader *reader, const json_t *record, const char **ret)
{
    if (!json_is_boolean(json_object_get(record, "unauthorized")))
        return sds_reader_text(reader, record, "unauthorized", ret);
    *ret = json_is_true(json_object_get(record, "unauthorized")) ? "" : NULL;
    return 0;
}

/* Rows merge, and each has one port: a record of several becomes as many rows. */
static int add_rows(struct sds_reader *reader, const json_t *record, struct sds_record row)
{
    const char *const *ports = NULL;
    size_t n = 0;
    int r = sds_reader_texts(reader, record, "ports", &ports, &n);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!sds_is_port(ports[i], strlen(ports[i])))
            r = sds_reader_fault(reader,
                                 "\"ports\" has what is no port number and no range of them");
    if (r == 0 && n == 0)
        r = sds_load_add(reader->load, row, true);
    for (size_t i = 0; r == 0 && i < n; i++) {
        row.port = ports[i];
        r = sds_load_add(reader->load, row, true);
    }
    return r;
}

static int read_record(struct sds_reader *reader, const json_t *record)
{
    struct sds_record row = {0};
    const struct {
        const char *name, **ret;
    } texts[] = {
        {"name", &row.name},
        {"description", &row.description},
        {"assignee", &row.assignee},
        {"contact", &row.contact},
        {"registered", &row.registered},
        {"modified", &row.modified},
        {"service_code", &row.service_code},
        {"alias_of", &row.alias_of},
        {"notes", &row.notes},
    };
    int status = SDS_RECORD_ACTIVE, r = 0;

    if (!json_is_object(record))
        return sds_reader_fault(reader, "not an object");
    if (json_is_true(json_object_get(record, "profile")))
        return sds_load_profile(reader, record);
    for (size_t i = 0; r == 0 && i < SDS_COUNT(texts); i++)
        r = sds_reader_text(reader, record, texts[i].name, texts[i].ret);
    if (r == 0)
        r = sds_reader_transport(reader, record, &row.transport);
    if (r == 0)
        r = sds_reader_texts(reader, record, "reference", &row.references, &row.n_references);
    if (r == 0)
        r = read_unauthorized(reader, record, &row.unauthorized);
    if (r == 0)
        r = sds_reader_word(reader, record, "status", sds_record_status_from_name, "not a status",
                            &status);
    if (r == 0)
        r = sds_reader_bool(reader, record, "unassigned", &row.is_unassigned);
    if (r == 0)
        r = sds_reader_decl(reader, record, &row.txt);
    row.status = (enum sds_record_status)status;
    return r < 0 ? r : add_rows(reader, record, row);
}

static int read_person(struct sds_reader *reader, const json_t *item)
{
    struct sds_person person = {0};
    const struct {
        const char *name, **ret;
    } texts[] = {
        {"id", &person.id},   {"name", &person.name},       {"organization", &person.organization},
        {"uri", &person.uri}, {"updated", &person.updated},
    };
    int r = 0;

    if (!json_is_object(item))
        return sds_reader_fault(reader, "not an object");
    for (size_t i = 0; r == 0 && i < SDS_COUNT(texts); i++)
        r = sds_reader_text(reader, item, texts[i].name, texts[i].ret);
    if (r == 0 && !person.id)
        r = sds_reader_fault(reader, "a person without \"id\"");
    return r < 0 ? r : sds_load_add_person(reader->load, person);
}

/* Read what is in an array; items that are faulty are said, and the others stay. */
static int read_items(struct sds_reader *reader, const json_t *array,
                      int (*read_item)(struct sds_reader *reader, const json_t *item))
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < json_array_size(array); i++) {
        size_t depth = reader->path.n;

        r = read_item(reader, sds_reader_enter_item(reader, array, i));
        reader->path.n = depth;
        if (r == -EINVAL)
            r = 0;
    }
    return r;
}

static int read_root(struct sds_reader *reader, const json_t *root)
{
    struct sds_table *table = reader->load->table;
    const json_t *records, *people;
    int64_t version = 0;
    bool is_there;
    int r = sds_reader_number(reader, root, "sdscope_registry", SDS_REGISTRY_JSON_VERSION,
                              SDS_REGISTRY_JSON_VERSION, &version, &is_there);

    if (r == 0 && !is_there)
        r = sds_reader_fault(reader, "no registry: it lacks \"sdscope_registry\"");
    if (r == 0)
        r = sds_reader_text(reader, root, "title", &table->title);
    if (r == 0)
        r = sds_reader_text(reader, root, "updated", &table->updated);
    if (r < 0)
        return r;
    records = sds_reader_enter(reader, root, "records");
    if (!json_is_array(records))
        r = sds_reader_fault(reader, "\"records\" is not an array");
    if (r == 0)
        r = read_items(reader, records, read_record);
    sds_reader_leave(reader);
    people = sds_reader_enter(reader, root, "people");
    if (r == 0 && people && !json_is_array(people))
        r = sds_reader_fault(reader, "\"people\" is not an array");
    return r < 0 ? r : read_items(reader, people, read_person);
}

int sds_load_json(struct sds_load *load, const char *bytes, size_t len)
{
    struct sds_reader reader = {.load = load, .bytes = bytes, .len = len};
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    int r;

    if (!root && !*error.text) /* jansson has no word for this */
        return -ENOMEM;
    if (!root) {
        sds_load_say(load, error.line > 0 ? (size_t)error.line : 0,
                     error.column > 0 ? (size_t)error.column : 0, "%s", error.text);
        return -EINVAL;
    }
    r = read_root(&reader, root);
    json_decref(root);
    return r;
}
