/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"

static const struct sds_rule rules[] = {
    {.number = 102,
     .id = "SD102",
     .name = "service-name-length",
     .part = SDS_PART_TYPE,
     .reference = "RFC 6335 5.1; RFC 6763 7.2",
     .hint = "shorten the name to 15 bytes; some resolvers refuse longer ones"},
    {.number = 203,
     .id = "SD203",
     .name = "instance-ascii-control",
     .part = SDS_PART_INSTANCE,
     .reference = "RFC 6763 4.1.1"},
    {.number = 303,
     .id = "SD303",
     .name = "txt-truncated",
     .part = SDS_PART_TXT,
     .reference = "RFC 1035 3.3, 3.3.14",
     .hint = "mend the length bytes"},
    {.number = 325,
     .id = "SD325",
     .name = "txt-key-duplicate",
     .part = SDS_PART_TXT,
     .reference = "RFC 6763 6.4",
     .hint = "only the first counts; remove the others"},
    {.number = 401,
     .id = "SD401",
     .name = "srv-missing",
     .part = SDS_PART_HOST,
     .reference = "RFC 6763 5",
     .hint =
         "a stale pointer, or a service that was never published whole: restart what advertises "
         "it, and look again after its time to live"},
    {.number = 501,
     .id = "SD501",
     .name = "registry-unregistered",
     .part = SDS_PART_TYPE,
     .reference = "RFC 6335 5.2",
     .hint = "register the name, which is free, or use one that is registered"},
    {.number = 906, .id = "SD906", .name = "xml-structure", .part = SDS_PART_FILE},
};

enum { SD102, SD203, SD303, SD325, SD401, SD501, SD906 };

#define FINDING(at, level, of_key, text, where)                                                    \
    {                                                                                              \
        .rule = &rules[at], .severity = (level), .key = (char *)(of_key),                          \
        .message = (char *)(text), .offset = (where),                                              \
    }

static struct sds_finding printer_findings[] = {
    FINDING(SD325, SDS_SEV_WARNING, "rp", "TXT key \"rp\" occurs 2 times", 29),
};
static struct sds_finding evil_findings[] = {
    FINDING(SD203, SDS_SEV_ERROR, NULL,
            "instance name has an ASCII control character: '\\x1b[2J\\x07\\x0a\\u{202e}txt\\xff'",
            -1),
    FINDING(SD303, SDS_SEV_ERROR, NULL, "TXT string runs past its RDATA", 32),
    FINDING(SD501, SDS_SEV_WARNING, NULL, "service name 'evil' is not registered", -1),
};
static struct sds_finding stale_findings[] = {
    FINDING(SD401, SDS_SEV_ERROR, NULL, "service has no SRV record", -1),
};
static struct sds_finding long_findings[] = {
    FINDING(SD102, SDS_SEV_ERROR, NULL,
            "service name 'a-name-that-goes-on-for-ever-and-ever' exceeds 15 bytes", -1),
    FINDING(SD501, SDS_SEV_INFO, NULL, "nobody registered it", -1),
};

/* A formula, what ends cells, attributes, elements and commands, and characters that are several
 * bytes, surrogates or columns. */
#define ODD_NAME " =1+1|'a'!A1, \"b\"; 100%25 ]]></x>&amp; ::error::\U0001f4a9\uff1d"

#define ODD_KEY     "+cmd,\"]]>"
#define ODD_MESSAGE "-2+3, \"]]>\" <&amp;> 100%0A::error:: [a](b) '\\x00\\x1f\\xc0\\u{fffe}'"

static struct sds_finding odd_findings[] = {
    FINDING(SD325, SDS_SEV_WARNING, ODD_KEY, ODD_MESSAGE, 6),
    FINDING(SD401, SDS_SEV_INFO, NULL, "@SUM(A1)", -1),
};
/* The same where its file is known. */
static struct sds_finding placed_findings[] = {
    {.rule = &rules[SD325],
     .severity = SDS_SEV_WARNING,
     .key = (char *)ODD_KEY,
     .message = (char *)ODD_MESSAGE,
     .offset = 6,
     .line = 30,
     .column = 14},
    FINDING(SD401, SDS_SEV_INFO, NULL, "@SUM(A1)", -1),
};
static struct sds_finding file_findings[] = {
    {.rule = &rules[SD906],
     .severity = SDS_SEV_ERROR,
     .message = (char *)"unknown element '<a b=\"%s\">'",
     .offset = -1,
     .line = 1,
     .column = 5},
    FINDING(SD906, SDS_SEV_INFO, NULL, "+1", -1),
};

