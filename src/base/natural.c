/* SPDX-License-Identifier: MIT */
#include "base/natural.h"

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

/* A number of any length, without leading zeros. */
struct number {
    const char *digits;
    size_t len;
};

static struct number take_number(const char **text)
{
    struct number number;

    while (**text == '0')
        (*text)++;
    number.digits = *text;
    while (sds_is_digit(**text))
        (*text)++;
    number.len = (size_t)(*text - number.digits);
    return number;
}

static int number_cmp(struct number a, struct number b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return memcmp(a.digits, b.digits, a.len);
}

int sds_natural_cmp(const char *a, const char *b)
{
    for (;;) {
        int order;

        if (sds_is_digit(*a) && sds_is_digit(*b)) {
            order = number_cmp(take_number(&a), take_number(&b));
            if (order)
                return order;
            continue;
        }
        order = sds_fold((unsigned char)*a) - sds_fold((unsigned char)*b);
        if (order || !*a)
            return order;
        a++;
        b++;
    }
}
