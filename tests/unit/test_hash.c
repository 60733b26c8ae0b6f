/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/mem.h"

#define N 10000

static struct item {
    unsigned value;
    struct sds_hash_node node;
} items[N];

/* Every third item shares its hash with two others. */
static uint64_t hash_of(unsigned value)
{
    return value / 3 * 0x9e3779b97f4a7c15;
}

static struct item *find(const struct sds_hash *table, unsigned value)
{
    struct sds_hash_node *node = sds_hash_first(table, hash_of(value));

    for (; node; node = sds_hash_next(node)) {
        struct item *item = SDS_CONTAINER(node, struct item, node);

        assert_true(node->hash == hash_of(value));
        if (item->value == value)
            return item;
    }
    return NULL;
}

static void holds_what_was_added(void **state)
{
    struct sds_hash table = {0};

    (void)state;
    assert_null(find(&table, 0));
    for (unsigned i = 0; i < N; i++) {
        items[i].value = i;
        assert_true(sds_hash_add(&table, &items[i].node, hash_of(i)));
    }
    assert_int_equal(table.n, N);
    assert_null(find(&table, N));
    for (unsigned i = 0; i < N; i += 2)
        sds_hash_remove(&table, &items[i].node);
    assert_int_equal(table.n, N / 2);
    for (unsigned i = 0; i < N; i++)
        assert_ptr_equal(find(&table, i), i % 2 ? &items[i] : NULL);
    sds_hash_done(&table);
    assert_null(find(&table, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
