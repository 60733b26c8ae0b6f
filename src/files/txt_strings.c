/* SPDX-License-Identifier: MIT */
#include "files/txt_strings.h"

#include <stdlib.h>

void sds_txt_strings_done(struct sds_txt_strings *strings)
{
    free(strings->bytes.v);
    free(strings->lens.v);
    *strings = (struct sds_txt_strings){0};
}

bool sds_txt_strings_push(struct sds_txt_strings *strings, struct sds_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (!sds_arr_push(&strings->bytes, bytes.p[i]))
            return false;
    strings->open_len += bytes.len;
    return true;
}

bool sds_txt_strings_end(struct sds_txt_strings *strings)
{
    if (!sds_arr_push(&strings->lens, strings->open_len))
        return false;
    strings->open_len = 0;
    return true;
}

struct sds_span *sds_txt_strings_spans(const struct sds_txt_strings *strings)
{
    struct sds_span *spans = calloc(strings->lens.n + 1, sizeof(*spans));
    const uint8_t *at = strings->bytes.v;

    for (size_t i = 0; spans && i < strings->lens.n; i++) {
        spans[i] = (struct sds_span){at, strings->lens.v[i]};
        if (at)
            at += strings->lens.v[i];
    }
    return spans;
}
