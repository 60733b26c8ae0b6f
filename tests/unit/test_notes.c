/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include "base/arena.h"
#include "registry/table.h"

/* A declaration in short: "keys+ a b:version~ c:hex!", with + open, ~ implied, ! stated, ?
 * optional, and nothing behind a key whose form is any. */
static void summarise(const struct sds_txt_decl *decl, char *text, size_t size)
{
    FILE *out = fmemopen(text, size, "w");

    fprintf(out, "%s%s", sds_txt_kind_name(decl->kind), decl->open ? "+" : "");
    for (size_t i = 0; i < decl->n_keys; i++) {
        const struct sds_form *form = &decl->keys[i].form;

        fprintf(out, " %s", decl->keys[i].key);
        if (form->type != SDS_FORM_ANY)
            fprintf(out, ":%s", sds_form_type_name(form->type));
        fputs(form->strength == SDS_STRENGTH_STATED    ? "!"
              : form->strength == SDS_STRENGTH_IMPLIED ? "~"
                                                       : "",
              out);
        fputs(form->need == SDS_NEED_OPTIONAL   ? "?"
              : form->need == SDS_NEED_REQUIRED ? "*"
                                                : "",
              out);
    }
    fclose(out);
}

static const struct {
    const char *note, *summary;
} vectors[] = {
    /* kinds */
    {NULL, "unspecified"},
    {"", "unspecified"},
    {"Used by ovens since 2001.", "unspecified"},
    {"Defined TXT keys:", "unspecified"},
    {"Defined TXT keys: TBD", "unspecified"},
    {"Defined TXT keys: NONE", "none"},
    {"defined txt keys: None.", "none"},
    {"An oven.\n Defined\n  TXT keys: none so far", "none"},
    {"Defined TXT keys: There are no keys", "none"},
    {"Defined TXT keys: Proprietary", "proprietary"},
    {"Defined TXT keys: See https://oven.example/keys?a=b", "see-reference"},
    {"Defined TXT keys: http://oven.example/?a=b,c=d", "see-reference"},
    {"Defined TXT keys: [RFC1234], Section 3", "see-reference"},
    {"Defined TXT keys: oven-keys.pdf", "see-reference"},
    {"Defined TXT keys: per RFC 1234", "see-reference"},
    {"Defined TXT keys: Depends on what the oven is used for", "unspecified"},
    {"Defined TXT keys: _oven._tcp.local", "unspecified"},

    /* plain lists */
    {"Defined TXT keys: door", "keys door"},
    {"Defined TXT keys: door;", "keys door"},
    {"Defined TXT keys: door, heat,fan", "keys door heat fan"},
    {"Defined TXT keys: door, heat,\n   fan", "keys door heat fan"},
    {"Defined TXT keys: Door State, Oven ID", "keys Door State Oven ID"},
    {"Defined TXT keys: door heat fan", "keys door heat fan"},
    {"Defined TXT keys: door and heat", "keys door heat"},
    {"Defined TXT keys: door, h.", "keys door h"},
    {"Defined TXT keys: these are in use: door, heat", "keys door heat"},
    {"TXT record key: door", "keys door"},
    {"Defined TXT keys:\n  - door\n  - heat\n", "keys door heat"},
    {"Defined TXT keys: door, heat and others", "keys+ door heat"},
    {"Defined TXT keys: door + proprietary", "keys+ door"},
    {"Defined TXT keys: door (serial number), fw (firmware version))",
     "keys door:text fw:version~"},
    {"Defined TXT keys: s0, s1, ..., sn", "keys s0 s1 sn"},
    {"Defined TXT keys: door,heat - http://oven.example/", "keys door heat"},

    /* assignments */
    {"Defined TXT keys: door=<state> heat=<level>", "keys door:text heat:text"},
    {"Defined TXT keys: door=<state>, heat=<level>; fan", "keys door:text heat:text fan"},
    {"Defined TXT keys: Door State=<state>, Oven ID=<id>", "keys Door State:text Oven ID:text"},
    {"Defined TXT keys: txtvers=1 fw=<x.y>", "keys txtvers:const! fw:version!"},
    {"Defined TXT keys: txtvers door=<state>", "keys txtvers door:text"},
    {"Defined TXT keys: door=, heat", "keys door heat"},
    {"Defined TXT keys: txtvers = 1, door = the state of it", "keys txtvers:const! door:text"},
    {"Defined TXT keys: States (STATE): open, shut\n door=STATE\n all doors=STATE[;STATE]",
     "keys door:enum! all doors:list!"},
    {"Defined TXT keys: door=?", "keys door"},
    {"Defined TXT keys: door=<open|shut> the door", "keys door:enum!"},
    {"Defined TXT keys: door={'open','shut'}", "keys door:enum!"},
    {"Defined TXT keys: door=value (string)\n heat=value (8 hex digits)",
     "keys door:text! heat:hex!"},
    {"Defined TXT keys: door=<id> (optional) of the door\n heat=<id> (required)",
     "keys door:text? heat:text*"},
    {"Defined TXT keys: a. door=<id>\nb. heat=<id>", "keys door:text heat:text"},
    {"Defined TXT keys: door=<id>\n Example:\n door=front\n fan=on", "keys door:text"},
    {"Defined TXT keys: door=<id>, e.g. fan=on", "keys door:text"},
    {"Defined TXT keys: port= the port of the oven\n mode= one of \"hot\", \"cold\"",
     "keys port:int~ mode:enum!"},
    {"Defined TXT keys: None\n door=<id>", "keys door:text"},

    /* labels, tables, quotes */
    {"Defined TXT keys: <door>:state of it; <heat>:a version", "keys door:text heat:version~"},
    {"Defined TXT keys:\n\n door: State.\n\n heat: Absolute path.", "keys door:text heat:path!"},
    {"Defined TXT keys:\n  door    open | shut\n  heat    any IP address\n\nAll keys are optional.",
     "keys door:enum!? heat:host!?"},
    {"Defined TXT keys: a key \"door\" for the door, and key \"heat\" for heat",
     "keys door:text heat:text"},

    /* forms come from words, not from keys */
    {"Defined TXT keys: a=<MAC address> b=<BSSID>", "keys a:mac~ b:mac~"},
    {"Defined TXT keys: a=<UUID string> b=<oven guid>", "keys a:uuid! b:uuid~"},
    {"Defined TXT keys: a=<relative URL> b=<HTTP URL> c=<URIs>", "keys a:url! b:url! c:url!"},
    {"Defined TXT keys: a=<host name> b=<domain name>", "keys a:host~ b:host!"},
    {"Defined TXT keys: a=<port number> b=<controlPort>", "keys a:int! b:int~"},
    {"Defined TXT keys: a=<digit from 2-7> b=<number of doors>", "keys a:int! b:int~"},
    {"Defined TXT keys: a=</path/of/it> b=<path>", "keys a:path! b:path~"},
    {"Defined TXT keys: a=<comma-separated list of URLs>", "keys a:list!"},
    {"Defined TXT keys: a=<doorFlag> b=<true or false>", "keys a:bool~ b:enum!"},
    {"Defined TXT keys: a=<6 bytes>", "keys a:bytes!"},
    {"Defined TXT keys: a=<ON, OFF, AUTO> b=<maker, model, series>", "keys a:enum! b:text"},
    {"Defined TXT keys: a=<list of list of list of URLs>", "keys a:list!"},
    {"Defined TXT keys: a=<serial number> b=<port name> c=<model, e.g., with version>",
     "keys a:text b:text c:text"},
    {"Defined TXT keys: mac=<address> uuid=<key> version=<value> path=<name>",
     "keys mac:text uuid:text version:text path:text"},
};

