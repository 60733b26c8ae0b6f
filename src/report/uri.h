/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_URI_H
#define SDS_REPORT_URI_H

struct sds_subject;

/**
 * Where a subject is to be looked for, as a URI reference (RFC 3986): its file, relative unless the
 * path is absolute, or for a service that stands in none, a path that only names it,
 * "lan/_ipp._tcp/Office%20Printer". Malloc'ed; NULL when out of memory.
 */
char *sds_subject_uri(const struct sds_subject *subject);

#endif
