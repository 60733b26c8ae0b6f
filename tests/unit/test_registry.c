/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"
#include "registry/table.h"

static const char merging[] =
    "{\"sdscope_registry\": 1, \"records\": ["
    "{\"name\": \"walnut\", \"transport\": \"tcp\", \"ports\": [\"7001\", \"7005-7007\"]},"
    "{\"name\": \"Apple-Pie\"},"
    "{\"name\": \"walnut\", \"transport\": \"udp\", \"description\": \"second\"},"
    "{\"ports\": [\"7002\"], \"description\": \"Reserved\", \"status\": \"reserved\"},"
    "{\"name\": \"walnuts\"}"
    "]}";

static size_t count(const struct sds_registry *registry, const char *name)
{
    struct sds_record_iter iter = sds_registry_find(registry, span(name));
    size_t n = 0;

    for (const struct sds_record *row; (row = sds_record_next(&iter)); n++)
        assert_non_null(row->name);
    return n;
}

static void finds_all_rows_of_a_name(void **state)
{
    struct loaded loaded = load_text(merging);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 6);
    assert_int_equal(count(loaded.registry, "walnut"), 3);
    assert_int_equal(count(loaded.registry, "WALNUT"), 3);
    assert_int_equal(count(loaded.registry, "walnuts"), 1);
    assert_int_equal(count(loaded.registry, "apple-pie"), 1);
    assert_int_equal(count(loaded.registry, "walnu"), 0);
    assert_int_equal(count(loaded.registry, ""), 0);
    assert_int_equal(count(loaded.registry, "zzz"), 0);
    unload(&loaded);
}

static void finds_over_all_tables(void **state)
{
    struct loaded loaded = load_text(merging);
    struct sds_registry_table table;

    (void)state;
    assert_int_equal(
        sds_registry_load_bytes(loaded.registry, "again", merging, sizeof(merging) - 1, NULL, NULL),
        0);
    assert_int_equal(sds_registry_add_builtin(loaded.registry), 0);
    assert_int_equal(count(loaded.registry, "walnut"), 6);
    assert_int_equal(sds_registry_n_tables(loaded.registry), 3);
    table = sds_registry_table_at(loaded.registry, 1);
    assert_string_equal(table.origin, "again");
    assert_int_equal(table.n_records, 6);
    unload(&loaded);
}

/* Names of the records of a port, or descriptions: "walnut Reserved". */
static const char *rows_of_port(const struct sds_registry *registry, unsigned port)
{
    static char text[256];
    struct sds_port_iter iter;
    size_t len = 0;

    *text = '\0';
    assert_int_equal(sds_registry_find_port(registry, port, &iter), 0);
    for (const struct sds_record *row; (row = sds_port_next(&iter));)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? " " : "",
                                row->name ? row->name : row->description);
    return text;
}

static void finds_rows_by_their_ports(void **state)
{
    static const char more[] = "{\"sdscope_registry\": 1, \"records\": ["
                               "{\"name\": \"all\", \"ports\": [\"7000-65535\"]},"
                               "{\"name\": \"pecan\", \"ports\": [\"7006\"]}]}";
    struct loaded loaded = load_text(merging);
    static const struct {
        unsigned port;
        const char *before, *after; /* the second table is there */
    } ports[] = {
        {0, "", ""},
        {6999, "", ""},
        {7000, "", "all"},
        {7001, "walnut", "all walnut"},
        {7002, "Reserved", "all Reserved"},
        {7004, "", "all"},
        {7005, "walnut", "all walnut"},
        {7006, "walnut", "all walnut pecan"},
        {7007, "walnut", "all walnut"},
        {7008, "", "all"},
        {65535, "", "all"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ports); i++)
        assert_string_equal(rows_of_port(loaded.registry, ports[i].port), ports[i].before);
    assert_int_equal(
        sds_registry_load_bytes(loaded.registry, "more", more, sizeof(more) - 1, NULL, NULL), 0);
    for (size_t i = 0; i < SDS_COUNT(ports); i++)
        assert_string_equal(rows_of_port(loaded.registry, ports[i].port), ports[i].after);
    unload(&loaded);
}

