/* SPDX-License-Identifier: MIT */
/* Writes sdscope-watch(1): a file of mdoc with the table of keys in the place of a line @KEYS@. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "man/mdoc.h"
#include "watch/keys.h"

/* "Up k" as ".It Ic Up , k" */
static void put_words(const char *keys)
{
    const char *before = ".It Ic ";

    while (*keys) {
        size_t len = strcspn(keys, " ");

        fputs(before, stdout);
        mdoc_put_word(keys, len);
        keys += len + strspn(keys + len, " ");
        before = " , ";
    }
    putchar('\n');
}

/* A clause as a sentence. */
static void put_help(const char *help)
{
    char text[256];

    snprintf(text, sizeof(text), "%s.", help);
    text[0] = (char)toupper((unsigned char)text[0]);
    mdoc_puts(text);
}

static void put_keys(void)
{
    const struct sds_key *key, *last = NULL;

    for (size_t i = 0; (key = sds_key_at(i)); i++, last = key) {
        if (!last || last->section != key->section)
            printf("%s.Ss %s\n.Bl -tag -width \"PgUp , ^B\" -compact\n", last ? ".El\n" : "",
                   sds_key_section_name(key->section));
        put_words(key->keys);
        put_help(key->help);
    }
    puts(".El");
}

int main(int argc, char **argv)
{
    FILE *in = argc > 1 ? fopen(argv[1], "re") : NULL;
    char *line = NULL;
    size_t size = 0;

    if (!in) {
        perror(argc > 1 ? argv[1] : argv[0]);
        return 1;
    }
    while (getline(&line, &size, in) > 0) {
        if (strcmp(line, "@KEYS@\n") == 0)
            put_keys();
        else
            fputs(line, stdout);
    }
    free(line);
    fclose(in);
    return 0;
}
