/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/baseline.h"

static char *text_of(const struct sds_baseline *baseline)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    MUST(out);
    MUST(sds_baseline_write(baseline, out) == 0);
    MUST(fclose(out) == 0);
    return text;
}

/* What was read is written so that it is read again, and is the same then. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_baseline *baseline = NULL, *again = NULL;
    struct sds_input_error error = {0};
    char *first, *second;

    if (sds_baseline_read((const char *)data, size, &baseline, &error) < 0) {
        MUST(*error.text && !baseline);
        return 0;
    }
    first = text_of(baseline);
    MUST(sds_baseline_read(first, strlen(first), &again, &error) == 0);
    second = text_of(again);
    MUST(strcmp(first, second) == 0);
    free(first);
    free(second);
    sds_baseline_free(again);
    sds_baseline_free(baseline);
    return 0;
}