#define TXT(literal) (literal), sizeof(literal) - 1

static const struct {
    const char *instance; /* NULL: unknown */
    const char *type, *host, *subtype;
    unsigned port;
    const char *addresses[3];
    const char *txt;
    size_t txt_len;
    enum sds_verdict verdict;
    struct sds_finding *findings;
    size_t n_findings, n_dropped;
} services[SAMPLE_SERVICES] = {
    {"Office Printer",
     "_ipp._tcp",
     "printer.local",
     "_universal",
     631,
     {"fe80::3a1b:5c:77ff:1", "192.0.2.7", "2001:db8::7"},
     TXT("\x09txtvers=1\x0crp=ipp/print\x05"
         "Color\x05rp=lp\x08note=\xc3\xbc\\"),
     SDS_VERDICT_REGISTERED,
     printer_findings,
     SDS_COUNT(printer_findings),
     0},
    {"Office Printer",
     "_printer._tcp",
     "Printer.local",
     NULL,
     515,
     {"192.0.2.7"},
     TXT("\0"),
     SDS_VERDICT_REGISTERED,
     NULL,
     0,
     0},
    {"\u53f0\u6240\u306e\u30c6\u30ec\u30d3 \U0001f4fa",
     "_airplay._tcp",
     "tv.local",
     NULL,
     7000,
     {"192.0.2.9"},
     TXT("\x1a"
         "deviceid=58:55:CA:1A:E2:88\x11"
         "features=\xe2\x80\xae\x01\x02\xff=x"),
     SDS_VERDICT_REGISTERED,
     NULL,
     0,
     0},
    {"Cafe\u0301 de\u0301ja\u0300 vu",
     "_spotify-connect._tcp",
     "tv.local",
     NULL,
     4070,
     {"192.0.2.9"},
     NULL,
     0,
     SDS_VERDICT_KNOWN,
     NULL,
     0,
     0},
    {"\033[2J\a\n\u202etxt\xff",
     "_evil._tcp",
     "evil\\027[31m\\.\u202ehost.local",
     NULL,
     0,
     {"192.0.2.66"},
     TXT("\x11"
         "esc=\x1b]0;owned\a\\n\xff\x0d"
         "nul=\0\x9b\xc2\x9b"
         "31m\r\n\x20"
         "a=\xe2\x80\x80"
         "cut"),
     SDS_VERDICT_UNREGISTERED,
     evil_findings,
     SDS_COUNT(evil_findings),
     3},
    {"Left long ago",
     "_http._tcp",
     NULL,
     NULL,
     0,
     {NULL},
     NULL,
     0,
     SDS_VERDICT_REGISTERED,
     stale_findings,
     SDS_COUNT(stale_findings),
     0},
    {"\u00dcberaus langer Name eines Dienstes, der volle 63 Byte ausnutzt",
     "_a-name-that-goes-on-for-ever-and-ever._tcp",
     "a-host-with-a-name-that-fills-its-label-from-the-first-byte-on.local",
     NULL,
     65535,
     {"2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:1234:5678:9abc:def0:1234:5679",
      "198.51.100.200"},
     TXT(""),
     SDS_VERDICT_MALFORMED,
     long_findings,
     SDS_COUNT(long_findings),
     0},
    {"x",
     "_workstation._tcp",
     "nas.local",
     NULL,
     9,
     {"192.0.2.8"},
     NULL,
     0,
     SDS_VERDICT_RETIRED,
     NULL,
     0,
     0},
    {ODD_NAME,
     "_odd._udp",
     "+host.local",
     NULL,
     1,
     {"192.0.2.10"},
     TXT("\x05"
         "a=\0\x1f\xc0\x0e"
         "+cmd,\"]]>=\U0001f4a9\x03"
         "c=%"),
     SDS_VERDICT_UNREGISTERED,
     odd_findings,
     SDS_COUNT(odd_findings),
     0},
};

static const char *const interfaces[] = {"eth0", "wlan0"};
static const char *const reasons[] = {
    "the daemon holds no more than 1024 objects for one client, and more services were there",
    "2 services did not resolve in time",
};
static const char *const notes[] = {"the daemon was restarted during the scan"};

#define FILE_PATH "services, 100%: \"<a&b>\"/\xff\u53f0\\.json"

