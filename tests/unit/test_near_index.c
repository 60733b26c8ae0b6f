/* SPDX-License-Identifier: MIT */

/* An index suggests what a walk over all names would, whose edits are counted in the plainest way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "registry/table.h"

#define N_WORDS  150
#define TEXT_MAX 40

static uint32_t next_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % below;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static bool is_same(const char *a, size_t i, const char *b, size_t j)
{
    return sds_fold((uint8_t)a[i - 1]) == sds_fold((uint8_t)b[j - 1]);
}

static size_t count_edits(const char *a, const char *b)
{
    size_t rows[TEXT_MAX][TEXT_MAX], a_len = strlen(a), b_len = strlen(b);

    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            rows[i][j] = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1,
                               rows[i - 1][j - 1] + !is_same(a, i, b, j));
            if (i > 1 && j > 1 && is_same(a, i, b, j - 1) && is_same(a, i - 1, b, j))
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1, SIZE_MAX);
        }
    }
    return rows[a_len][b_len];
}

/* What a slip of the finger seldom does: other letters, a wrong first one. */
static unsigned odds(const char *a, const char *b)
{
    bool is_same_set = sds_near_letters(a, strlen(a)) == sds_near_letters(b, strlen(b));

    return !is_same_set * 2u + (sds_fold((uint8_t)*a) != sds_fold((uint8_t)*b));
}

static const char *walk(const struct sds_registry *registry, const char *word)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    size_t len = strlen(word),
           most = len > 32      ? 0
                  : len / 3 < 2 ? len / 3
                                : 2,
           best_edits = most + 1;
    unsigned best_odds = 0;
    const struct sds_record *record;
    const char *best = NULL;

    while ((record = sds_record_next(&iter))) {
        size_t name_len = record->name ? strlen(record->name) : 0, edits;

        if (most == 0 || !record->name || record->status != SDS_RECORD_ACTIVE || name_len > 32 ||
            name_len + most < len || len + most < name_len)
            continue;
        edits = count_edits(word, record->name);
        if (edits > most || edits > best_edits ||
            (edits == best_edits && best && odds(word, record->name) >= best_odds))
            continue;
        best_edits = edits;
        best_odds = odds(word, record->name);
        best = record->name;
    }
    return best;
}

static void assert_same(const struct sds_registry *registry, const char *word)
{
    struct sds_near near = sds_near_begin(word, strlen(word));
    const char *expected = walk(registry, word);

    sds_registry_offer_names(registry, &near);
    if (near.best != expected)
        fail_msg("%s: expected '%s', got '%s'", word, expected ? expected : "nothing",
                 near.best ? (const char *)near.best : "nothing");
}

/* Change a word in one place. */
static void misspell(char *word, uint32_t *random)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzESTN0123456789-_";
    size_t len = strlen(word), at = next_random(random, (uint32_t)len);
    char letter = letters[next_random(random, sizeof(letters) - 1)], swapped = word[at];

    switch (next_random(random, 4)) {
    case 0:
        word[at] = letter;
        break;
    case 1:
        memmove(word + at + 1, word + at, len - at + 1);
        word[at] = letter;
        break;
    case 2:
        memmove(word + at, word + at + 1, len - at);
        break;
    default:
        if (at + 1 < len) {
            word[at] = word[at + 1];
            word[at + 1] = swapped;
        }
    }
}

/* Names that are up to three edits away from one. */
static void compare_misspelt(const struct sds_registry *registry)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record *record;
    uint32_t random = 1;
    size_t n = 0, step = sds_registry_table_at(registry, 0).n_records / N_WORDS + 1;

    for (size_t i = 0; (record = sds_record_next(&iter)); i++) {
        char word[TEXT_MAX];

        if (i % step || !record->name)
            continue;
        strcpy(word, record->name);
        for (size_t edits = 1 + n % 3; edits > 0 && *word; edits--)
            misspell(word, &random);
        assert_same(registry, word);
        n++;
    }
    assert_true(n > 0);
}

static void the_built_in_registry(void **state)
{
    struct sds_registry *registry = sds_registry_new();

    (void)state;
    assert_int_equal(sds_registry_add_builtin(registry), 0);
    compare_misspelt(registry);
    sds_registry_free(registry);
}

static void a_registry_from_a_file(void **state)
{
    struct sds_registry *registry = sds_registry_new();

    (void)state;
    assert_int_equal(sds_registry_load(registry, SDS_REGISTRY, NULL, NULL), 0);
    compare_misspelt(registry);
    sds_registry_free(registry);
}

static const char table[] =
    "Service Name,Port Number,Transport Protocol,Description,Assignment Notes\n"
    "overt,1,tcp,,\n"
    "OVEN,2,tcp,,\n"
    "oven,3,udp,,\n"
    ",4,udp,,\n"
    "avens,5,tcp,,\n"
    "ab,6,tcp,,\n"
    "old-stove,7,tcp,,This entry has been removed on 2002-03-04.\n"
    "01234567890123456789012345678901,8,tcp,,\n"
    "012345678901234567890123456789012,9,tcp,,\n";

static const char second[] = "Service Name,Port Number,Transport Protocol,Description\n"
                             "Aven,1,tcp,\n"
                             "ovem,2,tcp,\n"
                             "stoves,3,tcp,\n";

static const struct {
    const char *word, *best;
} vectors[] = {
    {"ovens", "OVEN"}, /* of its rows, the first */
    {"even", "OVEN"},  /* the first table goes first */
    {"stove", "stoves"},
    {"stovess", "stoves"},
    {"old-stoves", NULL}, /* not active */
    {"aven", "Aven"},     /* the same but for case */
    {"abc", "ab"},
    {"ac", NULL}, /* too short to tell */
    {"a", NULL},
    {"", NULL},
    {"0123456789012345678901234567890", "01234567890123456789012345678901"},
    {"0123456789012345678901234567890X", "01234567890123456789012345678901"},
    {"012345678901234567890123456789012", NULL}, /* too long */
};

static void tables_in_their_order(void **state)
{
    struct sds_registry *registry = sds_registry_new();

    (void)state;
    assert_int_equal(sds_registry_load_bytes(registry, "a", table, sizeof(table) - 1, NULL, NULL),
                     0);
    assert_int_equal(sds_registry_load_bytes(registry, "b", second, sizeof(second) - 1, NULL, NULL),
                     0);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_near near = sds_near_begin(vectors[i].word, strlen(vectors[i].word));

        sds_registry_offer_names(registry, &near);
        assert_same(registry, vectors[i].word);
        if (vectors[i].best) {
            assert_non_null(near.best);
            assert_string_equal((const char *)near.best, vectors[i].best);
        } else {
            assert_null(near.best);
        }
    }
    sds_registry_free(registry);
}

static void registries_without_names(void **state)
{
    static const char ports[] =
        "{\"sdscope_registry\": 1, \"records\": [{\"name\": null, \"ports\": [\"1\"]}]}";
    struct sds_registry *registry = sds_registry_new();

    (void)state;
    assert_same(registry, "printer");
    assert_int_equal(sds_registry_load_bytes(registry, "a", ports, sizeof(ports) - 1, NULL, NULL),
                     0);
    assert_same(registry, "printer");
    sds_registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_registry),
        cmocka_unit_test(a_registry_from_a_file),
        cmocka_unit_test(tables_in_their_order),
        cmocka_unit_test(registries_without_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
