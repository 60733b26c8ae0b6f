/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_EVENT_H
#define SDS_FILES_EVENT_H

/* What happens while a watch or a recording runs. */
enum sds_event_kind {
    SDS_EVENT_ADDED,
    SDS_EVENT_CHANGED,
    SDS_EVENT_REMOVED,
    SDS_EVENT_SETTLED, /* everything that answers has been seen once */
    SDS_EVENT_LOST,    /* the source is gone; what is known stays */
    SDS_EVENT_BACK,
    SDS_EVENT_ENDED, /* of a recording: nothing follows */
    SDS_EVENT__COUNT
};

/* The word of an event in JSON: "added". */
const char *sds_event_name(enum sds_event_kind kind);

/* The event of that word; -1 where there is none. */
int sds_event_from_name(const char *name);

#endif