#define STARTED_MS 1795341600000 /* 2026-11-22T10:00:00Z */

const struct sds_scan sample_scan = {
    .source = "embedded",
    .started_ms = STARTED_MS,
    .duration_ms = 1420,
    .is_complete = true,
    .interfaces = interfaces,
    .n_interfaces = 1,
    .counts_queries = true,
    .n_query_packets = 12,
    .n_query_bytes = 3456,
};

const struct sds_scan sample_cut_scan = {
    .source = "avahi",
    .started_ms = STARTED_MS,
    .duration_ms = 5000,
    .reasons = reasons,
    .n_reasons = SDS_COUNT(reasons),
    .notes = notes,
    .n_notes = SDS_COUNT(notes),
    .interfaces = interfaces,
    .n_interfaces = SDS_COUNT(interfaces),
};

static const char registry_json[] =
    "{\"sdscope_registry\": 1, \"title\": \"Names\", \"updated\": \"2026-08-17\", \"records\": ["
    "{\"name\": \"ipp\", \"transport\": \"tcp\", \"description\": \"Internet Printing Protocol\"},"
    "{\"name\": \"airplay\", \"transport\": \"tcp\", \"description\": \"A \\u001bprotocol\"}]}";

static struct sds_service *make_service(size_t i)
{
    struct sds_service *s = sds_service_new(services[i].type);

    assert_non_null(s);
    assert_int_equal(
        sds_service_set_instance(s, services[i].instance, strlen(services[i].instance)), 0);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    if (services[i].subtype)
        assert_int_equal(sds_service_add_subtype(s, services[i].subtype), 0);
    if (services[i].host) {
        assert_int_equal(sds_service_set_host(s, services[i].host), 0);
        sds_service_set_port(s, (uint16_t)services[i].port);
        sds_service_set_priority(s, 0);
        sds_service_set_weight(s, 0);
    } else {
        sds_service_set_missing(s, SDS_PART_HOST);
        sds_service_set_missing(s, SDS_PART_PORT);
    }
    for (size_t j = 0; j < SDS_COUNT(services[i].addresses) && services[i].addresses[j]; j++) {
        struct sds_address address;

        assert_true(sds_address_parse(services[i].addresses[j], &address));
        assert_int_equal(sds_service_add_address(s, address), 0);
    }
    if (services[i].txt)
        assert_int_equal(sds_service_set_txt(s, services[i].txt, services[i].txt_len), 0);
    else
        sds_service_set_missing(s, SDS_PART_TXT);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET6}), 0);
    return s;
}

static void lack_evidence(struct sds_result *result, const char *id)
{
    for (size_t i = 0; i < sds_n_rules(); i++)
        if (strcmp(sds_rule_at(i)->id, id) == 0)
            result->not_evaluated[i / 64] |= (uint64_t)1 << i % 64;
}

void sample_init(struct sample *sample)
{
    for (size_t i = 0; i < SAMPLE_SERVICES; i++) {
        struct sds_result *result = &sample->results[i];

        sample->services[i] = make_service(i);
        *result = (struct sds_result){
            .has_verdict = true,
            .verdict = services[i].verdict,
            .findings = services[i].findings,
            .n_findings = services[i].n_findings,
            .n_dropped = services[i].n_dropped,
        };
        lack_evidence(result, "SD304");
        if (i % 2)
            lack_evidence(result, "SD303");
        sample->browsed[i] = (struct sds_report_item){.service = sample->services[i]};
        sample->checked[i] =
            (struct sds_report_item){.service = sample->services[i], .result = result};
    }
    sample->file_result =
        (struct sds_result){.findings = file_findings, .n_findings = SDS_COUNT(file_findings)};
    sample->file = (struct sds_report_file){FILE_PATH, &sample->file_result};
    for (size_t i = 0; i < SAMPLE_SERVICES; i++) {
        sample->written[i] = sample->checked[i];
        sample->written[i].file = FILE_PATH;
        sample->written[i].line = (int)i + 1;
        sample->written[i].column = 2;
    }
    sample->placed = sample->results[SAMPLE_SERVICES - 1];
    sample->placed.findings = placed_findings;
    sample->written[SAMPLE_SERVICES - 1].result = &sample->placed;
    sample->registry = sds_registry_new();
    assert_non_null(sample->registry);
    assert_int_equal(sds_registry_load_bytes(sample->registry, "sample", registry_json,
                                             sizeof(registry_json) - 1, NULL, NULL),
                     0);
}

