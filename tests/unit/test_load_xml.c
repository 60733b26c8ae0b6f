/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"

#define HEAD                                                                                       \
    "<?xml version='1.0' encoding='UTF-8'?>\n"                                                     \
    "<registry xmlns=\"http://www.iana.org/assignments\" id=\"x\">\n"                              \
    "<title>A  Title</title><updated>2020-02-03</updated><note>not a row's note</note>\n"
#define TAIL                                                                                       \
    "<people><person id=\"A_B\"><name>Not a "                                                      \
    "row</name><updated>2001-01</updated></person></people>"                                       \
    "</registry>\n"

static void reads_a_row(void **state)
{
    static const char *const references[] = {"RFC1234", "X 1"};
    static const struct sds_record cellar = {
        .name = "cellar",
        .transport = "dccp",
        .port = "600-602",
        .description = "Old wine & cheese",
        .assignee = "A_B",
        .contact = "C, D",
        .registered = "2010-01-02",
        .modified = "2011-02",
        .references = references,
        .n_references = SDS_COUNT(references),
        .service_code = "77",
        .unauthorized = "in use",
        .notes = "See [RFC9].\n\n Two",
    };
    struct loaded loaded = load_text(
        HEAD "<record date=\"2010-01-02\" updated=\"2011-02\"><name>cellar</name>"
             "<protocol>dccp</protocol><assignee><xref type=\"person\" data=\"A_B\"/></assignee>"
             "<xref type=\"person\" data=\"C\"/><xref type=\"person\" data=\"D\"/>"
             "<xref type=\"rfc\" data=\"rfc1234\"/><xref type=\"uri\" data=\"http://x/\">X 1</xref>"
             "<description>Old<br/><br/>\n  wine &amp; cheese</description><number>600-602</number>"
             "<sc>77</sc><unauthorized>in use</unauthorized>"
             "<note>See <xref type=\"rfc\" data=\"rfc9\"/>.<br/>\n Two</note></record>" TAIL);
    struct sds_registry_table table = sds_registry_table_at(loaded.registry, 0);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    assert_text(table.title, "A Title");
    assert_text(table.updated, "2020-02-03");
    assert_int_equal(table.n_records, 1);
    assert_row(row_at(&loaded, 0), &cellar);
    unload(&loaded);
}

static void reads_persons(void **state)
{
    static const struct sds_person people[] = {
        {"_3G", NULL, "3G Ovens & Co", "mailto:a&b", "2001-01"},
        {"Ann_Ode", "Ann Ode", "Ovens", "mailto:ann http://x", NULL},
        {"", NULL, NULL, NULL, NULL},
    };
    struct loaded loaded = load_text(
        HEAD "<record><name>a</name></record><people>\n<person id='_3G'><org>3G\n Ovens &amp; "
             "Co</org><uri>mailto:a&amp;b</uri><updated>2001-01</updated></person>\n"
             "<person id='Ann_Ode'><name>Ann Ode</name> <org>Ovens</org><uri>mailto:ann</uri>"
             "<uri> http://x</uri><other>x</other></person>\n<person><name>B</name></person>\n"
             "<person id=''><name/></person></people></registry>");

    (void)state;
    assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_records, 1);
    assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_people, 3);
    for (size_t i = 0; i < 3; i++)
        assert_person(sds_registry_person_at(loaded.registry, 0, i), &people[i]);
    assert_leaves_out(&loaded, 1, 8, "a person without an id");
    assert_int_equal(loaded.column, 1);
    unload(&loaded);
}

static void one_kind_of_persons_is_both(void **state)
{
    struct loaded loaded =
        load_text(HEAD "<record><name/><xref type=\"person\" data=\"A\"/></record>"
                       "<record><name>b</name><assignee><xref type=\"person\" data=\"B\"/>"
                       "</assignee></record><record><number>7</number></record>" TAIL);

    (void)state;
    assert_text(row_at(&loaded, 0)->name, NULL);
    assert_text(row_at(&loaded, 0)->assignee, "A");
    assert_text(row_at(&loaded, 0)->contact, "A");
    assert_text(row_at(&loaded, 1)->assignee, "B");
    assert_text(row_at(&loaded, 1)->contact, NULL);
    assert_text(row_at(&loaded, 2)->assignee, NULL);
    unload(&loaded);
}

static void a_faulty_row_is_said_and_left_out(void **state)
{
    struct loaded loaded =
        load_text(HEAD "<record><name>a</name></record>\n"
                       "<record><name>b</name>\n<number>99999</number></record>\n"
                       "<record><name>c</name><protocol>quic</protocol></record>\n" TAIL);

    (void)state;
    assert_leaves_out(&loaded, 2, 6, "not a port number or a range of them");
    assert_int_equal(n_rows(&loaded), 1);
    unload(&loaded);
}

static void hostile_files_are_refused(void **state)
{
    static const struct {
        const char *text, *message;
        size_t line;
    } vectors[] = {
        {"<!DOCTYPE r [<!ENTITY a \"b\">]>\n<registry/>", "a document type is refused", 1},
        {"<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", "a document type is refused", 1},
        {"<registry/>", "not a registry of IANA", 1},
        {"<html xmlns=\"http://www.iana.org/assignments\"/>", "not a registry of IANA", 1},
        {HEAD "<record><name>&lol;</name></record>" TAIL, "undefined entity", 4},
        {HEAD "<record><name>x</record>" TAIL, "mismatched tag", 4},
        {HEAD, "no element found", 4},
        {HEAD "<record><name>\xFF</name></record>" TAIL, "not well-formed (invalid token)", 4},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded = load_text(vectors[i].text);

        assert_refused(&loaded, vectors[i].message);
        assert_int_equal(loaded.line, vectors[i].line);
        assert_true(loaded.column > 0);
        unload(&loaded);
    }
}

static void what_stands_before_a_break_stays(void **state)
{
    struct loaded loaded = load_text(HEAD "<record><name>a</name></record><record><na");

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 1);
    assert_int_equal(loaded.n_messages, 1);
    unload(&loaded);
}

static void deep_nesting_is_refused(void **state)
{
    char text[4096] = HEAD;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        strcat(text, "<registry>");
    struct loaded loaded = load_text(text);
    assert_refused(&loaded, "elements are nested too deeply");
    unload(&loaded);
}

static void every_cut_of_a_file_ends_well(void **state)
{
    static const char text[] = HEAD "<record date=\"2010-01-02\"><name>a</name><assignee>"
                                    "<xref type=\"person\" data=\"B\"/></assignee>"
                                    "<note>x<br/>y</note></record>" TAIL;

    (void)state;
    assert_survives_cuts(text, sizeof(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_row),
        cmocka_unit_test(reads_persons),
        cmocka_unit_test(one_kind_of_persons_is_both),
        cmocka_unit_test(a_faulty_row_is_said_and_left_out),
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(what_stands_before_a_break_stays),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(every_cut_of_a_file_ends_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
