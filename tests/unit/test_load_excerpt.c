/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#define HEADINGS                                                                                   \
    "A Registry of Names\n\nsome words on it\n"                                                    \
    "Service Name Port Number Transport Protocol Description Assignee Contact Registration Date\n"

static void reads_rows(void **state)
{
    static const struct {
        const char *text;
        const char *name, *port, *transport, *description, *assignee, *contact, *registered,
            *modified, *reference, *notes;
    } vectors[] = {
        {"oven Oven Control [Ann] [Bob] Defined TXT keys: None", "oven", NULL, NULL, "Oven Control",
         "Ann", "Bob", NULL, NULL, NULL, "Defined TXT keys: None"},
        {"oven tcp Oven [Ann] [Bob] 2010-01-02 2011-03-04 [RFC9999] Hot", "oven", NULL, "tcp",
         "Oven", "Ann", "Bob", "2010-01-02", "2011-03-04", "RFC9999", "Hot"},
        {"oven 600 udp Oven [RFC9999]", "oven", "600", "udp", "Oven", NULL, NULL, NULL, NULL,
         "RFC9999", NULL},
        {"oven 3 Ovens [Ann]", "oven", NULL, NULL, "3 Ovens", "Ann", NULL, NULL, NULL, NULL, NULL},
        {"oven Old Oven 2012-01-02 This service name is no longer in use.", "oven", NULL, NULL,
         "Old Oven", NULL, NULL, NULL, "2012-01-02", NULL,
         "This service name is no longer in use."},
        {"oven Oven [] [Bjørn] 2010-01-02", "oven", NULL, NULL, "Oven", "", "Bjørn", "2010-01-02",
         NULL, NULL, NULL},
        {"oven Oven Defined TXT keys: id", "oven", NULL, NULL, "Oven", NULL, NULL, NULL, NULL, NULL,
         "Defined TXT keys: id"},
        {"oven Proprietary [Ann] [Ann]", "oven", NULL, NULL, "Proprietary", "Ann", "Ann", NULL,
         NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        const struct sds_record *row;
        struct loaded loaded;
        char text[1024];

        snprintf(text, sizeof(text), HEADINGS "%s\r\n\nID Name Organization Contact URI\n[Ann] x\n",
                 vectors[i].text);
        loaded = load_text(text);
        assert_int_equal(loaded.result, 0);
        assert_int_equal(n_rows(&loaded), 1);
        row = row_at(&loaded, 0);
        assert_text(row->name, vectors[i].name);
        assert_text(row->port, vectors[i].port);
        assert_text(row->transport, vectors[i].transport);
        assert_text(row->description, vectors[i].description);
        assert_text(row->assignee, vectors[i].assignee);
        assert_text(row->contact, vectors[i].contact);
        assert_text(row->registered, vectors[i].registered);
        assert_text(row->modified, vectors[i].modified);
        assert_text(row->n_references ? row->references[0] : NULL, vectors[i].reference);
        assert_text(row->notes, vectors[i].notes);
        assert_text(sds_registry_table_at(loaded.registry, 0).title, "A Registry of Names");
        unload(&loaded);
    }
}

static void a_faulty_row_is_said_and_left_out(void **state)
{
    struct loaded loaded = load_text(HEADINGS "a Good Row\nb\nc \xFF\nd Row\n");

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 2);
    assert_int_equal(loaded.n_messages, 2);
    assert_int_equal(loaded.line, 6);
    assert_string_equal(loaded.text, "a row has no description");
    unload(&loaded);
}

static void what_is_no_registry_is_refused(void **state)
{
    static const char garbage[] = "\x7F"
                                  "ELF\0\1\2\xFF\xFE[]{}<>";
    struct loaded loaded = load_bytes(garbage, sizeof(garbage));

    (void)state;
    assert_int_equal(loaded.result, -EINVAL);
    assert_string_equal(loaded.text, "not a registry in a format that is known");
    unload(&loaded);
    loaded = load_text("");
    assert_int_equal(loaded.result, -EINVAL);
    unload(&loaded);
    loaded = load_text(HEADINGS);
    assert_int_equal(loaded.result, -EINVAL);
    assert_string_equal(loaded.text, "no record in it");
    unload(&loaded);
}

static void files_that_are_not_there_say_so(void **state)
{
    struct loaded loaded = {.registry = sds_registry_new()};

    (void)state;
    assert_int_equal(sds_registry_load(loaded.registry, "/nonexistent", NULL, NULL), -ENOENT);
    assert_int_equal(sds_registry_load(loaded.registry, "/", NULL, NULL), -EISDIR);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows),
        cmocka_unit_test(a_faulty_row_is_said_and_left_out),
        cmocka_unit_test(what_is_no_registry_is_refused),
        cmocka_unit_test(files_that_are_not_there_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
