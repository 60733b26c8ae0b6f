/* SPDX-License-Identifier: MIT */

/* Against IANA's own files, which are no part of the project: skipped where they are missing. */
#include "registry_fixture.h"

#include <jansson.h>

#include "base/arena.h"
#include "registry/json.h"

static struct loaded load_shared(const char *name)
{
    struct loaded loaded = {0};
    char path[4096];

    if (!shared_path(name, path, sizeof(path)))
        skip();
    loaded.registry = sds_registry_new();
    loaded.result = sds_registry_load(loaded.registry, path, keep_message, &loaded);
    assert_int_equal(loaded.result, 0);
    assert_int_equal(loaded.n_messages, 0);
    return loaded;
}

static json_t *load_labels(const char *name)
{
    char path[4096];
    json_error_t error;
    json_t *labels;

    if (!shared_path(name, path, sizeof(path)))
        skip();
    labels = json_load_file(path, 0, &error);
    assert_non_null(labels);
    return labels;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void the_excerpt_is_exact(void **state)
{
    struct loaded loaded = load_shared("iana-excerpt.txt");
    json_t *labels = load_labels("iana-excerpt-rows.json"), *label;
    size_t i;

    (void)state;
    assert_int_equal(n_rows(&loaded), json_array_size(labels));
    json_array_foreach(labels, i, label)
    {
        const struct sds_record *row = row_at(&loaded, i);
        const json_t *txt = json_object_get(label, "txt");
        json_t *decl = sds_txt_decl_to_json(&row->txt);

        assert_text(row->name, text_of(label, "name"));
        assert_text(row->transport, text_of(label, "transport"));
        assert_text(row->port, text_of(label, "port"));
        assert_text(row->description, text_of(label, "description"));
        assert_text(row->assignee, text_of(label, "assignee"));
        assert_text(row->contact, text_of(label, "contact"));
        assert_text(row->registered, text_of(label, "registered"));
        assert_text(row->modified, text_of(label, "modified"));
        assert_text(row->n_references ? row->references[0] : NULL, text_of(label, "reference"));
        assert_text(row->notes ? row->notes : "", text_of(txt, "note"));
        assert_text(sds_record_status_name(row->status), text_of(label, "status"));
        assert_text(text_of(decl, "kind"), text_of(txt, "kind"));
        assert_true(json_equal(json_object_get(decl, "keys"), json_object_get(txt, "keys")));
        json_decref(decl);
    }
    json_decref(labels);
    unload(&loaded);
}

/* How many contacts of a file say what. */
struct people_counts {
    size_t n, n_names, n_organizations, n_both, n_uris, n_updated;
};

static struct people_counts count_people(const struct loaded *loaded)
{
    struct people_counts counts = {.n = sds_registry_table_at(loaded->registry, 0).n_people};

    for (size_t i = 0; i < counts.n; i++) {
        const struct sds_person *person = sds_registry_person_at(loaded->registry, 0, i);

        assert_ptr_equal(sds_registry_find_person(loaded->registry, span(person->id)), person);
        counts.n_names += person->name != NULL;
        counts.n_organizations += person->organization != NULL;
        counts.n_both += person->name && person->organization;
        counts.n_uris += person->uri != NULL;
        counts.n_updated += person->updated != NULL;
    }
    return counts;
}

static void the_contacts_of_the_excerpt_are_exact(void **state)
{
    static const struct sds_person some[] = {
        {"", NULL, NULL, "mailto:juan.guerrero&", "2015-06-30"},
        {"Andreas_Alptun", "Andreas Alptun", NULL, "mailto:info&", NULL},
        {"Canon_Inc_2", "Canon Inc", NULL, "mailto:fujii.ken-ichi149&", "2017-04-17"},
        {"Gobby_0x539", "0x539 dev group", NULL, NULL, NULL},
        {"IDEAQUEST_Inc.", "IDEAQUEST Inc.", NULL, "mailto:engineering&", "2016-12-12"},
        {"IMS_merilni_sistemi", "IMS merilni sistemi d.o.o.", NULL, "mailto:info&", "2012-08-24"},
        {"Jean-Charles_Boude", "Jean-Charles Boude", "Gangsta Ltd.", "mailto:jc&", "2011-10-17"},
        {"Martin_Wehlou", "J. Martin Wehlou", "Man In The Middle AB", "mailto:martin&",
         "2011-10-18"},
        {"Stephen_kiwin_PALM", "Stephen [kiwin] PALM", NULL, "mailto:iana&", "2015-06-30"},
        {"Tom_Wagner", "Tom Wagner", "iroïd", "mailto:tom&", "2016-04-22"},
        {"iOS_Software", "iOS Software", NULL, "mailto:ios&", NULL},
    };
    struct loaded loaded = load_shared("iana-excerpt.txt");
    struct people_counts counts = count_people(&loaded);

    (void)state;
    for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
        assert_person(sds_registry_find_person(loaded.registry, span(some[i].id)), &some[i]);
    assert_int_equal(counts.n, 101);
    assert_int_equal(counts.n_names, 100);
    assert_int_equal(counts.n_organizations, 17);
    assert_int_equal(counts.n_both, 17);
    assert_int_equal(counts.n_uris, 100);
    assert_int_equal(counts.n_updated, 50);
    unload(&loaded);
}

static struct loaded load_builtin(void)
{
    struct loaded builtin = {.registry = sds_registry_new()};

    assert_int_equal(sds_registry_add_builtin(builtin.registry), 0);
    return builtin;
}

/* registry/iana.json is IANA's file without its prose, byte for byte. */
static void the_builtin_facts_are_exported_from_iana(void **state)
{
    struct loaded excerpt = load_shared("iana-excerpt.txt");
    struct loaded xml = load_shared("iana-2026-08-17.xml");
    char *exported = NULL, *kept = NULL;
    size_t exported_len, kept_len = 0;
    FILE *out = open_memstream(&exported, &exported_len);
    FILE *file = fopen(SDS_REGISTRY, "re");

    (void)state;
    assert_int_equal(sds_registry_export_facts(xml.registry, excerpt.registry, out), 0);
    fclose(out);
    assert_non_null(file);
    assert_true(getdelim(&kept, &kept_len, '\0', file) > 0);
    fclose(file);
    assert_true(strcmp(exported, kept) == 0); /* too long to be printed */
    free(kept);
    free(exported);
    unload(&xml);
    unload(&excerpt);
}

/* The persons of the excerpt are told, though some have changed since; declarations have not. */
static void the_builtin_table_holds_the_excerpt(void **state)
{
    struct loaded excerpt = load_shared("iana-excerpt.txt"), builtin = load_builtin();
    size_t n = n_rows(&excerpt);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        const struct sds_record *row = row_at(&excerpt, i), *found;
        struct sds_record_iter iter = sds_registry_find(builtin.registry, span(row->name));

        do {
            found = sds_record_next(&iter);
            assert_non_null(found);
        } while (row->transport != found->transport &&
                 (!row->transport || !found->transport ||
                  strcmp(row->transport, found->transport) != 0));
        assert_true(found->assignee || !row->assignee || !*row->assignee);
        assert_int_equal(found->status, row->status);
        if (found->modified && !row->modified)
            continue; /* since the excerpt was made */
        assert_int_equal(found->txt.kind, row->txt.kind);
        assert_int_equal(found->txt.n_keys, row->txt.n_keys);
    }
    unload(&builtin);
    unload(&excerpt);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void the_xml_is_whole(void **state)
{
    struct loaded loaded = load_shared("iana-2026-08-17.xml");
    struct sds_record_iter iter = sds_registry_all(loaded.registry);
    size_t n = n_rows(&loaded), n_named = 0, n_names = 0, n_aliases = 0, n_unauthorized = 0;
    const char **names = calloc(n, sizeof(*names));
    const struct sds_record *row;

    (void)state;
    assert_non_null(names);
    while ((row = sds_record_next(&iter))) {
        if (row->name)
            names[n_named++] = row->name;
        n_aliases += row->notes && strstr(row->notes, "is an alias to");
        n_unauthorized += row->unauthorized != NULL;
    }
    qsort(names, n_named, sizeof(*names), compare_names);
    for (size_t i = 0; i < n_named; i++)
        n_names += i == 0 || strcmp(names[i], names[i - 1]) != 0;
    assert_int_equal(n, 14533);
    assert_int_equal(n_named, 12809);
    assert_int_equal(n_names, 7327);
    assert_int_equal(n_aliases, 184);
    assert_int_equal(n_unauthorized, 112);
    assert_text(sds_registry_table_at(loaded.registry, 0).updated, "2026-08-17");
    free(names);
    unload(&loaded);
}

static void the_xml_has_its_persons(void **state)
{
    struct loaded loaded = load_shared("iana-2026-08-17.xml");
    struct people_counts counts = count_people(&loaded);

    (void)state;
    assert_int_equal(counts.n, 5615);
    assert_int_equal(counts.n_names, 4928);
    assert_int_equal(counts.n_organizations, 1157);
    assert_int_equal(counts.n_both, 482);
    assert_int_equal(counts.n_uris, 5563);
    assert_int_equal(counts.n_updated, 3076);
    unload(&loaded);
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool is_pair(const struct sds_record *a, const struct sds_record *b)
{
    return is_same(a->name, b->name) && is_same(a->transport, b->transport);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct sds_record *x = *(const struct sds_record *const *)a;
    const struct sds_record *y = *(const struct sds_record *const *)b;
    int order = strcmp(x->name, y->name);

    return order ? order
                 : strcmp(x->transport ? x->transport : "", y->transport ? y->transport : "");
}

/* The named rows, those of a name and transport together; the caller frees them. */
static const struct sds_record **sort_pairs(const struct sds_registry *registry, size_t *n)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record **rows = calloc(20000, sizeof(*rows)), *row;

    assert_non_null(rows);
    for (*n = 0; *n < 20000 && (row = sds_record_next(&iter));)
        if (row->name)
            rows[(*n)++] = row;
    qsort(rows, *n, sizeof(*rows), compare_pairs);
    return rows;
}

/* No row hides another of its name and transport, nor the note that only one of them carries. */
static void rows_of_a_pair_are_all_kept(void **state)
{
    struct loaded loaded = load_shared("iana-2026-08-17.xml");
    size_t n, n_repeated = 0, n_one_note = 0;
    const struct sds_record **rows = sort_pairs(loaded.registry, &n);

    (void)state;
    for (size_t i = 0, end; i < n; i = end) {
        size_t n_notes = 0;

        for (end = i; end < n && is_pair(rows[i], rows[end]); end++)
            n_notes += rows[end]->notes != NULL;
        n_repeated += end - i > 1;
        n_one_note += end - i > 1 && n_notes == 1;
    }
    assert_int_equal(n_repeated, 69);
    assert_int_equal(n_one_note, 8);
    free(rows);
    unload(&loaded);
}

/* Names that declare keys on a row without a transport, beside rows with one. */
static void notes_of_rows_without_transport_count(void **state)
{
    struct loaded loaded = load_shared("iana-2026-08-17.xml");
    size_t n, n_names = 0;
    const struct sds_record **rows = sort_pairs(loaded.registry, &n);

    (void)state;
    for (size_t i = 0, end; i < n; i = end) {
        bool on_bare = false, has_other = false;

        for (end = i; end < n && is_same(rows[i]->name, rows[end]->name); end++) {
            has_other |= rows[end]->transport != NULL;
            on_bare |= !rows[end]->transport && rows[end]->txt.kind != SDS_TXT_UNSPECIFIED;
        }
        n_names += has_other && on_bare;
    }
    assert_int_equal(n_names, 9);
    free(rows);
    unload(&loaded);
}

static void the_xml_has_ranges_and_codes(void **state)
{
    struct loaded loaded = load_shared("iana-2026-08-17.xml");
    struct sds_record_iter iter = sds_registry_all(loaded.registry);
    size_t n_ranges = 0, n_sctp = 0, n_dccp = 0, n_codes = 0;
    const struct sds_record *row;

    (void)state;
    while ((row = sds_record_next(&iter))) {
        n_ranges += row->port && strchr(row->port, '-');
        n_sctp += is_same(row->transport, "sctp");
        n_dccp += is_same(row->transport, "dccp");
        n_codes += row->service_code != NULL;
    }
    assert_int_equal(n_ranges, 766);
    assert_int_equal(n_sctp, 93);
    assert_int_equal(n_dccp, 11);
    assert_int_equal(n_codes, 4);
    unload(&loaded);
}

static void those_in_use_are_active(void **state)
{
    static const char *const names[] = {"vcmp", "easl",        "jmap",
                                        "msp",  "pcmk-remote", "origo-native"};
    struct loaded loaded = load_shared("iana-2026-08-17.xml");

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct sds_record_iter iter = sds_registry_find(loaded.registry, span(names[i]));
        const struct sds_record *row;
        bool is_active = false;

        while ((row = sds_record_next(&iter)))
            is_active |= row->status == SDS_RECORD_ACTIVE;
        assert_true(is_active);
    }
    unload(&loaded);
}

