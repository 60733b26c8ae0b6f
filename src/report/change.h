/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_CHANGE_H
#define SDS_REPORT_CHANGE_H

#include "report/report.h"

/**
 * What changed of a service, from what to what: "port 631 -> 8631; txt +pdl='...', note 'a' -> 'b',
 * -adminurl; new: SD325; mended: SD301". Safe to print; long values are cut to where they differ.
 *
 * @event  of changed; where it does not know what the service was, parts are only named
 * @arrow  " -> ", or what stands for it
 * Returns malloc'ed text, "" where nothing changed; NULL when out of memory.
 */
char *sds_change_describe(const struct sds_event *event, const char *arrow);

#endif
