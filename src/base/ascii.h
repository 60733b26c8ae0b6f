/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_ASCII_H
#define SDS_BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes and case of ASCII alone: DNS names and TXT keys fold A-Z only, in every locale. */

static inline bool sds_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static inline bool sds_is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool sds_is_control(int c)
{
    return (c >= 0 && c < 0x20) || c == 0x7F;
}

static inline int sds_fold(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static inline bool sds_is_ascii(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] >= 0x80)
            return false;
    return true;
}

/* The value of a hex digit, or -1. */
static inline int sds_hex_digit(int c)
{
    if (sds_is_digit(c))
        return c - '0';
    c = sds_fold(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Order of two byte strings, ASCII case ignored. */
int sds_fold_cmp(const void *a, size_t a_len, const void *b, size_t b_len);

static inline bool sds_fold_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
    return a_len == b_len && sds_fold_cmp(a, a_len, b, b_len) == 0;
}

/* Order of bytes and a NUL-terminated text, ASCII case ignored; inline, as most differ soon. */
static inline int sds_fold_cmp_text(const void *bytes, size_t len, const char *text)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++) {
        int order = sds_fold(p[i]) - sds_fold((uint8_t)text[i]);

        if (order || text[i] == '\0')
            return order ? order : 1;
    }
    return text[len] ? -1 : 0;
}

/* Whether bytes are those of a NUL-terminated text, ASCII case ignored. */
static inline bool sds_fold_is(const void *bytes, size_t len, const char *text)
{
    return sds_fold_cmp_text(bytes, len, text) == 0;
}

/* Equal NUL-terminated texts, ASCII case ignored. */
bool sds_text_fold_equal(const char *a, const char *b);

/* Whether a text occurs in bytes, ASCII case of these ignored.
 *
 * @word  in lower case; all bytes hold an empty one */
bool sds_fold_holds(const void *bytes, size_t len, const char *word, size_t word_len);

/* A hash of a byte string, ASCII case ignored. */
uint32_t sds_fold_hash(const void *bytes, size_t len);

/**
 * Decode hex digits, in either case, without separators.
 *
 * @ret  malloc'ed bytes, also when there are none; the caller frees them
 * Returns 0, -EINVAL on an odd number of digits or another character, -ENOMEM.
 */
int sds_hex_decode(const char *hex, uint8_t **ret, size_t *ret_len);

/* Lower-case hex digits of @len bytes, malloc'ed; NULL when out of memory. */
char *sds_hex_encode(const void *bytes, size_t len);

#endif
