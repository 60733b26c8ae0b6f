/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/domains.h"
#include "report/formats.h"
#include "report/table.h"
#include "report/text.h"

static int add_row(struct sds_table *table, const struct sds_domain *domain)
{
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup_name(domain->name);
    SDS_CLEANUP(sds_freep) char *uses = sds_domain_uses(domain, ", ");
    SDS_CLEANUP(sds_freep)
    char *interface = sds_text_dup_name(domain->interface ? domain->interface : "(this host)");

    if (!name || !uses || !interface)
        return -ENOMEM;
    return sds_table_add(table, (const char *const[]){name, interface, uses});
}

static int put_table(const struct sds_report *report, FILE *out)
{
    static const struct sds_column columns[] = {
        {.title = "DOMAIN", .may_cut = true}, {.title = "INTERFACE"}, {.title = "RECOMMENDED TO"}};
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), report->style, out);
    int r = table ? 0 : -ENOMEM;

    for (size_t i = 0; i < report->domains->n && r == 0; i++)
        r = add_row(table, &report->domains->v[i]);
    if (r == 0)
        r = sds_table_print(table);
    sds_table_free(table);
    return r;
}

int sds_text_domains(const struct sds_report *report, FILE *out)
{
    const struct sds_pen pen = {out, report->style};
    size_t n = report->domains->n;
    int r = 0;

    if (n)
        r = put_table(report, out);
    else
        sds_pen_wrap(&pen, SDS_INK_BOLD, "No domain is recommended.", 0, 0);
    fputc('\n', out);
    return r < 0 ? r : sds_text_put_scan(&pen, report);
}