/* By the index and by looking at each: the same. */
static void the_builtin_table_has_its_ports(void **state)
{
    static size_t n_expected[UINT16_MAX + 1];
    struct sds_registry *registry = sds_registry_new();
    struct sds_record_iter all;

    (void)state;
    assert_int_equal(sds_registry_add_builtin(registry), 0);
    all = sds_registry_all(registry);
    for (const struct sds_record *row; (row = sds_record_next(&all));)
        if (row->port && !strchr(row->port, '-'))
            n_expected[strtoul(row->port, NULL, 10)]++;
    for (unsigned port = 0; port <= UINT16_MAX; port++) {
        struct sds_port_iter iter;
        size_t n = 0;

        assert_int_equal(sds_registry_find_port(registry, port, &iter), 0);
        for (const struct sds_record *row; (row = sds_port_next(&iter));) {
            assert_true(sds_ports_cover(row->port, port));
            n += !strchr(row->port, '-');
        }
        assert_int_equal(n, n_expected[port]);
    }
    sds_registry_free(registry);
}

/* A row that only records a use: by its notes, or by the mark that facts have in their place. */
static void an_unassigned_use_is_marked(void **state)
{
    static const char text[] =
        "{\"sdscope_registry\": 1, \"records\": [{\"name\": \"squat\", \"notes\":"
        " \"This entry records an Unassigned but widespread use (added 2011)\"},"
        "{\"name\": \"ours\", \"notes\": \"unassigned\"}, {\"name\": \"two\", \"unassigned\": "
        "true}]}";
    struct loaded loaded = load_text(text);
    struct sds_registry *builtin = sds_registry_new();
    struct sds_record_iter iter;

    (void)state;
    assert_true(row_at(&loaded, 0)->is_unassigned);
    assert_false(row_at(&loaded, 1)->is_unassigned);
    assert_true(row_at(&loaded, 2)->is_unassigned);
    unload(&loaded);
    assert_int_equal(sds_registry_add_builtin(builtin), 0);
    iter = sds_registry_find(builtin, span("mshnet"));
    assert_true(sds_record_next(&iter)->is_unassigned);
    iter = sds_registry_find(builtin, span("ipp"));
    assert_false(sds_record_next(&iter)->is_unassigned);
    sds_registry_free(builtin);
}

static void finds_persons_over_all_tables(void **state)
{
    static const char head[] = "Service Name Port Number Transport Protocol Description\na Row\n"
                               "ID Name Organization Contact URI\n";
    char first[256], second[256];
    const char *list = "Ann, , Bob";
    struct loaded loaded;
    struct sds_span id;

    (void)state;
    snprintf(first, sizeof(first), "%s[Bob] Bob\n[Ann] Ann\n[Ann] Other Ann\n", head);
    snprintf(second, sizeof(second), "%s[] Nobody\n[Ann] Ann too\n[Anna] Anna\n", head);
    loaded = load_text(first);
    assert_int_equal(sds_registry_load_bytes(loaded.registry, "second", second, strlen(second),
                                             keep_message, &loaded),
                     0);
    assert_int_equal(loaded.n_messages, 0);
    assert_string_equal(sds_registry_person_at(loaded.registry, 0, 0)->name, "Bob");
    assert_string_equal(sds_registry_find_person(loaded.registry, span("Anna"))->name, "Anna");
    assert_null(sds_registry_find_person(loaded.registry, span("An")));
    assert_null(sds_registry_find_person(loaded.registry, span("ann")));
    assert_true(sds_person_id_take(&list, &id));
    assert_string_equal(sds_registry_find_person(loaded.registry, id)->name, "Ann");
    assert_true(sds_person_id_take(&list, &id));
    assert_string_equal(sds_registry_find_person(loaded.registry, id)->name, "Nobody");
    assert_true(sds_person_id_take(&list, &id));
    assert_string_equal(sds_registry_find_person(loaded.registry, id)->name, "Bob");
    assert_false(sds_person_id_take(&list, &id));
    unload(&loaded);
}

