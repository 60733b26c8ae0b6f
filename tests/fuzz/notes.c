/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "registry/table.h"

/* Of any note, keys have names, and the kind fits them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_arena arena = {0};
    struct sds_txt_decl decl;
    char *notes = strndup((const char *)data, size);

    if (!notes || sds_notes_read(&arena, notes, &decl) < 0)
        abort();
    if ((decl.kind == SDS_TXT_KEYS) != (decl.n_keys > 0))
        abort();
    for (size_t i = 0; i < decl.n_keys; i++)
        if (!decl.keys[i].key || !*decl.keys[i].key)
            abort();
    free(notes);
    sds_arena_done(&arena);
    return 0;
}