/* The row of the same name, transport and port; NULL where there is none. */
static const struct sds_record *find_like(const struct sds_registry *registry,
                                          const struct sds_record *row)
{
    struct sds_record_iter iter = sds_registry_find(registry, span(row->name));
    const struct sds_record *found;

    while ((found = sds_record_next(&iter)))
        if (is_same(found->transport, row->transport) && is_same(found->port, row->port) &&
            is_same(found->modified, row->modified))
            return found;
    return NULL;
}

/* Two years lie between the files: all but a few rows are as they were. */
static void xml_and_csv_agree(void **state)
{
    struct loaded xml = load_shared("iana-2026-08-17.xml"), csv = load_shared("iana-2024.csv");
    struct sds_record_iter iter = sds_registry_all(csv.registry);
    size_t n_found = 0, n_same = 0;
    const struct sds_record *row;

    (void)state;
    while ((row = sds_record_next(&iter))) {
        const struct sds_record *found = row->name ? find_like(xml.registry, row) : NULL;

        n_found += found != NULL;
        n_same += found && is_same(found->description, row->description) &&
                  is_same(found->assignee, row->assignee) &&
                  is_same(found->contact, row->contact) &&
                  is_same(found->registered, row->registered) &&
                  found->n_references == row->n_references && found->status == row->status &&
                  found->txt.kind == row->txt.kind && found->txt.n_keys == row->txt.n_keys;
    }
    assert_true(n_found > 12600);
    assert_true(n_found - n_same < 20);
    unload(&xml);
    unload(&csv);
}

