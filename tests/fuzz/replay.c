/* SPDX-License-Identifier: MIT */

/* In place of libFuzzer: hand a target every file of a folder, a test each. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define BYTES_MAX ((size_t)1 << 20) /* of a file */

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *path, uint8_t *bytes)
{
    FILE *file = fopen(path, "re");
    uint8_t *copy;
    size_t len;

    if (!file) {
        printf("Bail out! cannot read %s\n", path);
        return 1;
    }
    len = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    copy = malloc(len ? len : 1); /* no byte more, so that reading past it is seen */
    if (!copy)
        return 1;
    for (size_t k = 0; k < len; k++)
        copy[k] = bytes[k];
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(BYTES_MAX);
    struct dirent **entries = NULL;
    int r = 1, n = argc == 2 ? scandir(argv[1], &entries, is_input, alphasort) : -1;

    if (n <= 0)
        printf("Bail out! no folder of inputs\n");
    else
        printf("1..%d\n", n);
    for (int i = 0; i < n; i++) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
        free(entries[i]);
        r = bytes ? replay(path, bytes) : 1;
        if (r)
            break;
        printf("ok %d - %s\n", i + 1, path);
    }
    free(entries);
    free(bytes);
    return r;
}
