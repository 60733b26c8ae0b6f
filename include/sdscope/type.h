/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_TYPE_H
#define SDSCOPE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "sdscope/api.h"
#include "sdscope/name.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDS_SERVICE_NAME_MAX 15 /* bytes without the underscore; RFC 6335 5.1 */

enum sds_transport {
    SDS_TRANSPORT_OTHER, /* neither of the two labels that DNS-SD allows */
    SDS_TRANSPORT_TCP,
    SDS_TRANSPORT_UDP, /* everything that is not TCP (RFC 6763 7) */
};

/* A service type such as `_ipp._tcp`, taken apart. Spans point into @labels. */
struct sds_type {
    struct sds_name labels;
    bool is_pair;     /* exactly two labels and the first begins with `_` (RFC 6763 7) */
    bool has_subtype; /* was written `<subtype>._sub._ipp._tcp` (RFC 6763 7.1) */
    struct sds_span subtype;
    struct sds_span name; /* registered part, without `_`; the first label where that lacks it */
    struct sds_span transport_label;
    enum sds_transport transport;
};

/* Take a type in presentation format apart; never fails, see sds_type.is_pair and labels.faults. */
SDS_PUBLIC void sds_type_parse(const char *text, struct sds_type *ret);

/* A subtype as somebody wrote it, taken apart; @label points into @labels. */
struct sds_subtype {
    struct sds_name labels;
    bool is_malformed; /* neither one label nor `<label>._sub.` before the service's type */
    struct sds_span label;
};

/**
 * Take a subtype in presentation format apart: `_print`, or `_print._sub._ipp._tcp` in full.
 *
 * @type  of the service; ASCII case is ignored
 */
SDS_PUBLIC void sds_subtype_parse(const char *text, const struct sds_type *type,
                                  struct sds_subtype *ret);

#ifdef __cplusplus
}
#endif

#endif
