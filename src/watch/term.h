/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_TERM_H
#define SDS_WATCH_TERM_H

#include <stdbool.h>

/* The terminal of the process under curses: taken once, and given back whatever happens. */

/* Input and output are a terminal that can address its cursor. */
bool sds_term_is_possible(void);

/* Take it. Returns 0, or -ENOTSUP where curses does not know the terminal. */
int sds_term_begin(bool has_color, bool has_mouse);

/* Give it back as it was; nothing where it is not taken. */
void sds_term_end(void);

/* Give it back, stop as ^Z asks for, and take it again when the process goes on. */
void sds_term_suspend(void);

/* Take the size that the terminal has now, and draw all of it anew. */
void sds_term_resize(void);

/* Bring what is drawn to the terminal. */
void sds_term_update(void);

/* Whether nobody is there any more to press a key. @has_read  one was read just now */
bool sds_term_is_gone(bool has_read);

/* Put @text on the clipboard of the terminal (OSC 52), where it allows that. Returns 0, -E2BIG
 * where terminals would not take so much, or another negative errno. */
int sds_term_copy(const char *text);

#endif
