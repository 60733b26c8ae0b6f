/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sds_fold_cmp(const void *a, size_t a_len, const void *b, size_t b_len)
{
    const uint8_t *x = a, *y = b;
    size_t n = a_len < b_len ? a_len : b_len;

    for (size_t i = 0; i < n; i++) {
        int order = sds_fold(x[i]) - sds_fold(y[i]);

        if (order)
            return order;
    }
    return (a_len > b_len) - (a_len < b_len);
}

bool sds_text_fold_equal(const char *a, const char *b)
{
    return sds_fold_is(a, strlen(a), b);
}

bool sds_fold_holds(const void *bytes, size_t len, const char *word, size_t word_len)
{
    const uint8_t *p = bytes;

    if (word_len == 0)
        return true;
    for (size_t at = 0; word_len <= len - at; at++)
        if (sds_fold(p[at]) == (uint8_t)*word && sds_fold_equal(p + at, word_len, word, word_len))
            return true;
    return false;
}

uint32_t sds_fold_hash(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint32_t)sds_fold(p[i])) * 16777619u;
    return hash;
}

int sds_hex_decode(const char *hex, uint8_t **ret, size_t *ret_len)
{
    size_t len = strlen(hex);
    uint8_t *bytes;

    if (len % 2)
        return -EINVAL;
    bytes = malloc(len / 2 + 1);
    if (!bytes)
        return -ENOMEM;
    for (size_t i = 0; i < len; i += 2) {
        int high = sds_hex_digit((unsigned char)hex[i]);
        int low = sds_hex_digit((unsigned char)hex[i + 1]);

        if (high < 0 || low < 0) {
            free(bytes);
            return -EINVAL;
        }
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    *ret = bytes;
    *ret_len = len / 2;
    return 0;
}

char *sds_hex_encode(const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *p = bytes;
    char *hex = malloc(len * 2 + 1);

    if (!hex)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        hex[i * 2] = digits[p[i] >> 4];
        hex[i * 2 + 1] = digits[p[i] & 15];
    }
    hex[len * 2] = '\0';
    return hex;
}
