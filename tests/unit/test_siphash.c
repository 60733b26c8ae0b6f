/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/siphash.h"

/* The key 00 01 .. 0f and inputs 00 01 .. of each length: vectors of the authors' vectors.h. */
static const struct sds_siphash_key key = {{0x0706050403020100, 0x0f0e0d0c0b0a0908}};

static const struct {
    size_t len;
    uint64_t hash;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31},
    {1, 0x74f839c593dc67fd},
    {8, 0x93f5f5799a932462},
    {15, 0xa129ca6149be45e5},
};

static void hashes_as_its_authors_do(void **state)
{
    uint8_t bytes[16];

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_true(sds_siphash(&key, bytes, vectors[i].len, false) == vectors[i].hash);
}

static void ignores_case_on_demand(void **state)
{
    (void)state;
    assert_true(sds_siphash(&key, "_IPP._tcp", 9, true) == sds_siphash(&key, "_ipp._TCP", 9, true));
    assert_true(sds_siphash(&key, "_IPP._tcp", 9, false) !=
                sds_siphash(&key, "_ipp._TCP", 9, false));
    assert_true(sds_siphash(&key, "[", 1, true) != sds_siphash(&key, "{", 1, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_as_its_authors_do),
        cmocka_unit_test(ignores_case_on_demand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
