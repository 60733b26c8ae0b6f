/* SPDX-License-Identifier: MIT */
#include "files/event.h"

#include <string.h>

static const char *const names[SDS_EVENT__COUNT] = {
    [SDS_EVENT_ADDED] = "added",     [SDS_EVENT_CHANGED] = "changed",
    [SDS_EVENT_REMOVED] = "removed", [SDS_EVENT_SETTLED] = "settled",
    [SDS_EVENT_LOST] = "lost",       [SDS_EVENT_BACK] = "back",
    [SDS_EVENT_ENDED] = "ended",
};

const char *sds_event_name(enum sds_event_kind kind)
{
    return (unsigned)kind < SDS_EVENT__COUNT ? names[kind] : NULL;
}

int sds_event_from_name(const char *name)
{
    for (int kind = 0; kind < SDS_EVENT__COUNT; kind++)
        if (strcmp(names[kind], name) == 0)
            return kind;
    return -1;
}