static void reads_declarations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_arena arena = {0};
        struct sds_txt_decl decl;
        char summary[512] = "";

        assert_int_equal(sds_notes_read(&arena, vectors[i].note, &decl), 0);
        summarise(&decl, summary, sizeof(summary));
        if (strcmp(summary, vectors[i].summary) != 0)
            print_error("%s\n", vectors[i].note);
        assert_string_equal(summary, vectors[i].summary);
        sds_arena_done(&arena);
    }
}

static struct sds_form read_form(struct sds_arena *arena, const char *description)
{
    struct sds_txt_decl decl;
    char note[256];

    snprintf(note, sizeof(note), "Defined TXT keys: k=%s", description);
    assert_int_equal(sds_notes_read(arena, note, &decl), 0);
    assert_int_equal(decl.n_keys, 1);
    return decl.keys[0].form;
}

static void forms_have_members(void **state)
{
    struct sds_arena arena = {0};
    struct sds_form form = read_form(&arena, "<digit from 2-7>");

    (void)state;
    assert_true(form.has_range);
    assert_int_equal(form.min, 2);
    assert_int_equal(form.max, 7);
    assert_text(form.about, "digit from 2-7");
    form = read_form(&arena, "<TCP port #>");
    assert_int_equal(form.max, 65535);
    form = read_form(&arena, "<20hex characters>");
    assert_int_equal(form.digits, 20);
    form = read_form(&arena, "<16 bytes>");
    assert_int_equal(form.length, 16);
    form = read_form(&arena, "<x.yy>");
    assert_text(form.pattern, "x.yy");
    form = read_form(&arena, "?");
    assert_text(form.placeholder, "?");
    form = read_form(&arena, "'7'");
    assert_text(form.value, "7");
    form = read_form(&arena, "<relative or absolute URL>");
    assert_int_equal(form.relative, SDS_RELATIVE_EITHER);
    form = read_form(&arena, "<space separated list of paths or URLs> [the default is none]");
    assert_text(form.sep, " ");
    assert_non_null(form.of);
    form = read_form(&arena, "<hot | cold> [if absent the default is cold, as always]");
    assert_int_equal(form.n_values, 2);
    assert_text(form.values[1], "cold");
    assert_text(form.fallback, "cold");
    form = read_form(&arena, "<name> (alphanumeric, additionally '-', '_')");
    assert_text(form.chars, "alphanumeric");
    assert_text(form.extra_chars, "-_");
    form = read_form(&arena, "<two\n   lines>");
    assert_text(form.about, "two lines");
    sds_arena_done(&arena);
}

