/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dnssd/domain.h"
#include "sample.h"

static const struct {
    const char *name, *interface;
    enum sds_domain_use use;
} recommended[] = {
    {"\\027[31m\xe2\x80\xaetset.bal", "eth0", SDS_DOMAIN_BROWSE},
    {"=cmd,x.example", NULL, SDS_DOMAIN_BROWSE},
    {"lab.test", "eth0", SDS_DOMAIN_BROWSE},
    {"lab.test", "eth0", SDS_DOMAIN_LEGACY_BROWSE},
    {"lab.test", "eth0", SDS_DOMAIN_DEFAULT_BROWSE},
    {"lab.test", "eth1", SDS_DOMAIN_REGISTER},
    {"lab.test", "eth1", SDS_DOMAIN_DEFAULT_REGISTER},
};

static const struct {
    const char *format, *golden;
} formats[] = {
    {"text", "domains.txt"},
    {"json", "domains.json"},
    {"ndjson", "domains.ndjson"},
    {"csv", "domains.csv"},
};

static char *write_domains(const struct sds_domains *list, const char *format, size_t *ret_len)
{
    static const struct sds_style style = {.width = 80};
    const struct sds_report report = {
        .command = "browse", .scan = &sample_cut_scan, .domains = list, .style = &style};
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_len);

    assert_int_equal(sds_format_find(format)->domains(&report, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void writes_domains(void **state)
{
    struct sds_domains list = {0};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(recommended); i++) {
        struct sds_name name;

        sds_name_parse(recommended[i].name, &name);
        assert_int_equal(
            sds_domains_add(&list, &name, recommended[i].use, recommended[i].interface), 0);
    }
    for (size_t i = 0; i < SDS_COUNT(formats); i++) {
        size_t len;
        char *text = write_domains(&list, formats[i].format, &len);

        print_message("# %s\n", formats[i].golden);
        assert_golden(formats[i].golden, text, len);
        free(text);
    }
    sds_domains_done(&list);
}

static void writes_that_there_is_none(void **state)
{
    const struct sds_domains none = {0};
    size_t len;
    char *text = write_domains(&none, "text", &len);

    (void)state;
    assert_memory_equal(text, "No domain is recommended.\n", 26);
    free(text);
    text = write_domains(&none, "ndjson", &len);
    assert_string_equal(text, "");
    free(text);
    text = write_domains(&none, "csv", &len);
    assert_string_equal(text, "domain,interface,uses\r\n");
    free(text);
}

static void every_format_without_findings_knows_domains(void **state)
{
    const struct sds_format *format;

    (void)state;
    for (size_t i = 0; (format = sds_format_at(i)); i++)
        assert_int_equal(format->domains != NULL, !format->needs_findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_domains),
        cmocka_unit_test(writes_that_there_is_none),
        cmocka_unit_test(every_format_without_findings_knows_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
