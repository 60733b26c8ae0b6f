/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"

static const char services[] = "# Network services\n"
                               "\n"
                               "tcpmux\t\t1/tcp\t\t\t# TCP port multiplexer\n"
                               "http  80/tcp www  www-http\n"
                               "rtmp  1/ddp  # of AppleTalk\n"
                               "https 443/sctp";

static void reads_rows(void **state)
{
    static const struct sds_record expected[] = {
        {.name = "tcpmux", .port = "1", .transport = "tcp", .description = "TCP port multiplexer"},
        {.name = "http", .port = "80", .transport = "tcp"},
        {.name = "www",
         .port = "80",
         .transport = "tcp",
         .status = SDS_RECORD_ALIAS,
         .alias_of = "http"},
        {.name = "www-http",
         .port = "80",
         .transport = "tcp",
         .status = SDS_RECORD_ALIAS,
         .alias_of = "http"},
        {.name = "https", .port = "443", .transport = "sctp"},
    };
    struct loaded loaded = load_text(services);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    assert_int_equal(n_rows(&loaded), SDS_COUNT(expected));
    for (size_t i = 0; i < SDS_COUNT(expected); i++)
        assert_row(row_at(&loaded, i), &expected[i]);
    unload(&loaded);
}

static void a_faulty_line_is_said_and_left_out(void **state)
{
    static const struct {
        const char *line, *text;
    } vectors[] = {
        {"oven", "not a name and a port with its protocol, such as 80/tcp"},
        {"oven 99999/tcp", "not a name and a port with its protocol, such as 80/tcp"},
        {"oven tcp/80", "not a name and a port with its protocol, such as 80/tcp"},
        {"oven 80/quic", "not a transport protocol"},
        {"oven 80/", "not a transport protocol"},
        {"oven 80/tcp \xFF", "a line is not UTF-8 text, or too long"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        char text[128];
        struct loaded loaded;

        snprintf(text, sizeof(text), "http 80/tcp\n%s\nssh 22/tcp\n", vectors[i].line);
        loaded = load_text(text);
        assert_leaves_out(&loaded, 1, 2, vectors[i].text);
        assert_int_equal(n_rows(&loaded), 2);
        unload(&loaded);
    }
}

static void other_texts_are_no_services(void **state)
{
    static const char *const vectors[] = {"", "# a comment\n", "hello\n", "some words of 1/2\n",
                                          "oven 80/\n"};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct loaded loaded = load_text(vectors[i]);

        assert_int_equal(loaded.result, -EINVAL);
        unload(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows),
        cmocka_unit_test(a_faulty_line_is_said_and_left_out),
        cmocka_unit_test(other_texts_are_no_services),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