static void keys_are_numbered(void **state)
{
    struct sds_arena arena = {0};
    struct sds_txt_decl decl;

    (void)state;
    sds_notes_read(&arena, "Defined TXT keys: id, s0, s1, ..., rackX", &decl);
    assert_int_equal(decl.n_keys, 4);
    assert_text(decl.keys[0].form.numbering, NULL);
    assert_text(decl.keys[2].form.numbering, "s<n>");
    assert_text(decl.keys[3].form.numbering, "rack<n>");
    assert_true(sds_txt_key_matches(&decl.keys[1], span("s12")));
    assert_true(sds_txt_key_matches(&decl.keys[3], span("rack0")));
    assert_false(sds_txt_key_matches(&decl.keys[3], span("rackY")));
    sds_arena_done(&arena);
}

static void prose_tells_the_status(void **state)
{
    static const struct {
        const char *description, *notes;
        enum sds_record_status status;
        const char *alias_of;
    } statuses[] = {
        {"Oven", NULL, SDS_RECORD_ACTIVE, NULL},
        {NULL, NULL, SDS_RECORD_ACTIVE, NULL},
        {"Oven", "This service name is no longer in use.", SDS_RECORD_RETIRED, NULL},
        {"Oven", "This port has been removed on 2001-01-01.", SDS_RECORD_RETIRED, NULL},
        {"Oven", "This entry is being removed on 2001-01-01.", SDS_RECORD_RETIRED, NULL},
        {"Oven", "DE-ASSIGNED ON 2001-01-01", SDS_RECORD_RETIRED, NULL},
        {"Oven", "Was a stove. De-assigned on 2001-01-01", SDS_RECORD_RETIRED, NULL},
        {"Oven (historic)", NULL, SDS_RECORD_RETIRED, NULL},
        {"Removed", NULL, SDS_RECORD_RETIRED, NULL},
        {"Oven", "This port was previously removed on 2001-01-01.", SDS_RECORD_ACTIVE, NULL},
        {"Oven", "port 1 previously \"Removed on 2001-01-01\"", SDS_RECORD_ACTIVE, NULL},
        {"Oven", "It has been de-assigned on its owner's wish, and re-assigned.", SDS_RECORD_ACTIVE,
         NULL},
        {"Historical Oven", "Remote", SDS_RECORD_ACTIVE, NULL},
        {"Reserved", NULL, SDS_RECORD_RESERVED, NULL},
        {"Oven", "Not a service type. A word.", SDS_RECORD_NOT_A_SERVICE, NULL},
        {"Oven", "New.\nThis entry is an alias to \"oven-2\".\nIt is now historic.",
         SDS_RECORD_ALIAS, "oven-2"},
        {"Oven", "This is a duplicate of the \"stove\" service and more.", SDS_RECORD_ALIAS,
         "stove"},
        {"Oven", "This entry is an alias to \"oven", SDS_RECORD_ACTIVE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        struct sds_arena arena = {0};
        struct sds_record row = {.description = statuses[i].description,
                                 .notes = statuses[i].notes};

        assert_int_equal(sds_status_read(&arena, &row), 0);
        assert_int_equal(row.status, statuses[i].status);
        assert_text(row.alias_of, statuses[i].alias_of);
        sds_arena_done(&arena);
    }
}

/* Every run of signs is some note: none may lead astray. */
static void hostile_notes_end_well(void **state)
{
    static const char signs[] = "=:,;|<>()[]{}\"'\n .ax1\xFF";
    unsigned seed = 1;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct sds_arena arena = {0};
        struct sds_txt_decl decl;
        char note[64] = "TXT keys:";
        size_t n = strlen(note);

        while (n < 60) {
            seed = seed * 1103515245u + 12345u;
            note[n++] = signs[(seed >> 16) % (sizeof(signs) - 1)];
        }
        assert_int_equal(sds_notes_read(&arena, note, &decl), 0);
        assert_true((decl.kind == SDS_TXT_KEYS) == (decl.n_keys > 0));
        sds_arena_done(&arena);
    }
}

static void a_huge_note_is_read_in_part(void **state)
{
    size_t len = 200000;
    char *note = malloc(len + 1);
    struct sds_arena arena = {0};
    struct sds_txt_decl decl;

    (void)state;
    assert_non_null(note);
    memcpy(note, "TXT keys:", 9);
    for (size_t i = 9; i < len; i++)
        note[i] = "k1,<=("[i % 6];
    note[len] = '\0';
    assert_int_equal(sds_notes_read(&arena, note, &decl), 0);
    sds_arena_done(&arena);
    free(note);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_declarations),     cmocka_unit_test(forms_have_members),
        cmocka_unit_test(keys_are_numbered),      cmocka_unit_test(prose_tells_the_status),
        cmocka_unit_test(hostile_notes_end_well), cmocka_unit_test(a_huge_note_is_read_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
