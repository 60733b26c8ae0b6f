/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_SERVICE_DTD_H
#define SDS_FILES_SERVICE_DTD_H

#include <stdbool.h>
#include <stddef.h>

/* What Avahi's service files may hold: avahi-service.dtd as a table. The order of the elements in a
 * service is left out, as Avahi takes any. */

enum sds_dtd_element {
    SDS_DTD_NONE, /* outside the document's element, or unknown */
    SDS_DTD_GROUP,
    SDS_DTD_NAME,
    SDS_DTD_SERVICE,
    SDS_DTD_TYPE,
    SDS_DTD_SUBTYPE,
    SDS_DTD_DOMAIN,
    SDS_DTD_HOST,
    SDS_DTD_PORT,
    SDS_DTD_TXT,
    SDS_DTD__COUNT
};

#define SDS_DTD_VALUES_MAX 3

struct sds_dtd_row {
    const char *name;
    enum sds_dtd_element parent;            /* the only one that may hold it */
    bool is_single;                         /* once in its parent */
    bool has_text;                          /* its content; else it holds elements alone */
    const char *attribute;                  /* the only one; NULL: none */
    const char *values[SDS_DTD_VALUES_MAX]; /* the default comes first */
};

/* A row, of which SDS_DTD_NONE has an empty one. */
const struct sds_dtd_row *sds_dtd_row(enum sds_dtd_element element);

/* The element of this name in another one; SDS_DTD_NONE where it does not belong. */
enum sds_dtd_element sds_dtd_find(enum sds_dtd_element parent, const char *name);

/* Which of the values of its attribute this is; -1 for none of them. */
int sds_dtd_value(enum sds_dtd_element element, const char *value);

#endif
