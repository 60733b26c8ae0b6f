/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_REGISTRY_FIXTURE_H
#define SDS_TEST_REGISTRY_FIXTURE_H

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

static inline void assert_person(const struct sds_person *person, const struct sds_person *expected)
{
    assert_non_null(person);
    assert_string_equal(person->id, expected->id);
    assert_text(person->name, expected->name);
    assert_text(person->organization, expected->organization);
    assert_text(person->uri, expected->uri);
    assert_text(person->updated, expected->updated);
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
