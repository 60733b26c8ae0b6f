/* SPDX-License-Identifier: MIT */
#include "man/mdoc.h"

#include <stdio.h>
#include <string.h>

static void put_byte(char byte)
{
    if (byte == '\\')
        fputs("\\e", stdout);
    else if (byte == '-')
        fputs("\\-", stdout);
    else if (byte == '^')
        fputs("\\(ha", stdout);
    else
        putchar(byte);
}

void mdoc_put(const char *text, size_t len)
{
    if (len > 0 && (*text == '.' || *text == '\''))
        fputs("\\&", stdout);
    for (size_t i = 0; i < len; i++)
        put_byte(text[i]);
    putchar('\n');
}

void mdoc_puts(const char *text)
{
    mdoc_put(text, strlen(text));
}

void mdoc_put_word(const char *word, size_t len)
{
    fputs("\\&", stdout);
    for (size_t i = 0; i < len; i++)
        put_byte(word[i]);
}
