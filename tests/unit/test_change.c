/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "no_memory_libc.h"
#include "report/change.h"
#include "watching.h"

#define SET_TXT(literal) .txt = (literal), .txt_len = sizeof(literal) - 1

#define FORTY    "0123456789012345678901234567890123456789"
#define HALF     "01234567890123456789"
#define UMLAUTS  "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4"
#define SIX(len) len "a=1" len "b=1" len "c=1" len "d=1" len "e=1" len "f=1"

static const struct {
    struct seen was, is;
    const char *text;
} changes[] = {
    {{.host = "a.local"}, {.host = "a.local"}, ""},
    {{.host = "a.local"}, {.host = "b.local"}, "host a.local -> b.local"},
    {{.host = "a.local"}, {.host = "A.local"}, "host a.local -> A.local"},
    {{.host = NULL}, {.host = "a\033b.local"}, "host a\\x1bb.local"},
    {{.host = "a.local"}, {.host = NULL}, "host a.local -> (unknown)"},
    {{.port = 631}, {.port = 8631}, "port 631 -> 8631"},
    {{.host = "a.local", .port = 1},
     {.host = "b.local", .port = 2},
     "host a.local -> b.local; port 1 -> 2"},
    {{.instance = "a"}, {.instance = "A\n"}, "instance a -> A\\x0a"},
    {{.type = "_a._tcp"}, {.type = "_A._tcp"}, "type _a._tcp -> _A._tcp"},

    {{.addresses = {"192.0.2.1", "192.0.2.3"}},
     {.addresses = {"192.0.2.2", "192.0.2.3", "::1"}},
     "addresses -192.0.2.1, +192.0.2.2, +::1"},
    {{.addresses = {NULL}}, {.addresses = {"192.0.2.2"}}, "addresses +192.0.2.2"},
    {{.addresses = {"192.0.2.2"}}, {.addresses = {NULL}}, "addresses (unknown)"},

    {{SET_TXT("\6note=a")}, {SET_TXT("\6note=b")}, "txt note 'a' -> 'b'"},
    {{SET_TXT("\6note=a")}, {SET_TXT("\6NOTE=b")}, "txt NOTE 'a' -> 'b'"},
    {{SET_TXT("\6note=a\3x=1")},
     {SET_TXT("\6note=b\5pdl=x\4"
              "flag")},
     "txt +flag, note 'a' -> 'b', +pdl='x', -x"},
    {{SET_TXT("\1x")}, {SET_TXT("\2x=")}, "txt x (no value) -> ''"},
    {{SET_TXT("\3x=1")}, {SET_TXT("\1x")}, "txt x '1' -> (no value)"},
    {{SET_TXT("\3x=1")}, {SET_TXT("\3x=\0")}, "txt x '1' -> '\\x00'"},
    {{SET_TXT("\3x=1\3x=2")}, {SET_TXT("\3x=1\3x=3")}, "txt"}, /* the first counts */
    {{SET_TXT("\3x=1\3y=2")}, {SET_TXT("\3y=2\3x=1")}, "txt"},
    {{.txt = NULL}, {SET_TXT("\3x=1")}, "txt +x='1'"},
    {{.txt = NULL}, {SET_TXT("\0")}, "txt"},
    {{SET_TXT("\3x=1")}, {.txt = NULL}, "txt (unknown)"},
    {{SET_TXT("\3x=1")}, {SET_TXT("\5x=\033[J")}, "txt x '1' -> '\\x1b[J'"},
    {{SET_TXT("\0")},
     {SET_TXT(SIX("\3") "\3g=1\3h=1\3i=1\3j=1")},
     "txt +a='1', +b='1', +c='1', +d='1', +e='1', +f='1', +g='1', +h='1', 2 more"},
    {{SET_TXT("\52x=" FORTY)}, {SET_TXT("\4x=ab")}, "txt x '" FORTY "' -> 'ab'"},
    {{SET_TXT("\53x=" FORTY "0")},
     {SET_TXT("\4x=ab")},
     "txt x '0123456789012345678901234567890123456...' -> 'ab'"},
    {{SET_TXT("\77x=" FORTY HALF "a")}, /* to where they differ */
     {SET_TXT("\77x=" FORTY HALF "b")},
     "txt x '...23456789a' -> '...23456789b'"},
    {{SET_TXT("\54x=" UMLAUTS UMLAUTS "\xc3\xa4")}, /* between characters */
     {SET_TXT("\54x=" UMLAUTS UMLAUTS "\xc3\xb6")},
     "txt x '...\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xa4' -> "
     "'...\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6'"},
};

