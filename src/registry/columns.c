/* SPDX-License-Identifier: MIT */
#include "registry/columns.h"

#include <errno.h>

#include "base/mem.h"

/* Why a row cannot be kept; NULL when it can. */
static const char *find_fault(const struct sds_span *cells)
{
    const struct sds_span *port = &cells[SDS_COLUMN_PORT];
    const struct sds_span *transport = &cells[SDS_COLUMN_TRANSPORT];

    for (size_t i = 0; i < SDS_COLUMN__COUNT; i++)
        if (!sds_load_is_text((const char *)cells[i].p, cells[i].len))
            return "a field is not UTF-8 text, or too long";
    if (port->len && !sds_is_port((const char *)port->p, port->len))
        return "not a port number or a range of them";
    if (transport->len && !sds_transport_word((const char *)transport->p, transport->len))
        return "not a transport protocol";
    return NULL;
}

static int add_row(struct sds_load *load, const struct sds_span *cells)
{
    struct sds_record row = {0};
    const struct {
        enum sds_column column;
        const char **ret;
        bool one_line;
    } fields[] = {
        {SDS_COLUMN_NAME, &row.name, true},
        {SDS_COLUMN_PORT, &row.port, true},
        {SDS_COLUMN_DESCRIPTION, &row.description, true},
        {SDS_COLUMN_REGISTERED, &row.registered, true},
        {SDS_COLUMN_MODIFIED, &row.modified, true},
        {SDS_COLUMN_SERVICE_CODE, &row.service_code, true},
        {SDS_COLUMN_UNAUTHORIZED, &row.unauthorized, true},
        {SDS_COLUMN_NOTES, &row.notes, false},
    };
    const struct sds_span *assignee = &cells[SDS_COLUMN_ASSIGNEE];
    const struct sds_span *contact = &cells[SDS_COLUMN_CONTACT];
    const struct sds_span *reference = &cells[SDS_COLUMN_REFERENCE];
    const struct sds_span *transport = &cells[SDS_COLUMN_TRANSPORT];
    int r = 0;

    for (size_t i = 0; r == 0 && i < SDS_COUNT(fields); i++)
        r = sds_load_field(load, (const char *)cells[fields[i].column].p,
                           cells[fields[i].column].len, fields[i].one_line, fields[i].ret);
    if (r == 0)
        r = sds_load_persons(load, (const char *)assignee->p, assignee->len, &row.assignee);
    if (r == 0)
        r = sds_load_persons(load, (const char *)contact->p, contact->len, &row.contact);
    if (r == 0)
        r = sds_load_references(load, (const char *)reference->p, reference->len, &row);
    row.transport = sds_transport_word((const char *)transport->p, transport->len);
    return r < 0 ? r : sds_load_add(load, row, false);
}

int sds_columns_add(struct sds_load *load, size_t line, const struct sds_span *cells)
{
    const char *fault = find_fault(cells);

    if (!fault)
        return add_row(load, cells);
    sds_load_say(load, line, 0, "%s", fault);
    return 0;
}
