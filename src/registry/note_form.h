/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_NOTE_FORM_H
#define SDS_REGISTRY_NOTE_FORM_H

#include "registry/note_lexer.h"
#include "registry/table.h"

/* What a declaration says of one key's value; spans point into the note. */
struct sds_note_value {
    enum sds_token_type shape;   /* of the placeholder after `=`; SDS_TOKEN_END where none is */
    struct sds_span placeholder; /* `<version number>` without brackets, `1`, `{'a'|'b'}` */
    struct sds_span prose;       /* words that follow, or that stand in its place */
    struct sds_span remark;      /* the first bracket that follows, without its brackets */
    struct sds_span choices;     /* `a, b`: what the placeholder stands for, said elsewhere */
    struct sds_span separator;   /* what stands between choices where they may repeat */
};

/**
 * The form of a value.
 *
 * @key  NUL-terminated; only to see where the placeholder merely repeats it
 * Returns 0 or -ENOMEM.
 */
int sds_note_form(struct sds_arena *arena, const char *key, const struct sds_note_value *value,
                  struct sds_form *ret);

#endif
