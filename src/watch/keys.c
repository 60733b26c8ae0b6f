/* SPDX-License-Identifier: MIT */
#include "watch/keys.h"

#include <string.h>

#include "base/mem.h"

static const struct sds_key keys[] = {
#define KEY(action, section, keys, help) {SDS_ACTION_##action, SDS_KEYS_##section, keys, help},
#include "watch/keys.def"
#undef KEY
};

const struct sds_key *sds_key_at(size_t i)
{
    return i < SDS_COUNT(keys) ? &keys[i] : NULL;
}

const char *sds_key_section_name(enum sds_key_section section)
{
    static const char *const names[SDS_KEYS__COUNT] = {
        [SDS_KEYS_MOVE] = "Moving",
        [SDS_KEYS_LOOK] = "Looking",
        [SDS_KEYS_DO] = "Doing",
        [SDS_KEYS_TIME] = "Time of a recording",
        [SDS_KEYS_LEAVE] = "Help and leave",
    };

    return names[section];
}

int sds_action_of_key(const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < SDS_COUNT(keys) && len > 0; i++)
        for (const char *at = keys[i].keys; *at; at += strspn(at, " ")) {
            size_t n = strcspn(at, " ");

            if (n == len && memcmp(at, word, n) == 0)
                return (int)keys[i].action;
            at += n;
        }
    return -1;
}
