/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"

// clang-format off
#define HEADINGS \
    "                         Transport                                       Registration Modification            Service      Known\n" \
    "Service Name Port Number  Protocol     Description      Assignee Contact     Date         Date     Reference    Code    Unauthorized          Assignment Notes\n" \
    "                                                                                                                            Uses\n"

static const char table[] =
    "            A Registry of Names\n"
    "\n"
    "   Last Updated\n"
    "           2013-06-26\n"
    "\n"
    "   Some words on it.\n"
    "\n"
    HEADINGS
    "oven             600        tcp    Oven Control of     [Ann]     [Bob]   2010-01-02\n"
    "                                   the kitchen\n"
    "oven             600        udp    Oven Control of     [Ann]     [Bob]   2010-01-02\n"
    "                                   the kitchen\n"
    "                                                                                                                        in use by\n"
    "                 601        tcp    Unassigned                                         2012-03-21                        old ovens\n"
    "                                                                                                                        in kitchens\n"
    "                                                                                                                                     Defined TXT keys: heat=<degrees>\n"
    "stove          700-702      sctp   Stove               [Ann][Bo] [Cy]                              [RFC9999] 1234567890              plates=<count of plates>\n"
    "\n"
    "                                                                                                                                     more to come\n"
    "toast                              Toast               [Ann]     [Ann]   2011-02-03   2012-03-04   [RFC1]                            Defined TXT keys: None\n"
    "                                                                                                   [RFC2]\n"
    "\n"
    "        People\n"
    "\n"
    "[Ann]   Ann\n";
// clang-format on

// clang-format off
static const char aliases[] =
    HEADINGS
    "                                   Game Port\n"
    "\n"
    "a-b              600        tcp    IANA assigned it\n"
    "                                   as a name that is\n"
    "                                   well-formed, for\n"
    "                                   \"a_b\".\n"
    "                                                                                                                                     This is an alias to\n"
    "a_b              600        tcp    Game Port                                                                                         \"a-b\". It is\n"
    "                                                                                                                                     historic.\n"
    "                                   Game Port\n"
    "\n"
    "a-b              600        udp    IANA assigned it\n"
    "                                   as a name that is\n"
    "                                   well-formed, for\n"
    "                                   \"a_b\".\n"
    "                                                                                                                                     This is an alias to\n"
    "a_b              600        udp    Game Port                                                                                         \"a-b\". It is\n"
    "                                                                                                                                     historic.\n"
    "                                   Game Finding and\n"
    "                                   Place\n"
    "\n"
    "c-d              601        tcp    IANA assigned it\n"
    "                                   as a name that is\n"
    "                                   well-formed, for\n"
    "                                   \"c_d\".\n"
    "                                   Game Finding and                                                                                  This is an alias to\n"
    "c_d              601        tcp    Place                                                                                             \"c-d\". It is\n"
    "                                                                                                                                     historic.\n";
// clang-format on

static void reads_rows(void **state)
{
    static const char *const one[] = {"RFC9999"}, *const two[] = {"RFC1", "RFC2"};
    static const struct sds_record expected[] = {
        {.name = "oven",
         .port = "600",
         .transport = "tcp",
         .description = "Oven Control of the kitchen",
         .assignee = "Ann",
         .contact = "Bob",
         .registered = "2010-01-02"},
        {.name = "oven",
         .port = "600",
         .transport = "udp",
         .description = "Oven Control of the kitchen",
         .assignee = "Ann",
         .contact = "Bob",
         .registered = "2010-01-02"},
        {.port = "601",
         .transport = "tcp",
         .description = "Unassigned",
         .modified = "2012-03-21",
         .unauthorized = "in use by old ovens in kitchens"},
        {.name = "stove",
         .port = "700-702",
         .transport = "sctp",
         .description = "Stove",
         .assignee = "Ann, Bo",
         .contact = "Cy",
         .references = one,
         .n_references = 1,
         .service_code = "1234567890",
         .notes = "Defined TXT keys: heat=<degrees> plates=<count of plates> \nmore to come"},
        {.name = "toast",
         .description = "Toast",
         .assignee = "Ann",
         .contact = "Ann",
         .registered = "2011-02-03",
         .modified = "2012-03-04",
         .references = two,
         .n_references = 2,
         .notes = "Defined TXT keys: None"},
    };
    struct loaded loaded = load_text(table);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    assert_text(sds_registry_table_at(loaded.registry, 0).title, "A Registry of Names");
    assert_text(sds_registry_table_at(loaded.registry, 0).updated, "2013-06-26");
    assert_int_equal(n_rows(&loaded), SDS_COUNT(expected));
    for (size_t i = 0; i < SDS_COUNT(expected); i++)
        assert_row(row_at(&loaded, i), &expected[i]);
    assert_int_equal(row_at(&loaded, 4)->txt.kind, SDS_TXT_NONE);
    unload(&loaded);
}

/* A copy of the table with a word replaced by another of its length. */
static struct loaded load_with(const char *word, const char *other)
{
    char copy[sizeof(table)];

    assert_int_equal(strlen(word), strlen(other));
    memcpy(copy, table, sizeof(copy));
    memcpy(strstr(copy, word), other, strlen(other));
    return load_text(copy);
}

static void a_faulty_row_is_left_out(void **state)
{
    static const struct {
        const char *word, *other, *text;
    } vectors[] = {
        {"700-702", "702-700", "not a port number or a range of them"},
        {"sctp", "quic", "not a transport protocol"},
        {"Toast", "To\xFFst", "a field is not UTF-8 text, or too long"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded = load_with(vectors[i].word, vectors[i].other);

        assert_int_equal(loaded.result, 0);
        assert_int_equal(loaded.n_messages, 1);
        assert_string_equal(loaded.text, vectors[i].text);
        assert_true(loaded.line > 14 && loaded.line < 25);
        assert_int_equal(n_rows(&loaded), 4);
        unload(&loaded);
    }
}

static void survives_being_cut(void **state)
{
    (void)state;
    assert_survives_cuts(table, sizeof(table));
}

/* A cell with a blank line in it does not take the row above for a part of it. */
static void blank_lines_in_a_cell_are_its_own(void **state)
{
    static const struct {
        const char *name, *description;
    } expected[] = {
        {"a-b", "Game Port IANA assigned it as a name that is well-formed, for \"a_b\"."},
        {"a_b", "Game Port"},
        {"a-b", "Game Port IANA assigned it as a name that is well-formed, for \"a_b\"."},
        {"a_b", "Game Port"},
        {"c-d",
         "Game Finding and Place IANA assigned it as a name that is well-formed, for \"c_d\"."},
        {"c_d", "Game Finding and Place"},
    };
    struct loaded loaded = load_text(aliases);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), SDS_COUNT(expected));
    for (size_t i = 0; i < SDS_COUNT(expected); i++) {
        assert_text(row_at(&loaded, i)->name, expected[i].name);
        assert_text(row_at(&loaded, i)->description, expected[i].description);
    }
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows),
        cmocka_unit_test(blank_lines_in_a_cell_are_its_own),
        cmocka_unit_test(a_faulty_row_is_left_out),
        cmocka_unit_test(survives_being_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
