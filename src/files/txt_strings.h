/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_TXT_STRINGS_H
#define SDS_FILES_TXT_STRINGS_H

#include "base/arr.h"
#include "sdscope/service.h"

/* Byte strings of a file, one behind the other: TXT strings of any length, or RDATA of records.
 * Zero it to begin, sds_txt_strings_done() to end. */
struct sds_txt_strings {
    SDS_ARR(uint8_t) bytes;
    SDS_ARR(size_t) lens;
    size_t open_len; /* of the string that is not ended yet */
};

void sds_txt_strings_done(struct sds_txt_strings *strings);

/* Append bytes to the string that is open; then end it. False when out of memory. */
bool sds_txt_strings_push(struct sds_txt_strings *strings, struct sds_span bytes);
bool sds_txt_strings_end(struct sds_txt_strings *strings);

/* Spans over those that were ended, malloc'ed; NULL when out of memory. */
struct sds_span *sds_txt_strings_spans(const struct sds_txt_strings *strings);

#endif
