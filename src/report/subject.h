/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_SUBJECT_H
#define SDS_REPORT_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

/* What findings are about: a service, or a file. All is borrowed. */
struct sds_subject {
    const struct sds_service *service; /* NULL: the file itself */
    const struct sds_result *result;   /* NULL where nothing was checked */
    const char *file;                  /* NULL: none */
    int line, column;                  /* of the service in the file; 0: not known */
};

/* The services of a report, then its files. */
size_t sds_n_subjects(const struct sds_report *report);
struct sds_subject sds_subject_at(const struct sds_report *report, size_t i);

/* The full name of a service as far as it is known, or the path of a file: malloc'ed and safe to
 * print; NULL when out of memory. */
char *sds_subject_name(const struct sds_subject *subject);

/* What a file is called where its path is shown: standard input has none. */
const char *sds_path_shown(const char *path);

/* A finding's place in the subject's file: its own, or where that is not known, the service's. */
struct sds_place_in_file {
    int line, column; /* from 1; 0: not known */
};

struct sds_place_in_file sds_subject_place(const struct sds_subject *subject,
                                           const struct sds_finding *finding);

/* Whether a result has anything to tell: a finding, or that there was no room for one. */
bool sds_has_findings(const struct sds_result *result);

/* How many findings count, those for which there was no room among them. */
size_t sds_n_counting(const struct sds_result *result);

/* "key is empty [SD321] - why the policy does not count it": malloc'ed and safe to print; NULL when
 * out of memory. */
char *sds_ignored_format(const struct sds_finding *finding);

/* The worst finding of a result that counts, the first of several; NULL where there is none. */
const struct sds_finding *sds_worst_finding(const struct sds_result *result);

/* "key is empty [SD321] +2", the worst finding and how many more count: malloc'ed and safe to print;
 * "" where none does, NULL when out of memory. */
char *sds_worst_describe(const struct sds_result *result);

/* The same with its severity: "error: key is empty [SD321] +2". */
char *sds_worst_format(const struct sds_result *result);

#endif
