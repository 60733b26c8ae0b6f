/* SPDX-License-Identifier: MIT */
#include "base/arr.h"

#include <stdint.h>
#include <stdlib.h>

void *sds_arr_room(void *v, size_t *cap, size_t n, size_t size)
{
    size_t grown = *cap ? *cap * 2 : 8;

    if (n < *cap)
        return v;
    if (grown < *cap || grown > SIZE_MAX / size)
        return NULL;
    v = realloc(v, grown * size);
    if (v)
        *cap = grown;
    return v;
}