void sample_done(struct sample *sample)
{
    for (size_t i = 0; i < SAMPLE_SERVICES; i++)
        sds_service_free(sample->services[i]);
    sds_registry_free(sample->registry);
}

struct sds_report sample_audit(const struct sample *sample, const struct sds_style *style)
{
    return (struct sds_report){
        .command = "audit",
        .scan = &sample_scan,
        .registry = sample->registry,
        .items = sample->checked,
        .n_items = SAMPLE_SERVICES,
        .style = style,
    };
}

struct sds_report sample_check(const struct sample *sample, const struct sds_style *style)
{
    static const struct sds_scan scan = {
        .source = "file", .started_ms = STARTED_MS, .is_complete = true};

    return (struct sds_report){
        .command = "check",
        .scan = &scan,
        .registry = sample->registry,
        .items = sample->written,
        .n_items = SAMPLE_SERVICES,
        .files = &sample->file,
        .n_files = 1,
        .style = style,
    };
}

struct sds_report sample_browse(const struct sample *sample, const struct sds_style *style)
{
    return (struct sds_report){
        .command = "browse",
        .scan = &sample_cut_scan,
        .items = sample->browsed,
        .n_items = SAMPLE_SERVICES,
        .style = style,
    };
}

struct sds_event sample_event(const struct sample *sample, size_t i)
{
    static const struct {
        enum sds_event_kind kind;
        int service; /* -1: none */
        bool is_checked;
        unsigned changes;
        const char *message;
        int before; /* the service that it was before; 0: not known */
    } events[SAMPLE_EVENTS] = {
        {SDS_EVENT_ADDED, 0, true, 0, NULL, 0},
        {SDS_EVENT_ADDED, 1, false, 0, NULL, 0},
        {SDS_EVENT_ADDED, 4, true, 0, NULL, 0},
        {SDS_EVENT_SETTLED, -1, false, 0, NULL, 0},
        {SDS_EVENT_CHANGED, 2, true, SDS_PART_TXT | SDS_PART_PORT, NULL, 4},
        {SDS_EVENT_CHANGED, 6, true, SDS_PART_ADDRESSES, NULL, 6},
        {SDS_EVENT_REMOVED, 5, true, 0, NULL, 0},
        {SDS_EVENT_LOST, -1, false, 0, "the Avahi daemon has gone", 0},
        {SDS_EVENT_BACK, -1, false, 0, NULL, 0},
        {SDS_EVENT_ENDED, -1, false, 0, NULL, 0},
    };
    int n = events[i].service;

    return (struct sds_event){
        .kind = events[i].kind,
        .time_ms = STARTED_MS + (int64_t)i * 1001,
        .service = n < 0 ? NULL : sample->services[n],
        .result = n >= 0 && events[i].is_checked ? &sample->results[n] : NULL,
        .was = events[i].before ? sample->services[events[i].before] : NULL,
        .before = events[i].before ? &sample->results[events[i].before] : NULL,
        .changes = events[i].changes,
        .message = events[i].message,
    };
}

char *write_report(const struct sds_report *report, const char *format, size_t *ret_len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_len);

    assert_int_equal(sds_format_find(format)->report(report, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

char *write_events(const struct sample *sample, const char *format, const struct sds_style *style,
                   size_t *ret_len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_len);

    for (size_t i = 0; i < SAMPLE_EVENTS; i++) {
        struct sds_event event = sample_event(sample, i);

        assert_int_equal(sds_format_find(format)->event(&event, style, out), 0);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void write_golden(const char *path, const char *text, size_t len)
{
    FILE *out = fopen(path, "we");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

void assert_golden(const char *name, const char *text, size_t len)
{
    static char golden[1 << 16];
    char path[512];
    size_t golden_len;
    FILE *in;

    snprintf(path, sizeof(path), "%s/%s", getenv("SDS_GOLDEN"), name);
    if (getenv("SDS_UPDATE_GOLDEN"))
        write_golden(path, text, len);
    in = fopen(path, "re");
    assert_non_null(in);
    golden_len = fread(golden, 1, sizeof(golden) - 1, in);
    fclose(in);
    golden[golden_len] = '\0';
    assert_int_equal(strlen(text), len); /* no report holds a NUL */
    assert_string_equal(text, golden);
}
