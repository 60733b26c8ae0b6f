/* SPDX-License-Identifier: MIT */
#include "discovery/slow_calls.h"

/* So many in a row, over so long a time. */
#define CALLS_MIN 3
#define SPAN_MS   3000

/* Who has something to ask does not pause for longer. */
#define PAUSE_MS (2 * SDS_SLOW_REST_MS)

bool sds_slow_calls_note(struct sds_slow_calls *calls, int64_t began_ms, int64_t ended_ms)
{
    int64_t took = ended_ms - began_ms;

    if (took <= SDS_SLOW_CALL_MS) {
        calls->n = 0;
        return false;
    }
    if (calls->n && began_ms - calls->until_ms > PAUSE_MS)
        calls->n = 0;
    if (!calls->n++)
        calls->since_ms = took > SPAN_MS ? ended_ms : began_ms;
    calls->until_ms = ended_ms;
    return calls->n >= CALLS_MIN && ended_ms - calls->since_ms > SPAN_MS;
}
