/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "files/recording.h"

#define HEAD  "{\"sdscope_recording\": 1, \"started\": \"2026-11-22T10:00:00.000Z\""
#define TIME  "\"time\": \"2026-11-22T10:00:00.250Z\""
#define T0_MS INT64_C(1795341600000)

static const char *error_of_line(const char *text)
{
    static char error[SDS_RECORDING_ERROR_SIZE];
    struct sds_recording_line line;

    assert_int_equal(sds_recording_read_line(text, strlen(text), &line, error), -EINVAL);
    return error;
}

static void times_are_read_as_they_are_written(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } vectors[] = {
        {"2026-11-22T10:00:00.000Z", T0_MS},
        {"2026-11-22T10:00:00.007Z", T0_MS + 7},
        {"2026-11-22T10:00:00Z", T0_MS},
        {"1970-01-01T00:00:00Z", 0},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
        {"1969-12-31T23:59:59Z", -1},
        {"2026-02-30T10:00:00Z", -1},
        {"2026-11-22T10:00:00", -1},
        {"2026-11-22T10:00:00.7Z", -1},
        {"2026-11-22T10:00:00.0000Z", -1},
        {"2026-11-22T10:00:00.-07Z", -1},
        {"2026-11-22 10:00:00Z", -1},
        {" 2026-11-22T10:00:00Z", -1},
        {"2026-11-22T10:00:00Z ", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        int64_t ms = -1;
        bool ok = sds_timestamp_parse(vectors[i].text, &ms);

        assert_int_equal(ok ? ms : -1, vectors[i].ms);
    }
}

static void a_head_is_read_back(void **state)
{
    const char *types[] = {"_ipp._tcp", "_http._tcp"}, *interfaces[] = {"eth0"};
    const struct sds_recording_head head = {
        .version = "1.2.3",
        .source = "avahi+wire",
        .host = "desk\xff",
        .started_ms = T0_MS + 5,
        .domain = "local",
        .types = {types, 2},
        .interfaces = {interfaces, 1},
    };
    SDS_CLEANUP(sds_freep) char *text = NULL;
    char error[SDS_RECORDING_ERROR_SIZE];
    struct sds_recording_head read;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(sds_recording_write_head(&head, out), 0);
    fclose(out);
    assert_int_equal(text[len - 1], '\n');
    assert_int_equal(sds_recording_read_head(text, len, &read, error), 0);
    assert_string_equal(read.version, "1.2.3");
    assert_string_equal(read.source, "avahi+wire");
    assert_string_equal(read.host, "desk\\xff");
    assert_int_equal(read.started_ms, T0_MS + 5);
    assert_string_equal(read.domain, "local");
    assert_int_equal(read.types.n, 2);
    assert_string_equal(read.types.v[1], "_http._tcp");
    assert_int_equal(read.interfaces.n, 1);
    assert_string_equal(read.interfaces.v[0], "eth0");
    sds_recording_head_done(&read);
}

static struct sds_service *full_service(void)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");
    struct sds_sighting seen = {"eth0", AF_INET};
    const struct sds_span records[] = {{(const uint8_t *)"\2a=", 3}, {(const uint8_t *)"\1b", 2}};

    assert_int_equal(sds_service_set_instance(s, "Pr\0\xff\n", 5), 0);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    assert_int_equal(sds_service_set_host(s, "h\\.x.local"), 0);
    sds_service_set_port(s, 631);
    assert_int_equal(sds_service_set_txt_records(s, records, 2), 0);
    sds_service_set_n_srv(s, 2);
    sds_service_set_record_ttl(s, SDS_KIND_SRV, 120);
    sds_service_set_cache_flush(s, SDS_KIND_TXT, false);
    assert_int_equal(sds_service_set_ptr_type(s, "_ipp._tcp"), 0);
    assert_int_equal(sds_service_add_meta_ptr(s, "_ipp._tcp.local"), 0);
    assert_int_equal(sds_service_add_sighting(s, seen), 0);
    sds_service_set_missing(s, SDS_PART_ADDRESSES);
    s->txt_rewritten = true;
    return s;
}

/* Write @line, and the line that is read of it; both are to be the same text. */
static void assert_reads_back(const struct sds_recording_line *line)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    SDS_CLEANUP(sds_freep) char *again = NULL;
    char error[SDS_RECORDING_ERROR_SIZE];
    struct sds_recording_line read;
    size_t len, again_len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(sds_recording_write_line(line, out), 0);
    fclose(out);
    assert_int_equal(sds_recording_read_line(text, len, &read, error), 0);
    assert_int_equal(read.kind, line->kind);
    assert_int_equal(read.time_ms, line->time_ms);
    assert_int_equal(!read.service, !line->service);
    if (line->service) {
        assert_int_equal(sds_service_diff(read.service, line->service), 0);
        assert_int_equal(read.service->n_more_txt, line->service->n_more_txt);
        assert_int_equal(read.service->txt_rewritten, line->service->txt_rewritten);
    }
    out = open_memstream(&again, &again_len);
    assert_int_equal(sds_recording_write_line(&read, out), 0);
    fclose(out);
    assert_string_equal(again, text);
    sds_recording_line_done(&read);
}

