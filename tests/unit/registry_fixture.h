/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_REGISTRY_FIXTURE_H
#define SDS_TEST_REGISTRY_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sdscope/registry.h"

/* The messages of a load, and what came of it. */
struct loaded {
    struct sds_registry *registry;
    int result;
    size_t n_messages, line, column; /* of the first message */
    char text[256];
};

static inline void keep_message(void *userdata, const struct sds_load_message *message)
{
    struct loaded *loaded = userdata;

    if (loaded->n_messages++ > 0)
        return;
    loaded->line = message->line;
    loaded->column = message->column;
    snprintf(loaded->text, sizeof(loaded->text), "%s", message->text);
}

/* Load bytes from memory of exactly their size, so that a checker sees what reads past them. */
static inline struct loaded load_bytes(const void *bytes, size_t len)
{
    struct loaded loaded = {.registry = sds_registry_new()};
    char *copy = malloc(len ? len : 1);

    assert_non_null(loaded.registry);
    assert_non_null(copy);
    if (len)
        memcpy(copy, bytes, len);
    loaded.result =
        sds_registry_load_bytes(loaded.registry, "test", copy, len, keep_message, &loaded);
    free(copy);
    return loaded;
}

static inline struct loaded load_text(const char *text)
{
    return load_bytes(text, strlen(text));
}

static inline void unload(struct loaded *loaded)
{
    loaded->registry = sds_registry_free(loaded->registry);
}

static inline size_t n_rows(const struct loaded *loaded)
{
    struct sds_record_iter iter = sds_registry_all(loaded->registry);
    size_t n = 0;

    while (sds_record_next(&iter))
        n++;
    return n;
}

static inline const struct sds_record *row_at(const struct loaded *loaded, size_t i)
{
    struct sds_record_iter iter = sds_registry_all(loaded->registry);
    const struct sds_record *row = sds_record_next(&iter);

    while (row && i-- > 0)
        row = sds_record_next(&iter);
    assert_non_null(row);
    return row;
}

static inline void assert_text(const char *text, const char *expected)
{
    if (!expected) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_string_equal(text, expected);
    }
}

/* Columns that @expected does not have are empty, but for what is made of the notes. */
static inline void assert_row(const struct sds_record *row, const struct sds_record *expected)
{
    assert_text(row->name, expected->name);
    assert_text(row->transport, expected->transport);
    assert_text(row->port, expected->port);
    assert_text(row->description, expected->description);
    assert_text(row->assignee, expected->assignee);
    assert_text(row->contact, expected->contact);
    assert_text(row->registered, expected->registered);
    assert_text(row->modified, expected->modified);
    assert_int_equal(row->n_references, expected->n_references);
    for (size_t i = 0; i < expected->n_references; i++)
        assert_text(row->references[i], expected->references[i]);
    assert_text(row->service_code, expected->service_code);
    assert_text(row->unauthorized, expected->unauthorized);
    assert_int_equal(row->status, expected->status);
    assert_text(row->alias_of, expected->alias_of);
    assert_text(row->notes, expected->notes);
}

static inline void assert_person(const struct sds_person *person, const struct sds_person *expected)
{
    assert_non_null(person);
    assert_string_equal(person->id, expected->id);
    assert_text(person->name, expected->name);
    assert_text(person->organization, expected->organization);
    assert_text(person->uri, expected->uri);
    assert_text(person->updated, expected->updated);
}

/* It is read but for what so many messages are about, of which this is the first. */
static inline void assert_leaves_out(const struct loaded *loaded, size_t n_messages, size_t line,
                                     const char *text)
{
    assert_int_equal(loaded->result, 0);
    assert_int_equal(loaded->n_messages, n_messages);
    assert_int_equal(loaded->line, line);
    assert_string_equal(loaded->text, text);
}

/* Nothing is read, and it is said why. */
static inline void assert_refused(const struct loaded *loaded, const char *text)
{
    assert_int_equal(loaded->result, -EINVAL);
    assert_string_equal(loaded->text, text);
}

/* Cut off anywhere, a file gives rows or is refused. */
static inline void assert_survives_cuts(const char *text, size_t size)
{
    for (size_t len = 0; len < size; len++) {
        struct loaded loaded = load_bytes(text, len);

        assert_true(loaded.result == 0 || loaded.result == -EINVAL);
        assert_int_equal(loaded.result == 0, n_rows(&loaded) > 0);
        unload(&loaded);
    }
}

static inline struct sds_span span(const char *text)
{
    return (struct sds_span){(const uint8_t *)text, strlen(text)};
}

/* The program is called from the build's directory; what is shared may stand beside the project. */
static inline const char *shared_path(const char *name, char *path, size_t size)
{
    static const char *const places[] = {"../shared", "../../shared", "../../../shared"};
    const char *given = getenv("SDSCOPE_SHARED");

    for (size_t i = 0; i < sizeof(places) / sizeof(*places) + 1; i++) {
        const char *place = i == 0 ? given : places[i - 1];
        FILE *file;

        if (!place)
            continue;
        snprintf(path, size, "%s/data/%s", place, name);
        file = fopen(path, "re");
        if (file) {
            fclose(file);
            return path;
        }
    }
    return NULL;
}

#endif
