/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>

#include "base/mem.h"
#include "registry/gzip.h"

/* "http 80/tcp" and "ssh 22/tcp", a line and a member each. */
static const unsigned char two_members[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xcb, 0x28, 0x29, 0x29, 0x50, 0xb0,
    0x30, 0xd0, 0x2f, 0x49, 0x2e, 0xe0, 0x02, 0x00, 0x9e, 0xff, 0x46, 0x50, 0x0c, 0x00, 0x00, 0x00,
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0x2b, 0x2e, 0xce, 0x50, 0x30, 0x32,
    0xd2, 0x2f, 0x49, 0x2e, 0xe0, 0x02, 0x00, 0x3d, 0x82, 0x0d, 0x5b, 0x0b, 0x00, 0x00, 0x00,
};
#define FIRST_LEN 32

static void reads_all_members(void **state)
{
    SDS_CLEANUP(sds_freep) char *plain = NULL;
    const char *fault;
    size_t len;

    (void)state;
    assert_int_equal(
        sds_gunzip((const char *)two_members, sizeof(two_members), 1000, &plain, &len, &fault), 0);
    assert_null(fault);
    assert_int_equal(len, 23);
    assert_memory_equal(plain, "http 80/tcp\nssh 22/tcp\n", 23);
}

static void a_registry_may_be_compressed(void **state)
{
    struct loaded loaded = load_bytes(two_members, sizeof(two_members));

    (void)state;
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 2);
    unload(&loaded);
}

/* What could be had of a file that breaks off is read, and the break is said. */
static void a_break_is_said(void **state)
{
    struct loaded loaded;

    (void)state;
    loaded = load_bytes(two_members, sizeof(two_members) - 9);
    assert_int_equal(loaded.result, 0);
    assert_string_equal(loaded.text, "the compressed file breaks off");
    assert_true(n_rows(&loaded) >= 1);
    unload(&loaded);
}

static void survives_damage(void **state)
{
    unsigned char copy[sizeof(two_members)];

    (void)state;
    for (size_t i = 3; i < sizeof(copy); i++) {
        struct loaded loaded;

        memcpy(copy, two_members, sizeof(copy));
        copy[i] ^= 0xFF;
        loaded = load_bytes(copy, sizeof(copy));
        assert_true(loaded.result == 0 || loaded.result == -EINVAL);
        unload(&loaded);
    }
}

/* A small file may unfold to a large one. */
static void what_is_too_large_is_refused(void **state)
{
    const char *fault;
    char *plain = NULL;
    size_t len;

    (void)state;
    assert_int_equal(sds_gunzip((const char *)two_members, FIRST_LEN, 11, &plain, &len, &fault),
                     -EFBIG);
    assert_null(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_members),
        cmocka_unit_test(a_registry_may_be_compressed),
        cmocka_unit_test(a_break_is_said),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(what_is_too_large_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
