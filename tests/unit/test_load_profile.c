/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "sdscope/profile.h"

#define HEAD "{\"sdscope_registry\": 1, \"title\": \"t\", \"records\": [\n"

static const struct sds_profile *find(const struct loaded *loaded, const char *name,
                                      enum sds_transport transport)
{
    return sds_profile_find(loaded->registry, sds_text_span(name), transport);
}

static void a_profile_has_all_its_parts(void **state)
{
    struct loaded loaded = load_text(
        HEAD
        "{\"name\": \"oven\"},\n"
        "{\"profile\": true, \"names\": [\"oven\", \"Stove\"], \"transport\": \"tcp\", "
        "\"description\": \"d\", \"any_port\": true, \"txt\": {\"kind\": \"keys\", \"keys\": ["
        "{\"key\": \"a\", \"required\": true, \"form\": {\"type\": \"text\", \"regex\": \"x+\", "
        "\"min_length\": 1, \"max_length\": 9}}, {\"key\": \"b\", \"required\": [\"Stove\"], "
        "\"where\": {\"key\": \"a\", \"regex\": \"xx\"}}, "
        "{\"key\": \"nX\", \"form\": {\"type\": \"hex\", \"prefix\": \"0x\", \"mask\": 7, "
        "\"template\": \"n<n>\"}}]}, \"instance_form\": {\"regex\": \"o.*\", \"about\": \"an o\"}, "
        "\"subtypes\": [{\"regex\": \"_o\", \"required\": true}], "
        "\"source\": [{\"cite\": \"c\", \"backs\": \"e\"}], "
        "\"examples\": [{\"txt\": [\"a=x\"], \"hex\": [\"ff00\"], \"instance\": \"one\"}, "
        "{\"name\": \"Stove\", \"subtypes\": [\"_o\"], \"breaks\": [\"SD611 a\"]}]}]}");
    const struct sds_profile *oven = find(&loaded, "OVEN", SDS_TRANSPORT_TCP);
    const struct sds_profile *stove = find(&loaded, "stove", SDS_TRANSPORT_TCP);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_records, 1);
    assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_profiles, 2);
    assert_non_null(oven);
    assert_non_null(stove);
    assert_null(find(&loaded, "oven", SDS_TRANSPORT_UDP));
    assert_null(find(&loaded, "ove", SDS_TRANSPORT_TCP));
    assert_null(find(&loaded, "zzz", SDS_TRANSPORT_TCP));

    assert_true(oven->any_port);
    assert_string_equal(oven->description, "d");
    assert_string_equal(oven->instance_regex, "o.*");
    assert_string_equal(oven->subtypes[0].regex, "_o");
    assert_true(oven->subtypes[0].is_required);
    assert_string_equal(oven->sources[0].backs, "e");
    assert_int_equal(oven->number, 1);
    assert_true(oven->is_first);
    assert_false(stove->is_first);

    assert_true(oven->txt.keys[0].is_required);
    assert_false(oven->txt.keys[1].is_required);
    assert_true(stove->txt.keys[1].is_required);
    assert_null(oven->txt.keys[0].where_key);
    assert_string_equal(stove->txt.keys[1].where_key, "a");
    assert_string_equal(stove->txt.keys[1].where_regex, "xx");
    assert_string_equal(oven->txt.keys[0].form.regex, "x+");
    assert_int_equal(oven->txt.keys[0].form.min_length, 1);
    assert_int_equal(oven->txt.keys[0].form.max_length, 9);
    assert_string_equal(oven->txt.keys[2].form.prefix, "0x");
    assert_int_equal(oven->txt.keys[2].form.mask, 7);
    assert_ptr_equal(sds_profile_key(oven, sds_text_span("N12")), &oven->txt.keys[2]);
    assert_null(sds_profile_key(oven, sds_text_span("c")));

    assert_int_equal(oven->n_examples, 1);
    assert_int_equal(oven->examples[0].txt_len, 7);
    assert_memory_equal(oven->examples[0].txt, "\3a=x\2\xFF\0", 7);
    assert_int_equal(stove->n_examples, 1);
    assert_int_equal(stove->examples[0].number, 1);
    assert_int_equal(stove->examples[0].txt_len, 1);
    assert_string_equal(stove->examples[0].breaks[0], "SD611 a");
    unload(&loaded);
}

