/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_NOTE_ITEMS_H
#define SDS_REGISTRY_NOTE_ITEMS_H

#include "registry/note_lexer.h"
#include "registry/table.h"

/**
 * The keys of a declaration, and whether it promises more; none where it is no list of keys.
 *
 * Keys stand before an equals sign or a colon, in the first column of a table, in quotes after the
 * word "key", or alone between commas, semicolons, lines or blanks; the first of these that is met
 * anywhere tells how the whole declaration is written.
 *
 * @tokens  end with SDS_TOKEN_END
 * @ret     keys, n_keys and open are set; the texts are in @arena
 * Returns 0 or -ENOMEM.
 */
int sds_note_items(struct sds_arena *arena, const struct sds_token *tokens,
                   struct sds_txt_decl *ret);

#endif