static void an_empty_registry_has_no_rows(void **state)
{
    struct loaded loaded = {.registry = sds_registry_new()};

    (void)state;
    assert_int_equal(n_rows(&loaded), 0);
    assert_int_equal(count(loaded.registry, "http"), 0);
    assert_null(sds_registry_free(NULL));
    unload(&loaded);
}

static void the_builtin_table_is_sorted(void **state)
{
    struct loaded loaded = {.registry = sds_registry_new()};
    struct sds_record_iter iter;
    const struct sds_record *row;

    (void)state;
    assert_int_equal(sds_registry_add_builtin(loaded.registry), 0);
    assert_string_equal(sds_registry_table_at(loaded.registry, 0).origin, "builtin");
    iter = sds_registry_all(loaded.registry);
    while ((row = sds_record_next(&iter)))
        if (row->name)
            assert_true(count(loaded.registry, row->name) > 0);
    unload(&loaded);
}

static void a_row_fits_the_label_of_its_transport(void **state)
{
    static const struct {
        const char *transport;
        bool tcp, udp;
    } vectors[] = {
        {NULL, true, true},    {"tcp", true, false},  {"udp", false, true},
        {"sctp", false, true}, {"dccp", false, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_record row = {.transport = vectors[i].transport};

        assert_int_equal(sds_record_fits(&row, SDS_TRANSPORT_TCP), vectors[i].tcp);
        assert_int_equal(sds_record_fits(&row, SDS_TRANSPORT_UDP), vectors[i].udp);
        assert_false(sds_record_fits(&row, SDS_TRANSPORT_OTHER));
    }
}

static void a_numbered_key_matches_any_number(void **state)
{
    static const struct {
        const char *declared, *numbering, *key;
        bool matches;
    } vectors[] = {
        {"path", NULL, "path", true}, {"path", NULL, "PATH", true}, {"path", NULL, "paths", false},
        {"path", NULL, "", false},    {"rx", "r<n>", "r17", true},  {"rx", "r<n>", "R1", true},
        {"rx", "r<n>", "rx", true},   {"rx", "r<n>", "r", false},   {"rx", "r<n>", "r1x", false},
        {"rx", "r<n>", "ry", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_txt_key declared = {.key = vectors[i].declared,
                                       .form = {.numbering = vectors[i].numbering}};

        assert_int_equal(sds_txt_key_matches(&declared, span(vectors[i].key)), vectors[i].matches);
    }
}

static void words_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_FORM__COUNT; i++)
        assert_int_equal(sds_form_type_from_name(sds_form_type_name((enum sds_form_type)i)), i);
    for (int i = 0; i < SDS_TXT__COUNT; i++)
        assert_int_equal(sds_txt_kind_from_name(sds_txt_kind_name((enum sds_txt_kind)i)), i);
    for (int i = 0; i < SDS_RECORD__COUNT; i++)
        assert_int_equal(
            sds_record_status_from_name(sds_record_status_name((enum sds_record_status)i)), i);
    assert_null(sds_form_type_name(SDS_FORM__COUNT));
    assert_null(sds_txt_kind_name(SDS_TXT__COUNT));
    assert_null(sds_record_status_name(SDS_RECORD__COUNT));
    assert_null(sds_form_type_name((enum sds_form_type) - 1));
    assert_int_equal(sds_form_type_from_name("nothing"), -1);
    assert_int_equal(sds_txt_kind_from_name(""), -1);
    assert_int_equal(sds_record_status_from_name("Active"), -1);
}

static int export_to(const struct sds_registry *registry, bool facts, FILE *out)
{
    return facts ? sds_registry_export_facts(registry, registry, out)
                 : sds_registry_export(registry, out, SDS_EXPORT_NONE);
}

