/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_CHANGE_H
#define SDS_WATCH_CHANGE_H

#include "report/report.h"

/**
 * What changed of a service, from what to what: "port 631 -> 8631; TXT +pdl=…, note 'a' -> 'b',
 * -adminurl; new SD325". Safe to print.
 *
 * @before  what it was
 * @event   a change; its results, where it has them, tell the findings that came and went
 * @arrow   " -> ", or what stands for it
 * Returns malloc'ed text, "" where nothing that is worth a word changed; NULL when out of memory.
 */
char *sds_change_describe(const struct sds_service *before, const struct sds_event *event,
                          const char *arrow);

#endif
