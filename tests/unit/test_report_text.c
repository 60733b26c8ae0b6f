/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "sample.h"

typedef struct sds_report make_report(const struct sample *sample, const struct sds_style *style);

static const struct {
    const char *golden;
    struct sds_style style;
    make_report *make;
} reports[] = {
    {"audit-80.txt", {.width = 80}, sample_audit},
    {"audit-200.txt", {.width = 200}, sample_audit},
    {"audit-color-80.txt", {.color = true, .width = 80}, sample_audit},
    {"audit-type-details-80.txt",
     {.width = 80, .group = SDS_GROUP_TYPE, .details = true},
     sample_audit},
    {"audit-type-details-200.txt",
     {.width = 200, .group = SDS_GROUP_TYPE, .details = true},
     sample_audit},
    {"browse-80.txt", {.width = 80}, sample_browse},
    {"browse-type-80.txt", {.width = 80, .group = SDS_GROUP_TYPE}, sample_browse},
    {"check-80.txt", {.width = 80}, sample_check},
    {"check-color.txt", {.color = true}, sample_check},
    {"check-details-80.txt", {.width = 80, .details = true}, sample_check},
};

static struct sds_report report_of(const struct sample *sample, bool is_checked,
                                   const struct sds_style *style)
{
    return is_checked ? sample_audit(sample, style) : sample_browse(sample, style);
}

static void writes_reports(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(reports); i++) {
        struct sds_report report = reports[i].make(&sample, &reports[i].style);
        size_t len;
        char *text = write_report(&report, "text", &len);

        print_message("# %s\n", reports[i].golden);
        assert_golden(reports[i].golden, text, len);
        free(text);
    }
    sample_done(&sample);
}

/* An audit may find fault with the site's policy, which is a file: its services stay in groups. */
static void files_stand_below_what_is_live(void **state)
{
    static const struct sds_style style = {0};
    struct sample sample;
    struct sds_report report;
    const char *host, *place;
    size_t len;
    char *text;

    (void)state;
    sample_init(&sample);
    report = sample_audit(&sample, &style);
    sample.file.path = "policy.json";
    report.files = &sample.file;
    report.n_files = 1;
    text = write_report(&report, "text", &len);
    host = strstr(text, "+host.local  192.0.2.10\n");
    place = strstr(text, "\npolicy.json:");
    assert_non_null(host);
    assert_non_null(place);
    assert_true(host < place);
    free(text);
    sample_done(&sample);
}

/* Nothing but printable text and our own line ends, and no line wider than the terminal. */
static void assert_safe_lines(char *text, size_t width)
{
    char *rest = text;

    for (char *line; (line = strsep(&rest, "\n"));) {
        char *safe = sds_text_dup_name(line);

        assert_string_equal(line, safe);
        if (width)
            assert_in_range(sds_text_width(line), 0, width);
        assert_true(!*line || line[strlen(line) - 1] != ' ');
        free(safe);
    }
}

static void keeps_to_the_width(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t width = 45; width <= 220; width++) {
        for (unsigned i = 0; i < 8; i++) {
            struct sds_style style = {
                .width = width == 220 ? 0 : width,
                .group = i & 1 ? SDS_GROUP_TYPE : SDS_GROUP_HOST,
                .details = i & 2,
            };
            struct sds_report report = report_of(&sample, i & 4, &style);
            size_t len;
            char *text = write_report(&report, "text", &len);

            assert_safe_lines(text, style.width);
            free(text);
        }
    }
    sample_done(&sample);
}

/* Lines that begin with their place are whole, for grep; what stands below them keeps to the
 * width. */
static void excerpts_keep_to_the_width(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t width = 1; width <= 220; width++) {
        struct sds_style style = {.width = width};
        struct sds_report report = sample_check(&sample, &style);
        size_t len;
        char *text = write_report(&report, "text", &len), *rest = text;

        for (char *line; (line = strsep(&rest, "\n"));)
            if (strncmp(line, "    ", 4) == 0)
                assert_in_range(sds_text_width(line), 0, width > 30 ? width : 30);
        free(text);
    }
    sample_done(&sample);
}

/* On a terminal too narrow for any layout, lines may run over, but nothing else breaks. */
static void survives_any_width(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t width = 1; width < 45; width++) {
        struct sds_style style = {.width = width, .details = true};
        struct sds_report report = sample_audit(&sample, &style);
        size_t len;
        char *text = write_report(&report, "text", &len);

        assert_safe_lines(text, 0);
        free(text);
    }
    sample_done(&sample);
}