/* Export, load that, and export again: nothing may be lost on the way. */
static void assert_comes_back(const struct sds_registry *registry, bool facts)
{
    struct loaded again;
    char *first = NULL, *second = NULL;
    size_t first_len, second_len;
    FILE *out = open_memstream(&first, &first_len);

    assert_int_equal(export_to(registry, facts, out), 0);
    fclose(out);
    again = load_bytes(first, first_len);
    assert_int_equal(again.result, 0);
    assert_int_equal(again.n_messages, 0);
    out = open_memstream(&second, &second_len);
    assert_int_equal(export_to(again.registry, facts, out), 0);
    fclose(out);
    assert_string_equal(first, second);
    free(first);
    free(second);
    unload(&again);
}

static void what_is_exported_loads_again(void **state)
{
    static const char rich[] =
        "{\"sdscope_registry\": 1, \"title\": \"t\", \"updated\": \"2020-01-02\", \"records\": ["
        "{\"name\": \"rich\", \"ports\": [\"1\"], \"reference\": [\"RFC1\", \"x\"], \"notes\": "
        "\"n\","
        " \"unauthorized\": true, \"status\": \"alias\", \"alias_of\": \"poor\", \"txt\": {"
        "\"kind\": \"keys\", \"open\": true, \"keys\": ["
        "{\"key\": \"a\", \"form\": {\"type\": \"int\", \"min\": -2, \"max\": 9, \"optional\": "
        "true}},"
        "{\"key\": \"b\", \"form\": {\"type\": \"list\", \"sep\": \",\", \"of\": {\"type\": "
        "\"enum\","
        " \"values\": [\"x\", \"y\"]}}},"
        "{\"key\": \"c\", \"form\": {\"type\": \"url\", \"relative\": \"either\", \"schemes\": "
        "[\"http\"]}},"
        "{\"key\": \"d\", \"form\": {\"type\": \"text\", \"strength\": \"stated\", \"chars\": "
        "{\"base\": \"numeric\", \"extra\": \"+\"}, \"may_be_empty\": true, \"optional\": false}},"
        "{\"key\": \"e\", \"form\": {\"type\": \"hex\", \"digits\": 0, \"default\": \"\"}}]}}],"
        "\"people\": [{\"id\": \"Bo\", \"name\": \"Bo\", \"organization\": \"Ovens\", \"uri\": "
        "\"mailto:bo&\", \"updated\": \"2020-01\"}, {\"id\": \"\", \"name\": null}]}";
    static const struct sds_person bo = {"Bo", "Bo", "Ovens", "mailto:bo&", "2020-01"};
    struct loaded loaded = load_text(rich), again;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(row_at(&loaded, 0)->txt.n_keys, 5);
    assert_int_equal(row_at(&loaded, 0)->txt.keys[4].form.digits, 0);
    assert_string_equal(row_at(&loaded, 0)->unauthorized, "");
    assert_comes_back(loaded.registry, false);
    assert_comes_back(loaded.registry, true);
    assert_int_equal(sds_registry_export(loaded.registry, out, SDS_EXPORT_NONE), 0);
    fclose(out);
    again = load_text(text);
    assert_int_equal(sds_registry_table_at(again.registry, 0).n_people, 2);
    assert_person(sds_registry_person_at(again.registry, 0, 0), &bo);
    assert_string_equal(sds_registry_person_at(again.registry, 0, 1)->id, "");
    unload(&again);
    free(text);
    assert_int_equal(sds_registry_add_builtin(loaded.registry), 0);
    assert_comes_back(loaded.registry, true);
    unload(&loaded);
}

static void facts_hold_no_prose(void **state)
{
    static const char prose[] =
        "{\"sdscope_registry\": 1, \"records\": ["
        "{\"name\": \"b\", \"description\": \"This one is a sentence.\", \"notes\": \"NOTES\","
        " \"assignee\": \"PERSON\", \"contact\": \"PERSON\", \"unauthorized\": \"PROSE\"},"
        "{\"name\": \"c\", \"description\": \"gadget is a sentence\"},"
        "{\"name\": \"a\", \"description\": \"A Title\"}],"
        " \"people\": [{\"id\": \"PERSON\"}]}";
    struct loaded loaded = load_text(prose);
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(sds_registry_export(loaded.registry, out, SDS_EXPORT_FACTS), 0);
    fclose(out);
    assert_null(strstr(text, "sentence"));
    assert_null(strstr(text, "NOTES"));
    assert_null(strstr(text, "PERSON"));
    assert_null(strstr(text, "PROSE"));
    assert_non_null(strstr(text, "\"unauthorized\": true"));
    assert_true(strstr(text, "A Title") < strstr(text, "\"b\""));
    free(text);
    unload(&loaded);
}