/* Eleven years lie between the files; what has a date of modification in both has not changed. */
static void text_and_csv_agree(void **state)
{
    struct loaded text = load_shared("iana-2013.txt"), csv = load_shared("iana-2024.csv");
    struct sds_record_iter iter = sds_registry_all(text.registry);
    size_t n_found = 0, n_described = 0, n_declared = 0, n_contacts = 0;
    const struct sds_record *row;

    (void)state;
    assert_int_equal(n_rows(&text), 13312);
    assert_text(sds_registry_table_at(text.registry, 0).updated, "2013-06-26");
    while ((row = sds_record_next(&iter))) {
        const struct sds_record *found = row->name ? find_like(csv.registry, row) : NULL;

        if (!found)
            continue;
        n_found++;
        n_described += is_same(found->description, row->description);
        n_contacts += is_same(found->contact, row->contact);
        n_declared += found->txt.kind == row->txt.kind && found->txt.n_keys == row->txt.n_keys;
    }
    assert_int_equal(n_found, 11702);
    assert_true(n_found - n_described < 50);
    assert_true(n_found - n_contacts < 50);
    assert_true(n_found - n_declared < 10);
    unload(&text);
    unload(&csv);
}

/* At least 98 of 100 labelled notes have exactly their keys, in their kind. */
static void notes_are_read_as_labelled(void **state)
{
    char path[4096], *line = NULL;
    size_t size = 0, n = 0, n_exact = 0;
    FILE *file;

    (void)state;
    if (!shared_path("txt-notes-labelled.jsonl", path, sizeof(path)))
        skip();
    file = fopen(path, "re");
    assert_non_null(file);
    while (getline(&line, &size, file) > 0) {
        struct sds_arena arena = {0};
        struct sds_txt_decl decl;
        json_t *label = json_loads(line, 0, NULL);
        const json_t *keys = json_object_get(label, "keys");
        bool is_exact;

        assert_non_null(label);
        assert_int_equal(sds_notes_read(&arena, text_of(label, "note"), &decl), 0);
        is_exact = decl.n_keys == json_array_size(keys) &&
                   !strcmp(sds_txt_kind_name(decl.kind), text_of(label, "kind"));
        for (size_t i = 0; is_exact && i < decl.n_keys; i++)
            is_exact = !strcmp(decl.keys[i].key, json_string_value(json_array_get(keys, i)));
        if (!json_is_true(json_object_get(label, "ambiguous"))) {
            n++;
            n_exact += is_exact;
        }
        json_decref(label);
        sds_arena_done(&arena);
    }
    free(line);
    fclose(file);
    assert_true(n_exact * 100 >= n * 98);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_excerpt_is_exact),
        cmocka_unit_test(the_contacts_of_the_excerpt_are_exact),
        cmocka_unit_test(the_builtin_facts_are_exported_from_iana),
        cmocka_unit_test(the_builtin_table_holds_the_excerpt),
        cmocka_unit_test(the_xml_is_whole),
        cmocka_unit_test(the_xml_has_its_persons),
        cmocka_unit_test(the_xml_has_ranges_and_codes),
        cmocka_unit_test(rows_of_a_pair_are_all_kept),
        cmocka_unit_test(notes_of_rows_without_transport_count),
        cmocka_unit_test(those_in_use_are_active),
        cmocka_unit_test(xml_and_csv_agree),
        cmocka_unit_test(text_and_csv_agree),
        cmocka_unit_test(notes_are_read_as_labelled),
    };
    char path[4096];

    if (!shared_path("iana-2026-08-17.xml", path, sizeof(path))) {
        puts("1..0 # SKIP IANA's files are not there"); /* cmocka words a skip as a failure */
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
