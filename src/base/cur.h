/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_CUR_H
#define SDS_BASE_CUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bounded place in bytes that somebody else sent: the only way to reach them. */
struct sds_cur {
    const uint8_t *p;
    size_t left; /* bytes from p on */
};

static inline struct sds_cur sds_cur_over(const void *bytes, size_t len)
{
    return (struct sds_cur){bytes, len};
}

/* Take @n bytes; false, with nothing taken, when fewer are left. */
static inline bool sds_cur_take(struct sds_cur *c, size_t n, const uint8_t **ret)
{
    if (n > c->left) /* compare, never add: a sum could wrap */
        return false;
    *ret = c->p;
    if (n) /* p may be NULL where nothing is left */
        c->p += n;
    c->left -= n;
    return true;
}

static inline bool sds_cur_u8(struct sds_cur *c, uint8_t *ret)
{
    const uint8_t *p;

    if (!sds_cur_take(c, 1, &p))
        return false;
    *ret = *p;
    return true;
}

/* Two bytes in network order. */
static inline bool sds_cur_u16(struct sds_cur *c, uint16_t *ret)
{
    const uint8_t *p;

    if (!sds_cur_take(c, 2, &p))
        return false;
    *ret = (uint16_t)(p[0] << 8 | p[1]);
    return true;
}

/* Four bytes in network order. */
static inline bool sds_cur_u32(struct sds_cur *c, uint32_t *ret)
{
    const uint8_t *p;

    if (!sds_cur_take(c, 4, &p))
        return false;
    *ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return true;
}

#endif