static void the_last_profile_that_fits_serves(void **state)
{
    struct loaded loaded =
        load_text(HEAD "{\"profile\": true, \"name\": \"a\", \"description\": \"1\"},\n"
                       "{\"profile\": true, \"name\": \"a\", \"description\": \"2\"},\n"
                       "{\"profile\": true, \"name\": \"a\", \"transport\": \"udp\"}]}");
    static const char more[] = HEAD
        "{\"profile\": true, \"name\": \"A\", \"transport\": \"tcp\", \"description\": \"3\"}]}";
    struct sds_profile_iter iter;
    size_t n = 0;

    (void)state;
    assert_string_equal(find(&loaded, "a", SDS_TRANSPORT_TCP)->description, "2");
    assert_null(find(&loaded, "a", SDS_TRANSPORT_UDP)->description);
    assert_int_equal(
        sds_registry_load_bytes(loaded.registry, "more", more, sizeof(more) - 1, NULL, NULL), 0);
    assert_string_equal(find(&loaded, "a", SDS_TRANSPORT_TCP)->description, "3");
    assert_null(find(&loaded, "a", SDS_TRANSPORT_UDP)->description);
    iter = sds_profile_all(loaded.registry);
    while (sds_profile_next(&iter))
        n++;
    assert_int_equal(n, 4);
    unload(&loaded);
}

static void a_faulty_profile_is_said_where_it_stands(void **state)
{
    static const struct {
        const char *members, *message;
        size_t column;
    } vectors[] = {
        {"", "a profile has either \"name\" or \"names\"", 1},
        {", \"name\": \"a\", \"names\": [\"b\"]", "a profile has either \"name\" or \"names\"", 1},
        {", \"name\": \"a\", \"transport\": 1", "not a transport protocol", 45},
        {", \"name\": \"a\", \"source\": [{}]", "a source without \"cite\" or \"backs\"", 43},
        {", \"name\": \"a\", \"source\": {}", "not an array", 42},
        {", \"name\": \"a\", \"subtypes\": [{}]", "a subtype without \"regex\"", 45},
        {", \"name\": \"a\", \"instance_form\": {\"regex\": \"a\"}",
         "an instance form without \"regex\" or \"about\"", 49},
        {", \"name\": \"a\", \"instance_form\": {\"regex\": \"[\"}",
         "missing terminating ] for character class", 59},
        {", \"name\": \"a\", \"examples\": [{\"hex\": [\"0\"]}]", "not pairs of hex digits", 45},
        {", \"name\": \"a\", \"examples\": [3]", "not an object", 45},
        {", \"name\": \"a\", \"txt\": {\"keys\": [{\"key\": \"k\", \"required\": 1}]}",
         "neither true nor false", 74},
        {", \"name\": \"a\", \"txt\": {\"keys\": [{\"key\": \"k\", \"where\": {\"key\": \"l\"}}]}",
         "a condition without \"key\" or \"regex\"", 71},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        char text[1024];
        struct loaded loaded;

        snprintf(text, sizeof(text), HEAD "{\"profile\": true%s},\n{\"name\": \"z\"}]}",
                 vectors[i].members);
        loaded = load_text(text);
        assert_leaves_out(&loaded, 1, 2, vectors[i].message);
        assert_int_equal(loaded.column, vectors[i].column);
        assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_profiles, 0);
        unload(&loaded);
    }
}

static void strings_and_families_have_their_limits(void **state)
{
    char text[1024], string[258], *at = text;
    struct loaded loaded;

    (void)state;
    memset(string, 'x', sizeof(string) - 1);
    string[sizeof(string) - 1] = '\0';
    for (size_t len = 255; len < 257; len++) {
        snprintf(text, sizeof(text),
                 HEAD
                 "{\"profile\": true, \"name\": \"a\", \"examples\": [{\"txt\": [\"%.*s\"]}]}]}",
                 (int)len, string);
        loaded = load_text(text);
        assert_int_equal(loaded.result, len > 255 ? -EINVAL : 0);
        unload(&loaded);
    }
    at += sprintf(at, HEAD "{\"profile\": true, \"names\": [\"a\"");
    for (int i = 0; i < 32; i++)
        at += sprintf(at, ", \"a%d\"", i);
    sprintf(at, "]}]}");
    loaded = load_text(text);
    assert_int_equal(loaded.result, -EINVAL);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_has_all_its_parts),
        cmocka_unit_test(the_last_profile_that_fits_serves),
        cmocka_unit_test(a_faulty_profile_is_said_where_it_stands),
        cmocka_unit_test(strings_and_families_have_their_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
