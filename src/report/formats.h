/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_FORMATS_H
#define SDS_REPORT_FORMATS_H

#include <stdio.h>

struct sds_event;
struct sds_report;
struct sds_style;

/* The functions behind the table of formats; see struct sds_format. */

int sds_text_report(const struct sds_report *report, FILE *out);
int sds_text_domains(const struct sds_report *report, FILE *out);
int sds_text_event(const struct sds_event *event, const struct sds_style *style, FILE *out);

int sds_json_report(const struct sds_report *report, FILE *out);
int sds_json_domains(const struct sds_report *report, FILE *out);

int sds_ndjson_report(const struct sds_report *report, FILE *out);
int sds_ndjson_domains(const struct sds_report *report, FILE *out);
int sds_ndjson_event(const struct sds_event *event, const struct sds_style *style, FILE *out);

int sds_csv_report(const struct sds_report *report, FILE *out);
int sds_csv_domains(const struct sds_report *report, FILE *out);
int sds_csv_event(const struct sds_event *event, const struct sds_style *style, FILE *out);

int sds_sarif_report(const struct sds_report *report, FILE *out);
int sds_junit_report(const struct sds_report *report, FILE *out);
int sds_github_report(const struct sds_report *report, FILE *out);

#endif
