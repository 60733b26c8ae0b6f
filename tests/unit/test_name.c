/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/name.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* Names as text: labels, faults, and how they are written again. */
static const struct {
    const char *text;
    size_t n, wire_len;
    unsigned faults;
    const char *formatted;
} vectors[] = {
    {"", 0, 0, 0, "."},
    {".", 0, 0, 0, "."},
    {"local", 1, 6, 0, "local"},
    {"local.", 1, 6, 0, "local"},
    {"printer.local", 2, 14, 0, "printer.local"},
    {"a\\.b.local", 2, 10, 0, "a\\.b.local"},
    {"a\\\\b", 1, 4, 0, "a\\\\b"},
    {"\\097\\098", 1, 3, 0, "ab"},
    {"\\046", 1, 2, 0, "\\."},
    {"\\000\\031\\127", 1, 4, 0, "\\000\\031\\127"},
    {"\\255", 1, 2, 0, "\\255"},
    {"\\a\\ \\_", 1, 4, 0, "a _"},
    {"K\u00fcche \u53f0", 1, 11, 0, "K\u00fcche \u53f0"},
    {"caf\xe9", 1, 5, 0, "caf\\233"},
    {"\xe5\x8f", 1, 3, 0, "\\229\\143"},
    {"a\nb", 1, 4, 0, "a\\010b"},
    {"a\\.", 1, 3, 0, "a\\."},
    {"a\\..", 1, 3, 0, "a\\."},
    {"a..b", 3, 5, SDS_NAME_EMPTY_LABEL, "a..b"},
    {".a", 2, 3, SDS_NAME_EMPTY_LABEL, ".a"},
    {"a..", 2, 3, SDS_NAME_EMPTY_LABEL, "a."},
    {"\\256", 1, 2, SDS_NAME_BAD_ESCAPE, NULL},
    {"\\999", 1, 2, SDS_NAME_BAD_ESCAPE, NULL},
    {"a\\", 1, 2, SDS_NAME_BAD_ESCAPE, "a"},
    {"\\12", 1, 3, SDS_NAME_BAD_ESCAPE, "12"},
    {"\\1a2", 1, 4, SDS_NAME_BAD_ESCAPE, "1a2"},
};

static void reads_and_writes_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_name name, again;
        char *text;

        print_message("# vector %zu\n", i);
        memset(&name, 0xa5, sizeof(name));
        sds_name_parse(vectors[i].text, &name);
        assert_int_equal(name.n_labels, vectors[i].n);
        assert_int_equal(name.faults, vectors[i].faults);
        assert_int_equal(sds_name_wire_len(&name), vectors[i].wire_len);
        text = sds_name_format(&name, 0, SDS_LABELS_ALL);
        if (vectors[i].formatted)
            assert_string_equal(text, vectors[i].formatted);
        if (!vectors[i].faults) {
            sds_name_parse(text, &again);
            assert_int_equal(again.faults, 0);
            assert_int_equal(again.n_labels, name.n_labels);
            assert_int_equal(again.n_bytes, name.n_bytes);
            assert_memory_equal(again.bytes, name.bytes, name.n_bytes);
        }
        free(text);
    }
}

/* A name of @n labels of @len bytes each. */
static char *long_name(size_t n, size_t len)
{
    char *text = calloc(n, len + 1), *p = text;

    for (size_t i = 0; i < n; i++) {
        memset(p, 'a', len);
        p += len;
        *p++ = i + 1 < n ? '.' : '\0';
    }
    return text;
}

static const struct {
    size_t n, len;
    unsigned faults;
} lengths[] = {
    {1, 63, 0},
    {1, 64, SDS_NAME_LONG_LABEL},
    {1, 255, SDS_NAME_LONG_LABEL | SDS_NAME_LONG},
    {3, 63, 0},
    {5, 50, 0},              /* 255 bytes with their lengths */
    {4, 63, SDS_NAME_LONG},  /* 256 */
    {127, 1, 0},             /* 254 */
    {128, 1, SDS_NAME_LONG}, /* 256 */
    {129, 1, SDS_NAME_LONG | SDS_NAME_CUT},
    {1000, 1, SDS_NAME_LONG | SDS_NAME_CUT},
    {1, 1024, SDS_NAME_LONG_LABEL | SDS_NAME_LONG},
    {1, 1025, SDS_NAME_LONG_LABEL | SDS_NAME_LONG | SDS_NAME_CUT},
    {3, 4000, SDS_NAME_LONG_LABEL | SDS_NAME_LONG | SDS_NAME_CUT},
};

static void knows_the_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(lengths); i++) {
        char *text = long_name(lengths[i].n, lengths[i].len), *formatted;
        struct sds_name name;

        print_message("# %zu labels of %zu bytes\n", lengths[i].n, lengths[i].len);
        sds_name_parse(text, &name);
        assert_int_equal(name.faults & ~(unsigned)SDS_NAME_EMPTY_LABEL, lengths[i].faults);
        assert_in_range(name.n_labels, 1, SDS_COUNT(name.labels));
        assert_in_range(name.n_bytes, 1, sizeof(name.bytes));
        formatted = sds_name_format(&name, 0, SDS_LABELS_ALL);
        if (!(lengths[i].faults & SDS_NAME_CUT))
            assert_string_equal(formatted, text);
        free(formatted);
        free(text);
    }
}

