/* SPDX-License-Identifier: MIT */
#ifndef SDS_MAN_MDOC_H
#define SDS_MAN_MDOC_H

#include <stddef.h>

/* A line of text in mdoc, on standard output: what roff would read in another way is escaped, and
 * no line is taken for a request. */
void mdoc_put(const char *text, size_t len);
void mdoc_puts(const char *text);

/* Words for the arguments of a macro, each as it stands: none is taken for a macro or for
 * punctuation. @len  up to the end of a word */
void mdoc_put_word(const char *word, size_t len);

#endif
