/* SPDX-License-Identifier: MIT */
#include "rules/attributes.h"

#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "rules/rules.h"

void sds_attributes_done(struct sds_attributes *attributes)
{
    free(attributes->v);
}

static int key_cmp(const struct sds_txt_string *a, const struct sds_txt_string *b)
{
    return sds_fold_cmp(a->key.p, a->key.len, b->key.p, b->key.len);
}

static int place_cmp(const void *a, const void *b)
{
    const struct sds_txt_string *x = a, *y = b;
    int order = key_cmp(x, y);

    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

bool sds_attributes_list(struct sds_span txt, struct sds_attributes *ret)
{
    struct sds_txt_iter iter = sds_txt_begin(txt.p, txt.len);
    struct sds_txt_string string;
    size_t n = 0;

    while (sds_next_attribute(&iter, &string))
        if (!sds_arr_push(ret, string))
            return false;
    if (ret->n)
        qsort(ret->v, ret->n, sizeof(*ret->v), place_cmp);
    for (size_t i = 0; i < ret->n; i++)
        if (n == 0 || key_cmp(&ret->v[n - 1], &ret->v[i]) != 0)
            ret->v[n++] = ret->v[i];
    ret->n = n;
    return true;
}

bool sds_attributes_next(struct sds_attributes_walk *walk)
{
    const struct sds_txt_string *a = walk->i < walk->old->n ? &walk->old->v[walk->i] : NULL;
    const struct sds_txt_string *b = walk->j < walk->new->n ? &walk->new->v[walk->j] : NULL;
    int order = !a ? 1 : !b ? -1 : key_cmp(a, b);

    if (!a && !b)
        return false;
    walk->was = order <= 0 ? a : NULL;
    walk->is = order >= 0 ? b : NULL;
    walk->i += order <= 0;
    walk->j += order >= 0;
    return true;
}

bool sds_attribute_has_same_value(const struct sds_txt_string *a, const struct sds_txt_string *b)
{
    return !a->value.p == !b->value.p && a->value.len == b->value.len &&
           (a->value.len == 0 || memcmp(a->value.p, b->value.p, a->value.len) == 0);
}
