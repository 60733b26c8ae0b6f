/* SPDX-License-Identifier: MIT */

/* In place of libFuzzer: hand a target every file that is named, a test each. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define BYTES_MAX ((size_t)1 << 20) /* of a file */

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(BYTES_MAX);

    if (!bytes)
        return 1;
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "re");
        uint8_t *copy;
        size_t len;

        if (!file) {
            printf("Bail out! cannot read %s\n", argv[i]);
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
        printf("ok %d - %s\n", i, argv[i]);
    }
    free(bytes);
    return 0;
}
