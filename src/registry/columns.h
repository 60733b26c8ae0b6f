/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_COLUMNS_H
#define SDS_REGISTRY_COLUMNS_H

#include "registry/table.h"

/* Columns of the table that IANA publishes, in its order. */
enum sds_column {
    SDS_COLUMN_NAME,
    SDS_COLUMN_PORT,
    SDS_COLUMN_TRANSPORT,
    SDS_COLUMN_DESCRIPTION,
    SDS_COLUMN_ASSIGNEE,
    SDS_COLUMN_CONTACT,
    SDS_COLUMN_REGISTERED,
    SDS_COLUMN_MODIFIED,
    SDS_COLUMN_REFERENCE,
    SDS_COLUMN_SERVICE_CODE,
    SDS_COLUMN_UNAUTHORIZED,
    SDS_COLUMN_NOTES,
    SDS_COLUMN__COUNT,
};

/**
 * Add the record that a row's cells make, or say at its line why they make none.
 *
 * @cells  one a column, borrowed for the call; empty where the row lacks the column, but never NULL
 * Returns 0, -ENOMEM, or -E2BIG.
 */
int sds_columns_add(struct sds_load *load, size_t line, const struct sds_span *cells);

#endif
