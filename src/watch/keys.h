/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_KEYS_H
#define SDS_WATCH_KEYS_H

#include <stddef.h>

/* What a key asks for. */
enum sds_action {
#define KEY(action, section, keys, help) SDS_ACTION_##action,
#include "watch/keys.def"
#undef KEY
    SDS_ACTION__COUNT
};

enum sds_key_section {
    SDS_KEYS_MOVE,
    SDS_KEYS_LOOK,
    SDS_KEYS_DO,
    SDS_KEYS_TIME, /* of a recording */
    SDS_KEYS_LEAVE,
    SDS_KEYS__COUNT
};

/* A row of the table. All text is static. */
struct sds_key {
    enum sds_action action;
    enum sds_key_section section;
    const char *keys; /* words, the first is the one to show: "Up k", "^B" is Control-B */
    const char *help; /* one clause */
};

/* In the order of the table; NULL past the end. */
const struct sds_key *sds_key_at(size_t i);

/* "Moving", "Looking" ... */
const char *sds_key_section_name(enum sds_key_section section);

/* The action of a key by its word, such as "k", "PgUp" or "^L"; -1 where it has none. */
int sds_action_of_key(const char *word);

#endif
