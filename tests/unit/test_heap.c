/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/heap.h"

#define N 1000

static struct sds_heap_node nodes[N];

static int64_t scramble(size_t i)
{
    return (int64_t)(i * 7919 % 1009) - 500;
}

/* Take all out from the least on; returns how many there were. */
static size_t drain(struct sds_heap *heap)
{
    int64_t last = INT64_MIN;
    size_t n = 0;

    for (struct sds_heap_node *node; (node = sds_heap_first(heap)); n++) {
        assert_true(node->key >= last);
        last = node->key;
        sds_heap_remove(heap, node);
    }
    return n;
}

static void fill(struct sds_heap *heap)
{
    for (size_t i = 0; i < N; i++)
        assert_true(sds_heap_add(heap, &nodes[i], scramble(i)));
}

static void gives_the_least_first(void **state)
{
    struct sds_heap heap = {0};

    (void)state;
    assert_null(sds_heap_first(&heap));
    fill(&heap);
    assert_int_equal(drain(&heap), N);
    sds_heap_done(&heap);
}

static void moves_and_removes_anywhere(void **state)
{
    struct sds_heap heap = {0};

    (void)state;
    fill(&heap);
    for (size_t i = 0; i < N; i += 2)
        sds_heap_move(&heap, &nodes[i], scramble(i * 31 + 7));
    for (size_t i = 0; i < N; i += 5)
        sds_heap_remove(&heap, &nodes[i]);
    assert_int_equal(drain(&heap), N - N / 5);
    assert_null(sds_heap_first(&heap));
    sds_heap_done(&heap);
}

static void lowers_all_that_is_above(void **state)
{
    struct sds_heap heap = {0};
    size_t n_below = 0;

    (void)state;
    fill(&heap);
    sds_heap_lower(&heap, 100);
    for (size_t i = 0; i < N; i++) {
        assert_true(nodes[i].key == (scramble(i) < 100 ? scramble(i) : 100));
        n_below += nodes[i].key < 100;
    }
    assert_in_range(n_below, 1, N - 1);
    assert_int_equal(drain(&heap), N);
    sds_heap_done(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_least_first),
        cmocka_unit_test(moves_and_removes_anywhere),
        cmocka_unit_test(lowers_all_that_is_above),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
