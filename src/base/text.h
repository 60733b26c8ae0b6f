/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_TEXT_H
#define SDS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * Write bytes that somebody else sent so that no terminal obeys them and no eye is fooled.
 *
 * Printable UTF-8 stays. Controls and bytes that are not UTF-8 become \xNN, and invisible, format
 * and bidi characters \u{NNNN}; a backslash becomes \\, so that two names never look alike.
 */
void sds_text_put(FILE *out, const void *bytes, size_t len);

/* The same as malloc'ed text; NULL when out of memory. */
char *sds_text_dup(const void *bytes, size_t len);

/* The same for NUL-terminated text. */
void sds_text_puts(FILE *out, const char *text);

/* The same for a name in presentation format, whose own backslashes stay as they are. */
char *sds_text_dup_name(const char *name);

/**
 * Write JSON that holds such bytes: what no terminal should get becomes \uNNNN, which means the
 * same to a reader of JSON.
 *
 * @json  well-formed
 */
void sds_text_put_json(FILE *out, const char *json);

/**
 * The same into a buffer: as many whole characters as fit, then "..." where some do not.
 *
 * @size  bytes of @ret, the NUL included; at least 4
 */
void sds_text_shorten(char *ret, size_t size, const void *bytes, size_t len);

/* Terminal columns that safe text takes, whatever the locale. */
size_t sds_text_width(const char *text);

/**
 * How much of safe text fits into @columns: whole characters, combining marks with their base.
 *
 * @ret_width  columns that this much takes; may be NULL
 * Returns bytes.
 */
size_t sds_text_fit(const char *text, size_t columns, size_t *ret_width);

/**
 * How much of safe text to put on a line of so many columns: up to the last space that fits and
 * without the spaces before it, or as much as fits of one long word; a character at least.
 *
 * Returns bytes.
 */
size_t sds_text_break(const char *text, size_t columns);

/* Copy as much of a text as fits into @size bytes with its NUL, whole characters only. */
void sds_text_copy(char *ret, size_t size, const char *text);

/* Well-formed UTF-8 by RFC 3629 section 3: no overlong form, no surrogate, nothing past U+10FFFF.
 */
bool sds_text_is_utf8(const void *bytes, size_t len);

/* printf into malloc'ed text; NULL when out of memory. */
char *sds_text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