static void writes_some_labels(void **state)
{
    static const struct {
        size_t from, n;
        const char *text;
    } parts[] = {
        {0, SDS_LABELS_ALL, "My\\.Pi._ipp._tcp.local"},
        {0, 1, "My\\.Pi"},
        {1, 2, "_ipp._tcp"},
        {3, 1, "local"},
        {3, 7, "local"},
        {0, 0, "."},
        {4, SDS_LABELS_ALL, "."},
        {4, 1, "."},
        {5, 1, "."},
        {SIZE_MAX, SDS_LABELS_ALL, "."},
    };
    struct sds_name name;

    (void)state;
    sds_name_parse("My\\.Pi._ipp._tcp.local", &name);
    for (size_t i = 0; i < SDS_COUNT(parts); i++) {
        char *text = sds_name_format(&name, parts[i].from, parts[i].n);

        assert_string_equal(text, parts[i].text);
        free(text);
    }
}

static void writes_a_label(void **state)
{
    static const struct {
        const char *label;
        size_t len;
        const char *text;
    } labels[] = {
        {NULL, 0, ""},
        {BYTES("Mac (2)"), "Mac (2)"},
        {BYTES("a.b\\c"), "a\\.b\\\\c"},
        {BYTES("\0\x7f\xff"), "\\000\\127\\255"},
        {BYTES("\u00fc"), "\u00fc"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(labels); i++) {
        char *text = sds_label_format(labels[i].label, labels[i].len);

        assert_string_equal(text, labels[i].text);
        free(text);
    }
}

/* Names as RDATA; NULL where they are refused. */
static const struct {
    const char *what, *rdata;
    size_t len;
    const char *text;
} wire[] = {
    {"root", BYTES("\0"), "."},
    {"two labels", BYTES("\1a\5local\0"), "a.local"},
    {"a dot in a label", BYTES("\3a.b\0"), "a\\.b"},
    {"nothing", NULL, 0, NULL},
    {"no end", BYTES("\1a"), NULL},
    {"length past the end", BYTES("\5abc\0"), NULL},
    {"bytes after the end", BYTES("\1a\0\0"), NULL},
    {"compressed", BYTES("\1a\xc0\x0c"), NULL},
    {"a length of 64", BYTES("\x40"), NULL},
};

static void reads_rdata(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(wire); i++) {
        struct sds_name name;
        int r = sds_name_read((const uint8_t *)wire[i].rdata, wire[i].len, &name);
        char *text;

        print_message("# %s\n", wire[i].what);
        assert_int_equal(r, wire[i].text ? 0 : -EBADMSG);
        if (r < 0)
            continue;
        text = sds_name_format(&name, 0, SDS_LABELS_ALL);
        assert_string_equal(text, wire[i].text);
        free(text);
    }
}

static void reads_rdata_up_to_the_limit(void **state)
{
    uint8_t rdata[600] = {0};
    struct sds_name name;

    (void)state;
    for (size_t n = 0; n < 300; n++) { /* n labels of one byte, and the root */
        rdata[2 * n] = 0;
        assert_int_equal(sds_name_read(rdata, 2 * n + 1, &name), n <= 127 ? 0 : -EBADMSG);
        if (n <= 127)
            assert_int_equal(sds_name_wire_len(&name), 2 * n);
        rdata[2 * n] = 1;
        rdata[2 * n + 1] = 'a';
    }
}

static void knows_local_names(void **state)
{
    static const struct {
        const char *text;
        bool is_local;
    } names[] = {
        {"local", true},      {"LOCAL.", true},       {"a.Local", true},
        {"", false},          {"local.arpa", false},  {"notlocal", false},
        {"a\\.local", false}, {"example.com", false}, {"l\\111cal", true},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(names); i++) {
        struct sds_name name;

        sds_name_parse(names[i].text, &name);
        assert_int_equal(sds_name_is_local(&name), names[i].is_local);
    }
}

static void compares_names_in_any_spelling(void **state)
{
    (void)state;
    assert_true(sds_name_same("_ipp._tcp", "_IPP._tcp."));
    assert_true(sds_name_same("my printer.local", "My\\032Printer.local"));
    assert_true(sds_name_same("", "."));
    assert_false(sds_name_same("a.b", "a\\.b"));
    assert_false(sds_name_same("a.b", "a"));
    assert_false(sds_name_same("\u00e9", "\u00c9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_text), cmocka_unit_test(knows_the_limits),
        cmocka_unit_test(writes_some_labels),    cmocka_unit_test(writes_a_label),
        cmocka_unit_test(reads_rdata),           cmocka_unit_test(reads_rdata_up_to_the_limit),
        cmocka_unit_test(knows_local_names),     cmocka_unit_test(compares_names_in_any_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
