/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits of a character, or -1. */
static int digit(char c)
{
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) : -1;
}

int sds_base64_decode(const char *text, size_t len, uint8_t **ret, size_t *ret_len)
{
    size_t padding = 0, n = 0;
    uint32_t bits = 0;
    uint8_t *bytes;

    if (len % 4)
        return -EINVAL;
    while (padding < 2 && padding < len && text[len - padding - 1] == '=')
        padding++;
    bytes = malloc(len / 4 * 3 + 1);
    if (!bytes)
        return -ENOMEM;
    for (size_t i = 0; i < len - padding; i++) {
        int value = digit(text[i]);

        if (value < 0) {
            free(bytes);
            return -EINVAL;
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4)
            bytes[n++] = (uint8_t)(bits >> (6 - i % 4 * 2));
    }
    *ret = bytes;
    *ret_len = n;
    return 0;
}

char *sds_base64_dup(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    char *text = malloc((len + 2) / 3 * 4 + 1), *at = text;

    if (!text)
        return NULL;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)p[i] << 16;

        if (n > 1)
            bits |= (uint32_t)p[i + 1] << 8;
        if (n > 2)
            bits |= p[i + 2];
        for (size_t j = 0; j < 4; j++)
            *at++ = j <= n ? digits[bits >> (18 - 6 * j) & 0x3F] : '=';
    }
    *at = '\0';
    return text;
}