static void every_event_is_read_back(void **state)
{
    const char *reasons[] = {"the time was up", "the daemon has gone"};
    struct sds_service *service = full_service();

    (void)state;
    for (int kind = 0; kind < SDS_EVENT__COUNT; kind++) {
        struct sds_recording_line line = {.kind = (enum sds_event_kind)kind, .time_ms = T0_MS};

        assert_int_equal(sds_event_from_name(sds_event_name(line.kind)), kind);
        if (kind <= SDS_EVENT_REMOVED)
            line.service = service;
        if (kind == SDS_EVENT_LOST)
            line.message = "it has gone";
        if (kind == SDS_EVENT_ENDED) {
            line.reasons = (struct sds_recording_texts){reasons, 2};
            line.notes = (struct sds_recording_texts){reasons, 1};
        }
        assert_reads_back(&line);
    }
    sds_service_free(service);
}

static void a_line_of_a_watch_is_read(void **state)
{
    static const char text[] =
        "{\"event\": \"changed\", " TIME ", \"service\": {\"instance\": \"a\", \"type\": "
        "\"_b._tcp\", \"verdict\": null, \"findings\": []}, \"changes\": [\"txt\"], "
        "\"findings_added\": [], \"findings_gone\": []}";
    char error[SDS_RECORDING_ERROR_SIZE];
    struct sds_recording_line line;

    (void)state;
    assert_int_equal(sds_recording_read_line(text, strlen(text), &line, error), 0);
    assert_int_equal(line.kind, SDS_EVENT_CHANGED);
    assert_int_equal(line.time_ms, T0_MS + 250);
    assert_string_equal(line.service->type, "_b._tcp");
    sds_recording_line_done(&line);
}

static void what_is_no_event_is_told(void **state)
{
    static const struct {
        const char *text, *words;
    } vectors[] = {
        {"", "no JSON"},
        {"{", "no JSON"},
        {"[]", "expected an object"},
        {"\x1b[31m", "no JSON"},
        {"{\"event\": \"added\"}", "time: expected a time"},
        {"{" TIME "}", "event: expected an event"},
        {"{\"event\": \"adde\", " TIME "}", "found 'adde'"},
        {"{\"event\": \"back\", \"time\": 3}", "time: expected a time"},
        {"{\"event\": \"back\", \"time\": \"yesterday\"}", "found 'yesterday'"},
        {"{\"event\": \"added\", " TIME "}", "service: expected an object"},
        {"{\"event\": \"added\", " TIME ", \"service\": {}}", "service.type"},
        {"{\"event\": \"added\", " TIME ", \"service\": {\"type\": \"_b._tcp\"}}", "no instance"},
        {"{\"event\": \"added\", " TIME ", \"service\": {\"type\": \"_b._tcp\", \"port\": -1}}",
         "service.port"},
        {"{\"event\": \"back\", " TIME ", \"service\": {}}", "has no service"},
        {"{\"event\": \"lost\", " TIME ", \"message\": [1]}", "message: expected a string"},
        {"{\"event\": \"lost\", " TIME ", \"message\": \"a\\u0000b\"}", "NUL"},
        {"{\"event\": \"ended\", " TIME ", \"reasons\": \"x\"}", "reasons: expected an array"},
        {"{\"event\": \"ended\", " TIME ", \"notes\": [\"x\", 3]}", "notes[1]: expected a string"},
        {"{\"event\": \"ended\", " TIME ", \"reason\": []}", "did you mean 'reasons'"},
        {HEAD "}", "event: expected an event"},
        {"{\"event\": \"back\", \"event\": \"back\", " TIME "}", "duplicate"},
        {"{\"event\": \"back\", " TIME "} {}", "no JSON"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        const char *error = error_of_line(vectors[i].text);

        if (!strstr(error, vectors[i].words))
            fail_msg("%s: '%s' is not in '%s'", vectors[i].text, vectors[i].words, error);
        for (const char *p = error; *p; p++)
            assert_true(*p >= ' ' && *p != 127);
    }
}

static void what_is_no_head_is_told(void **state)
{
    static const struct {
        const char *text;
        int r;
        const char *words;
    } vectors[] = {
        {HEAD ", \"later\": true}", 0, ""},
        {HEAD ", \"host\": null}", 0, ""},
        {"{}", -EINVAL, "no recording"},
        {"\x7f"
         "ELF",
         -EINVAL, "no JSON"},
        {"{\"sdscope_recording\": 1}", -EINVAL, "started: expected a time"},
        {"{\"sdscope_recording\": 0}", -EINVAL, "from 1 on"},
        {"{\"sdscope_recording\": \"1\"}", -EINVAL, "expected an integer"},
        {"{\"sdscope_recording\": 2}", -ENOTSUP, "a later one is needed"},
        {HEAD ", \"types\": \"_ipp._tcp\"}", -EINVAL, "types: expected an array"},
        {HEAD ", \"hosts\": \"a\"}", -EINVAL, "did you mean 'host'"},
    };
    char error[SDS_RECORDING_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        const char *text = vectors[i].text;
        struct sds_recording_head head = {0};

        *error = '\0';
        assert_int_equal(sds_recording_read_head(text, strlen(text), &head, error), vectors[i].r);
        if (!strstr(error, vectors[i].words))
            fail_msg("%s: '%s' is not in '%s'", text, vectors[i].words, error);
        sds_recording_head_done(&head);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_as_they_are_written),
        cmocka_unit_test(a_head_is_read_back),
        cmocka_unit_test(every_event_is_read_back),
        cmocka_unit_test(a_line_of_a_watch_is_read),
        cmocka_unit_test(what_is_no_event_is_told),
        cmocka_unit_test(what_is_no_head_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
