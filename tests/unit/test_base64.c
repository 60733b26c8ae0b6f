/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/mem.h"

/* Those of RFC 4648 10, and others; NULL: it is no base64. */
static const struct {
    const char *text, *bytes;
    size_t len;
} vectors[] = {
    {"", "", 0},
    {"Zg==", "f", 1},
    {"Zm8=", "fo", 2},
    {"Zm9v", "foo", 3},
    {"Zm9vYg==", "foob", 4},
    {"Zm9vYmE=", "fooba", 5},
    {"Zm9vYmFy", "foobar", 6},
    {"+/8AAQ==", "\xFB\xFF\x00\x01", 4},
    {"Zh==", "f", 1},
    {"Zm9=", "fo", 2},
    {"Z", NULL, 0},
    {"Zm", NULL, 0},
    {"Zm9", NULL, 0},
    {"=", NULL, 0},
    {"====", NULL, 0},
    {"Z===", NULL, 0},
    {"Zg=v", NULL, 0},
    {"Zg==Zg==", NULL, 0},
    {"Zm9\n", NULL, 0},
    {"-_8A", NULL, 0},
    {"Zm\xC3\xA4", NULL, 0},
};

static void decodes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        uint8_t *bytes = NULL;
        size_t len = 0;
        int r = sds_base64_decode(vectors[i].text, strlen(vectors[i].text), &bytes, &len);

        print_message("# vector %zu\n", i);
        assert_int_equal(r, vectors[i].bytes ? 0 : -EINVAL);
        assert_int_equal(len, vectors[i].len);
        if (r == 0)
            assert_memory_equal(bytes, vectors[i].bytes, len);
        free(bytes);
    }
}

static void a_nul_is_no_digit(void **state)
{
    uint8_t *bytes;
    size_t len;

    (void)state;
    assert_int_equal(sds_base64_decode("Zm9\0", 4, &bytes, &len), -EINVAL);
}

#define N_CANONICAL 8 /* vectors, from the first on, that are spelt as we do */

static void encodes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CANONICAL; i++) {
        SDS_CLEANUP(sds_freep) char *text = sds_base64_dup(vectors[i].bytes, vectors[i].len);

        print_message("# vector %zu\n", i);
        assert_string_equal(text, vectors[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(a_nul_is_no_digit),
        cmocka_unit_test(encodes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