/* Colour adds escape sequences and changes nothing else. */
static void colors_only_dress(void **state)
{
    struct sds_style style = {.color = true, .width = 80, .details = true}, plain_style = style;
    struct sample sample;
    struct sds_report report, plain_report;
    size_t len, plain_len;
    char *text, *plain, *to;

    (void)state;
    plain_style.color = false;
    sample_init(&sample);
    report = sample_audit(&sample, &style);
    plain_report = sample_audit(&sample, &plain_style);
    text = write_report(&report, "text", &len);
    plain = write_report(&plain_report, "text", &plain_len);
    to = text;
    for (const char *from = text; *from;) {
        if (*from == '\033')
            from += strcspn(from, "m") + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    assert_string_equal(text, plain);
    assert_in_range(len, plain_len + 1, plain_len * 3);
    free(text);
    free(plain);
    sample_done(&sample);
}

/* What is said where there is little to say. */
static void says_little(void **state)
{
    static const struct sds_scan arguments = {.source = "arguments", .is_complete = true};
    static const char *const types[] = {"_ipp._tcp", "_ipps._tcp", "\x1b[m"};
    static const struct sds_scan one_type = {
        .source = "embedded", .is_complete = true, .types = types, .n_types = 1};
    static const struct sds_scan far_types = {.source = "avahi",
                                              .is_complete = true,
                                              .types = types,
                                              .n_types = 3,
                                              .domain = "example.com"};
    static const struct sds_scan far = {.source = "avahi", .domain = "local.example.com"};
    static const struct sds_scan local = {
        .source = "avahi", .is_complete = true, .domain = "LOCAL."};
    static const struct sds_style style = {.width = 80};
    const struct {
        const struct sds_scan *scan;
        const char *text;
    } vectors[] = {
        {&sample_scan,
         "No service found: nothing here advertises itself over mDNS, or a firewall keeps\n"
         "  UDP port 5353 closed.\n"
         "scan complete: 1.4 s, source embedded, interface eth0\n"},
        {&sample_cut_scan,
         "No service found, but the search was not complete.\n"
         "scan INCOMPLETE: 5.0 s, source avahi, interfaces eth0, wlan0\n"
         "  - the daemon holds no more than 1024 objects for one client, and more services\n"
         "    were there\n"
         "  - 2 services did not resolve in time\n"
         "note: the daemon was restarted during the scan\n"},
        {&arguments, "No service to look at.\n"},
        {&one_type, "No service of type _ipp._tcp found.\nscan complete: 0.0 s, source embedded\n"},
        {&far_types, "No service of type _ipp._tcp, _ipps._tcp or \\x1b[m found in example.com.\n"
                     "scan complete: 0.0 s, source avahi\n"},
        {&far, "No service found in local.example.com, but the search was not complete.\n"
               "scan INCOMPLETE: 0.0 s, source avahi\n"},
        {&local, "No service found: nothing here advertises itself over mDNS, or a firewall keeps\n"
                 "  UDP port 5353 closed.\n"
                 "scan complete: 0.0 s, source avahi\n"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_report report = {.command = "audit", .scan = vectors[i].scan, .style = &style};
        size_t len;
        char *text = write_report(&report, "text", &len);

        assert_string_equal(text, vectors[i].text);
        free(text);
    }
}

/* Arguments of `check` may give no more than a type. */
static void needs_only_a_type(void **state)
{
    static const struct sds_scan scan = {.source = "arguments", .is_complete = true};
    static const struct sds_style style = {.width = 80, .details = true};
    struct sds_result result = {.has_verdict = true, .verdict = SDS_VERDICT_REGISTERED};
    struct sds_service *s = sds_service_new("_ipp._tcp");
    struct sds_report_item item = {.service = s, .result = &result};
    struct sds_report report = {
        .command = "check", .scan = &scan, .items = &item, .n_items = 1, .style = &style};
    size_t len;
    char *text;

    (void)state;
    assert_int_equal(sds_service_set_txt(s, "\5a=b c\0\1d", 9), 0);
    text = write_report(&report, "text", &len);
    assert_string_equal(text, "_ipp._tcp  registered\n"
                              "  txt        a=b c\n"
                              "             (empty string)\n"
                              "             d\n"
                              "\n"
                              "1 service: 1 registered\n"
                              "no findings\n");
    free(text);
    sds_service_free(s);
}

/* Many rules that could not be evaluated are counted, and named in detail. */
static void names_rules_without_evidence(void **state)
{
    static const struct sds_scan scan = {.source = "arguments", .is_complete = true};
    struct sds_result result = {.not_evaluated = {0x7f}};
    struct sds_service *s = sds_service_new("_ipp._tcp");
    struct sds_report_item item = {.service = s, .result = &result};

    (void)state;
    for (unsigned details = 0; details < 2; details++) {
        struct sds_style style = {.width = 80, .details = details};
        struct sds_report report = {
            .command = "check", .scan = &scan, .items = &item, .n_items = 1, .style = &style};
        size_t len;
        char *text = write_report(&report, "text", &len);

        assert_non_null(strstr(text, "\nnot evaluated for lack of evidence: 7 rules"));
        if (details)
            assert_non_null(strstr(text, "7 rules (SD101, SD102, SD103, SD104, SD105,\n  SD106, "));
        else
            assert_string_equal(text + len - strlen(": 7 rules\n"), ": 7 rules\n");
        free(text);
    }
    sds_service_free(s);
}

static const struct {
    const char *golden;
    struct sds_style style;
} events[] = {
    {"events.txt", {.width = 0}},
    {"events-80.txt", {.width = 80}},
    {"events-color.txt", {.color = true, .width = 120}},
};

static void writes_events(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(events); i++) {
        size_t len;
        char *text = write_events(&sample, "text", &events[i].style, &len);

        assert_golden(events[i].golden, text, len);
        if (!events[i].style.color)
            assert_safe_lines(text, events[i].style.width);
        free(text);
    }
    sample_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_reports),
        cmocka_unit_test(files_stand_below_what_is_live),
        cmocka_unit_test(keeps_to_the_width),
        cmocka_unit_test(excerpts_keep_to_the_width),
        cmocka_unit_test(survives_any_width),
        cmocka_unit_test(colors_only_dress),
        cmocka_unit_test(says_little),
        cmocka_unit_test(needs_only_a_type),
        cmocka_unit_test(names_rules_without_evidence),
        cmocka_unit_test(writes_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
