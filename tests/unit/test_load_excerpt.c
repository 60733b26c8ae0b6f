/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"

#define HEADINGS                                                                                   \
    "A Registry of Names\n\nsome words on it\n"                                                    \
    "Service Name Port Number Transport Protocol Description Assignee Contact Registration Date\n"

static void reads_rows(void **state)
{
    static const char *const rfc[] = {"RFC9999"};
    static const struct {
        const char *text;
        struct sds_record row;
    } vectors[] = {
        {"oven Oven Control [Ann] [Bob] Defined TXT keys: None",
         {.name = "oven",
          .description = "Oven Control",
          .assignee = "Ann",
          .contact = "Bob",
          .notes = "Defined TXT keys: None"}},
        {"oven tcp Oven [Ann] [Bob] 2010-01-02 2011-03-04 [RFC9999] Hot",
         {.name = "oven",
          .transport = "tcp",
          .description = "Oven",
          .assignee = "Ann",
          .contact = "Bob",
          .registered = "2010-01-02",
          .modified = "2011-03-04",
          .references = rfc,
          .n_references = 1,
          .notes = "Hot"}},
        {"oven 600 udp Oven [RFC9999]",
         {.name = "oven",
          .port = "600",
          .transport = "udp",
          .description = "Oven",
          .references = rfc,
          .n_references = 1}},
        {"oven 3 Ovens [Ann]", {.name = "oven", .description = "3 Ovens", .assignee = "Ann"}},
        {"oven Old Oven 2012-01-02 This service name is no longer in use.",
         {.name = "oven",
          .description = "Old Oven",
          .modified = "2012-01-02",
          .status = SDS_RECORD_RETIRED,
          .notes = "This service name is no longer in use."}},
        {"oven Oven [] [Bjørn] 2010-01-02",
         {.name = "oven",
          .description = "Oven",
          .assignee = "",
          .contact = "Bjørn",
          .registered = "2010-01-02"}},
        {"oven Oven Defined TXT keys: id",
         {.name = "oven", .description = "Oven", .notes = "Defined TXT keys: id"}},
        {"oven Proprietary [Ann] [Ann]",
         {.name = "oven", .description = "Proprietary", .assignee = "Ann", .contact = "Ann"}},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded;
        char text[1024];

        snprintf(text, sizeof(text), HEADINGS "%s\r\n\nID Name Organization Contact URI\n[Ann] x\n",
                 vectors[i].text);
        loaded = load_text(text);
        assert_int_equal(loaded.result, 0);
        assert_int_equal(n_rows(&loaded), 1);
        assert_row(row_at(&loaded, 0), &vectors[i].row);
        assert_text(sds_registry_table_at(loaded.registry, 0).title, "A Registry of Names");
        unload(&loaded);
    }
}

static void a_faulty_row_is_said_and_left_out(void **state)
{
    struct loaded loaded = load_text(HEADINGS "a Good Row\nb\nc \xFF\nd Row\n");

    (void)state;
    assert_leaves_out(&loaded, 2, 6, "a row has no description");
    assert_int_equal(n_rows(&loaded), 2);
    unload(&loaded);
}

#define CONTACT_HEADINGS HEADINGS "a Row\n\nID Name Organization Contact URI Last Updated\n"