/* Persons of the records of another registry stay: those of the same name and transport. */
static void facts_keep_the_persons_asked_for(void **state)
{
    struct loaded loaded = load_text(
        "{\"sdscope_registry\": 1, \"records\": ["
        "{\"name\": \"a\", \"transport\": \"tcp\", \"assignee\": \"one\", \"contact\": \"two\"},"
        "{\"name\": \"a\", \"transport\": \"udp\", \"assignee\": \"three\"},"
        "{\"name\": \"a\", \"assignee\": \"four\"}, {\"name\": \"b\", \"assignee\": \"five\"},"
        "{\"assignee\": \"six\"}]}");
    struct loaded known = load_text("{\"sdscope_registry\": 1, \"records\": ["
                                    "{\"name\": \"A\", \"transport\": \"tcp\"}, {\"name\": \"b\"},"
                                    "{\"ports\": [\"1\"]}]}");
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(sds_registry_export_facts(loaded.registry, known.registry, out), 0);
    fclose(out);
    assert_non_null(strstr(text, "\"one\""));
    assert_non_null(strstr(text, "\"two\""));
    assert_null(strstr(text, "\"three\""));
    assert_null(strstr(text, "\"four\""));
    assert_non_null(strstr(text, "\"five\""));
    assert_null(strstr(text, "\"six\""));
    free(text);
    unload(&known);
    unload(&loaded);
}

/* What is compiled in is what registry/iana.json says. */
static void the_builtin_table_is_whole(void **state)
{
    struct loaded builtin = {.registry = sds_registry_new()},
                  json = {.registry = sds_registry_new()};
    char *packed = NULL, *loaded = NULL;
    size_t packed_len, loaded_len;
    FILE *out = open_memstream(&packed, &packed_len);

    (void)state;
    assert_int_equal(sds_registry_add_builtin(builtin.registry), 0);
    assert_int_equal(sds_registry_export(builtin.registry, out, SDS_EXPORT_NONE), 0);
    fclose(out);
    assert_int_equal(sds_registry_load(json.registry, SDS_REGISTRY, keep_message, &json), 0);
    assert_int_equal(json.n_messages, 0);
    out = open_memstream(&loaded, &loaded_len);
    assert_int_equal(sds_registry_export(json.registry, out, SDS_EXPORT_NONE), 0);
    fclose(out);
    assert_true(strcmp(packed, loaded) == 0);
    free(loaded);
    free(packed);
    unload(&json);
    unload(&builtin);
}

static void a_full_disk_is_an_error(void **state)
{
    struct loaded loaded = load_text(merging);
    FILE *full = fopen("/dev/full", "we");

    (void)state;
    if (!full)
        skip();
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(sds_registry_export(loaded.registry, full, SDS_EXPORT_NONE), -EIO);
    fclose(full);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_all_rows_of_a_name),
        cmocka_unit_test(finds_over_all_tables),
        cmocka_unit_test(finds_rows_by_their_ports),
        cmocka_unit_test(the_builtin_table_has_its_ports),
        cmocka_unit_test(an_unassigned_use_is_marked),
        cmocka_unit_test(finds_persons_over_all_tables),
        cmocka_unit_test(an_empty_registry_has_no_rows),
        cmocka_unit_test(the_builtin_table_is_sorted),
        cmocka_unit_test(a_row_fits_the_label_of_its_transport),
        cmocka_unit_test(a_numbered_key_matches_any_number),
        cmocka_unit_test(words_come_back),
        cmocka_unit_test(what_is_exported_loads_again),
        cmocka_unit_test(facts_hold_no_prose),
        cmocka_unit_test(facts_keep_the_persons_asked_for),
        cmocka_unit_test(the_builtin_table_is_whole),
        cmocka_unit_test(a_full_disk_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