static void tells_what_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(changes); i++) {
        struct sds_service *was = service_of(&changes[i].was), *is = service_of(&changes[i].is);
        const struct sds_event event = {.kind = SDS_EVENT_CHANGED,
                                        .service = is,
                                        .was = was,
                                        .changes = sds_service_diff(was, is)};
        char *text = sds_change_describe(&event, " -> ");

        assert_non_null(text);
        if (strcmp(text, changes[i].text) != 0)
            fail_msg("%zu: expected \"%s\", got \"%s\"", i, changes[i].text, text);
        free(text);
        sds_service_free(was);
        sds_service_free(is);
    }
}

/* A change of the host from a.local to b.local, with its findings. */
static char *describe(struct sds_result *before, struct sds_result *result, bool is_known)
{
    struct sds_service *was = service_of(&(struct seen){.host = "a.local", .port = 1});
    struct sds_service *is = service_of(&(struct seen){.host = "b.local", .port = 2});
    char *text = sds_change_describe(&(struct sds_event){.kind = SDS_EVENT_CHANGED,
                                                         .service = is,
                                                         .was = is_known ? was : NULL,
                                                         .result = result,
                                                         .before = before,
                                                         .changes = sds_service_diff(was, is)},
                                     " => ");

    sds_service_free(was);
    sds_service_free(is);
    return text;
}

static void assert_described(struct sds_result *before, struct sds_result *result, bool is_known,
                             const char *expected)
{
    char *text = describe(before, result, is_known);

    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void tells_findings_that_came_and_went(void **state)
{
    struct sds_result one = result_of(&(struct seen){.severity = SDS_SEV_ERROR, .rule = "SD301"});
    struct sds_result other = result_of(&(struct seen){.severity = SDS_SEV_INFO, .rule = "SD325"});

    (void)state;
    assert_described(&one, &other, true,
                     "host a.local => b.local; port 1 => 2; new: SD325; mended: SD301");
    assert_described(&one, &one, true, "host a.local => b.local; port 1 => 2");
    assert_described(NULL, &one, true, "host a.local => b.local; port 1 => 2");
    sds_result_done(&one);
    sds_result_done(&other);
}

static void names_parts_of_what_is_not_known(void **state)
{
    struct sds_result one = result_of(&(struct seen){.severity = SDS_SEV_ERROR, .rule = "SD301"});
    struct sds_result none = {0};

    (void)state;
    assert_described(NULL, NULL, false, "host, port");
    assert_described(&none, &one, false, "host, port; new: SD301");
    sds_result_done(&one);
}

static void tells_what_is_missing(void **state)
{
    struct sds_service *was = service_of(&(struct seen){.host = "a.local", SET_TXT("\3x=1")});
    struct sds_service *is = sds_service_dup(was);
    char *text;

    (void)state;
    assert_non_null(is);
    sds_service_set_missing(is, SDS_PART_HOST);
    sds_service_set_missing(is, SDS_PART_PORT);
    sds_service_set_missing(is, SDS_PART_TXT);
    assert_int_equal(sds_service_add_subtype(is, "_a"), 0);
    assert_int_equal(sds_service_add_subtype(was, "_b"), 0);
    sds_service_set_ttl(was, 120);
    sds_service_set_record_ttl(is, SDS_KIND_SRV, 75);
    text = sds_change_describe(
        &(struct sds_event){.service = is, .was = was, .changes = sds_service_diff(was, is)}, "->");
    assert_string_equal(text, "subtypes +_a, -_b; host a.local->(none); port (none); txt (none); "
                              "ttl 120 s->srv 75 s");
    free(text);
    sds_service_free(was);
    sds_service_free(is);
}

static void survives_want_of_memory(void **state)
{
    struct sds_service *was = service_of(
        &(struct seen){.host = "a.local", .addresses = {"192.0.2.1"}, SET_TXT("\3x=1\3y=1")});
    struct sds_service *is = service_of(
        &(struct seen){.host = "b.local", .addresses = {"192.0.2.2"}, SET_TXT("\3x=2\3z=1")});
    char *text = NULL;

    (void)state;
    assert_int_equal(sds_service_add_subtype(is, "_a"), 0);
    for (size_t n = 0; !text; n++) {
        allocations_left = n;
        text = sds_change_describe(
            &(struct sds_event){.service = is, .was = was, .changes = sds_service_diff(was, is)},
            " -> ");
        allocations_left = SIZE_MAX;
        assert_true(n < 100);
    }
    assert_string_equal(text, "subtypes +_a; host a.local -> b.local; addresses -192.0.2.1, "
                              "+192.0.2.2; txt x '1' -> '2', -y, +z='1'");
    free(text);
    sds_service_free(was);
    sds_service_free(is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_changed),
        cmocka_unit_test(tells_findings_that_came_and_went),
        cmocka_unit_test(names_parts_of_what_is_not_known),
        cmocka_unit_test(tells_what_is_missing),
        cmocka_unit_test(survives_want_of_memory),
    };

    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