/* An organization is told from a name by the id alone. */
static void reads_contacts(void **state)
{
    static const struct {
        const char *text;
        struct sds_person person;
    } vectors[] = {
        {"[Ann_Ode] Ann Ode mailto:ann& 2011-10-12",
         {"Ann_Ode", "Ann Ode", NULL, "mailto:ann&", "2011-10-12"}},
        {"[Ann_Ode] Ann Ode Oven Works Ltd. mailto:ann&",
         {"Ann_Ode", "Ann Ode", "Oven Works Ltd.", "mailto:ann&", NULL}},
        {"[Ann_Ode_2] J. Ann Ode Oven", {"Ann_Ode_2", "J. Ann Ode", "Oven", NULL, NULL}},
        {"[Ann-Bo_Ode] Ann-Bo Ode øven", {"Ann-Bo_Ode", "Ann-Bo Ode", "øven", NULL, NULL}},
        {"[Ann_bo_ODE] Ann [bo] ODE 2015-06",
         {"Ann_bo_ODE", "Ann [bo] ODE", NULL, NULL, "2015-06"}},
        {"[Oven_AS] Oven A/S http://a.example mailto:b",
         {"Oven_AS", "Oven A/S", NULL, "http://a.example mailto:b", NULL}},
        {"[Oven_Works] Oven Works d.o.o.", {"Oven_Works", "Oven Works d.o.o.", NULL, NULL, NULL}},
        {"[Oven_Soft] Oven Software", {"Oven_Soft", "Oven Software", NULL, NULL, NULL}},
        {"[Oven] Oven Works", {"Oven", "Oven Works", NULL, NULL, NULL}},
        {"[Three_Ovens] 3 Ovens", {"Three_Ovens", "3 Ovens", NULL, NULL, NULL}},
        {"[øven.Inc] Øven: Inc", {"øven.Inc", "Øven: Inc", NULL, NULL, NULL}},
        {"[] mailto:juan& 2015-06-30", {"", NULL, NULL, "mailto:juan&", "2015-06-30"}},
        {"[] & Co", {"", "& Co", NULL, NULL, NULL}},
        {"[_] - Co", {"_", "- Co", NULL, NULL, NULL}},
        {"[Ann_Ode]", {"Ann_Ode", NULL, NULL, NULL, NULL}},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded;
        char text[1024];

        snprintf(text, sizeof(text), CONTACT_HEADINGS "%s\r\n\n", vectors[i].text);
        loaded = load_text(text);
        assert_int_equal(loaded.result, 0);
        assert_int_equal(loaded.n_messages, 0);
        assert_int_equal(n_rows(&loaded), 1);
        assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_people, 1);
        assert_person(sds_registry_person_at(loaded.registry, 0, 0), &vectors[i].person);
        assert_ptr_equal(sds_registry_find_person(loaded.registry, span(vectors[i].person.id)),
                         sds_registry_person_at(loaded.registry, 0, 0));
        unload(&loaded);
    }
}

/* Search for the id costs the square of the text, so that no long one is searched. */
static void a_long_name_is_not_taken_apart(void **state)
{
    char text[1024];
    struct loaded loaded;

    (void)state;
    for (size_t len = 0; len <= 600; len += 600) {
        snprintf(text, sizeof(text), CONTACT_HEADINGS "[Ann_Ode] Ann Ode x%0*d\n", (int)len, 1);
        loaded = load_text(text);
        assert_int_equal(loaded.n_messages, 0);
        assert_int_equal(sds_registry_person_at(loaded.registry, 0, 0)->organization != NULL,
                         len == 0);
        unload(&loaded);
    }
}

static void a_faulty_contact_is_said_and_left_out(void **state)
{
    static const struct {
        const char *text, *message;
    } vectors[] = {
        {"Ann Ode mailto:ann&", "a contact does not begin with an id in brackets"},
        {"[Ann Ode] Ann Ode", "a contact does not begin with an id in brackets"},
        {"[Ann] \xFF", "a contact is not UTF-8 text, or too long"},
        {"[Ann] Ann mailto:ann& 2011-10-12 Ovens", "a contact has text behind its URI or date"},
        {"[Ann] Ann mailto:ann& Ovens", "a contact has text behind its URI or date"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded;
        char text[1024];

        snprintf(text, sizeof(text), CONTACT_HEADINGS "[A] B\n%s\n[C] D\n", vectors[i].text);
        loaded = load_text(text);
        assert_leaves_out(&loaded, 1, 9, vectors[i].message);
        assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_people, 2);
        unload(&loaded);
    }
}

static void what_is_no_registry_is_refused(void **state)
{
    static const char garbage[] = "\x7F"
                                  "ELF\0\1\2\xFF\xFE[]{}<>";
    struct loaded loaded = load_bytes(garbage, sizeof(garbage));

    (void)state;
    assert_refused(&loaded, "not a registry in a format that is known");
    unload(&loaded);
    loaded = load_text("");
    assert_int_equal(loaded.result, -EINVAL);
    unload(&loaded);
    loaded = load_text(HEADINGS);
    assert_refused(&loaded, "no record in it");
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
        cmocka_unit_test(reads_contacts),
        cmocka_unit_test(a_long_name_is_not_taken_apart),
        cmocka_unit_test(a_faulty_contact_is_said_and_left_out),
        cmocka_unit_test(what_is_no_registry_is_refused),
        cmocka_unit_test(files_that_are_not_there_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
