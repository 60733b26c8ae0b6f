/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The six bits of a character, or -1. */
static int digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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
