/* SPDX-License-Identifier: MIT */
#include "sdscope/txt.h"

#include <string.h>

#include "base/ascii.h"
#include "base/cur.h"

struct sds_txt_iter sds_txt_begin(const void *rdata, size_t len)
{
    return (struct sds_txt_iter){.rdata = rdata, .len = len};
}

/* RFC 6763 6.4: the first `=` ends the key; what follows is opaque. */
static void split(struct sds_txt_string *s)
{
    const uint8_t *equals = s->bytes.len ? memchr(s->bytes.p, '=', s->bytes.len) : NULL;

    if (equals) {
        size_t key_len = (size_t)(equals - s->bytes.p);

        s->key = (struct sds_span){s->bytes.p, key_len};
        s->value = (struct sds_span){equals + 1, s->bytes.len - key_len - 1};
    } else {
        s->key = s->bytes;
        s->value = (struct sds_span){NULL, 0};
    }
}

bool sds_txt_next(struct sds_txt_iter *iter, struct sds_txt_string *ret)
{
    struct sds_cur cur;
    uint8_t len;

    if (iter->at >= iter->len)
        return false;
    cur = sds_cur_over(iter->rdata + iter->at, iter->len - iter->at);
    if (!sds_cur_u8(&cur, &len))
        return false;
    ret->offset = iter->at;
    ret->is_truncated = len > cur.left;
    ret->bytes.len = ret->is_truncated ? cur.left : len;
    if (!sds_cur_take(&cur, ret->bytes.len, &ret->bytes.p))
        return false;
    split(ret);
    iter->at = iter->len - cur.left;
    return true;
}

bool sds_txt_find(const void *rdata, size_t len, const char *key, struct sds_txt_string *ret)
{
    struct sds_txt_iter iter = sds_txt_begin(rdata, len);
    size_t key_len = strlen(key);

    while (sds_txt_next(&iter, ret))
        if (!ret->is_truncated && sds_fold_equal(ret->key.p, ret->key.len, key, key_len))
            return true;
    return false;
}
