/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_SLOW_CALLS_H
#define SDS_DISCOVERY_SLOW_CALLS_H

#include <stdbool.h>
#include <stdint.h>

/* One that lives answers in milliseconds, in tens of them on a machine that has other work; one
 * that a flood keeps busy, in seconds. */
#define SDS_SLOW_CALL_MS 200

#define SDS_SLOW_REST_MS 1000 /* as long as anybody may rest after a slow one */

/* Calls, one after the other, that all took long: who is called may be too busy to be of any help.
 * Begins cleared. */
struct sds_slow_calls {
    unsigned n;
    int64_t since_ms; /* the first of them began */
    int64_t until_ms; /* the last of them ended */
};

/**
 * Note a call.
 *
 * Returns whether there have been none but slow ones for seconds: several, and no long pause in
 * which nobody called. A single call proves nothing, however long it took: the process may have
 * been stopped in it.
 */
bool sds_slow_calls_note(struct sds_slow_calls *calls, int64_t began_ms, int64_t ended_ms);

#endif
