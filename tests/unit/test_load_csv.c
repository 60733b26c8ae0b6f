/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"

#define HEADINGS                                                                                   \
    "Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                    \
    "Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,"        \
    "Assignment Notes\r\n"

static void reads_a_row(void **state)
{
    static const char *const references[] = {"RFC1234", "x y"};
    static const struct sds_record cellar = {
        .name = "cellar",
        .port = "600-602",
        .transport = "sctp",
        .description = "Wine, old and \"new\"",
        .assignee = "A_B, C",
        .contact = "D",
        .registered = "2010-01",
        .modified = "2011-02-03",
        .references = references,
        .n_references = SDS_COUNT(references),
        .service_code = "77",
        .unauthorized = "in use",
        .notes = "Defined TXT keys: u=<name>\n p=<path>",
    };
    static const struct sds_record reserved = {
        .port = "0", .description = "Reserved", .assignee = "", .status = SDS_RECORD_RESERVED};
    struct loaded loaded = load_text(
        "\xEF\xBB\xBF" HEADINGS
        "cellar,600-602,sctp,\"Wine, old\r\n  and \"\"new\"\"\",[A_B][C],[D],2010-01,"
        "2011-02-03,[RFC1234][x y],77,in use,\"Defined TXT keys: u=<name>\n p=<path>\"\r\n"
        ",0,,Reserved,[],,,,,,,\n");

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    assert_row(row_at(&loaded, 0), &cellar);
    assert_int_equal(row_at(&loaded, 0)->txt.n_keys, 2);
    assert_row(row_at(&loaded, 1), &reserved);
    unload(&loaded);
}

static void the_headings_decide_the_order(void **state)
{
    struct loaded loaded = load_text("Description,Transport Protocol,Service Name,More\n"
                                     "a lamp,udp,lamp,what\n");
    const struct sds_record *row = row_at(&loaded, 0);

    (void)state;
    assert_text(row->name, "lamp");
    assert_text(row->transport, "udp");
    assert_text(row->description, "a lamp");
    unload(&loaded);
}

static void a_faulty_row_is_said_and_left_out(void **state)
{
    static const struct {
        const char *row, *message;
    } vectors[] = {
        {"x,70000,tcp,d,,,,,,,,", "not a port number or a range of them"},
        {"x,9-2,tcp,d,,,,,,,,", "not a port number or a range of them"},
        {"x,http,tcp,d,,,,,,,,", "not a port number or a range of them"},
        {"x,1,quic,d,,,,,,,,", "not a transport protocol"},
        {"x,1,tcp,\"d\"d,,,,,,,,", "text after closing quotes"},
        {"x,1,tcp,\xC3,,,,,,,,", "a field is not UTF-8 text, or too long"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        char text[1024];
        struct loaded loaded;

        snprintf(text, sizeof(text), HEADINGS "a,1,tcp,d,,,,,,,,\n%s\nb,2,udp,d,,,,,,,,\n",
                 vectors[i].row);
        loaded = load_text(text);
        assert_leaves_out(&loaded, 1, 3, vectors[i].message);
        assert_int_equal(n_rows(&loaded), 2);
        unload(&loaded);
    }
}

static void hostile_files_end_well(void **state)
{
    static const char nul[] = HEADINGS "a,1,tcp,\0,,,,,,,,\nb,2,tcp,d,,,,,,,,\n";
    static const char open[] = HEADINGS "a,1,tcp,d,,,,,,,,\nb,2,tcp,\"never closed\n,,,\n";
    struct loaded loaded = load_bytes(nul, sizeof(nul) - 1);

    (void)state;
    assert_int_equal(n_rows(&loaded), 1);
    assert_int_equal(loaded.line, 2);
    unload(&loaded);
    loaded = load_text(open);
    assert_int_equal(n_rows(&loaded), 1);
    assert_leaves_out(&loaded, 1, 3, "quotes are never closed");
    unload(&loaded);
    loaded = load_text(HEADINGS);
    assert_refused(&loaded, "no record in it");
    unload(&loaded);
}

static void a_huge_field_is_left_out(void **state)
{
    size_t head = sizeof(HEADINGS) - 1, len = head + 200000;
    char *text = malloc(len + 64);
    struct loaded loaded;

    (void)state;
    assert_non_null(text);
    memcpy(text, HEADINGS, head);
    memset(text + head, 'x', 200000);
    memcpy(text + len, "\nok,1,tcp,d\n", 13);
    loaded = load_text(text);
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 1);
    assert_int_equal(loaded.line, 2);
    free(text);
    unload(&loaded);
}

static void every_cut_of_a_file_ends_well(void **state)
{
    static const char text[] = HEADINGS "a,1,tcp,\"b\"\"c\n\",[x],[y],2010-01-01,,[RFC1],,,\"n\"\n";

    (void)state;
    assert_survives_cuts(text, sizeof(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_row),
        cmocka_unit_test(the_headings_decide_the_order),
        cmocka_unit_test(a_faulty_row_is_said_and_left_out),
        cmocka_unit_test(hostile_files_end_well),
        cmocka_unit_test(a_huge_field_is_left_out),
        cmocka_unit_test(every_cut_of_a_file_ends_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
