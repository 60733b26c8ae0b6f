/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_SAMPLE_H
#define SDS_TESTS_SAMPLE_H

#include "report/report.h"

#define SAMPLE_SERVICES 9
#define SAMPLE_EVENTS   10

/* A LAN as reports have to cope with it: friendly, broken and hostile services, with findings made
 * by hand, so that no other module's words matter. */
struct sample {
    struct sds_service *services[SAMPLE_SERVICES];
    struct sds_result results[SAMPLE_SERVICES];
    struct sds_report_item checked[SAMPLE_SERVICES], browsed[SAMPLE_SERVICES];
    struct sds_report_item written[SAMPLE_SERVICES]; /* in a file, with places */
    struct sds_result placed, file_result;
    struct sds_report_file file;
    struct sds_registry *registry;
};

extern const struct sds_scan sample_scan, sample_cut_scan;

/* Fails the test where it cannot be made. */
void sample_init(struct sample *sample);
void sample_done(struct sample *sample);

/* What audit, check of a file, and browse have to say of it. */
struct sds_report sample_audit(const struct sample *sample, const struct sds_style *style);
struct sds_report sample_check(const struct sample *sample, const struct sds_style *style);
struct sds_report sample_browse(const struct sample *sample, const struct sds_style *style);

/* What a watch of it may see; @i is less than SAMPLE_EVENTS. */
struct sds_event sample_event(const struct sample *sample, size_t i);

/* A report, and the events of a watch, as a format has them; malloc'ed. */
char *write_report(const struct sds_report *report, const char *format, size_t *ret_len);
char *write_events(const struct sample *sample, const char *format, const struct sds_style *style,
                   size_t *ret_len);

/* Compare with a file of tests/unit/golden/, or write it where SDS_UPDATE_GOLDEN is set. */
void assert_golden(const char *name, const char *text, size_t len);

#endif
