/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"
#include "policy/baseline.h"

static const struct sds_view all = {.is_complete = true};

static struct sds_service *service_of(const char *instance, const char *type, const char *txt,
                                      size_t len)
{
    struct sds_service *s = sds_service_new(type);

    assert_non_null(s);
    assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    assert_int_equal(sds_service_set_txt(s, txt, len), 0);
    return s;
}

/* Check a service, which is freed, and add what is found. */
static void add(struct sds_baseline *baseline, struct sds_service *s)
{
    struct sds_result result;

    assert_int_equal(sds_check(rules, registry, s, &result), 0);
    assert_int_equal(sds_baseline_add(baseline, s, &result), 0);
    sds_result_done(&result);
    sds_service_free(s);
}

static char *text_of(const struct sds_baseline *baseline)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(sds_baseline_write(baseline, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static struct sds_baseline *read_back(const char *text)
{
    struct sds_input_error error = {0};
    struct sds_baseline *baseline = NULL;

    if (sds_baseline_read(text, strlen(text), &baseline, &error) != 0)
        fail_msg("%s: %s", text, error.text);
    return baseline;
}

/* Two services, one of them with a name that is no text. */
static struct sds_baseline *sample(void)
{
    struct sds_baseline *baseline = sds_baseline_new();
    struct sds_service *odd = service_of("a\xff\x1b", "_x\\032y._tcp", "\2=\x1b", 3);

    assert_int_equal(sds_service_set_domain(odd, "local"), 0);
    add(baseline, odd);
    add(baseline, service_of("Lamp", "_frob._tcp", "\1a\1a\1A", 6));
    sds_baseline_sort(baseline);
    return baseline;
}

static void what_is_written_is_read_again(void **state)
{
    struct sds_baseline *baseline = sample(), *again;
    char *text = text_of(baseline), *second;
    size_t n;
    const struct sds_baseline_entry **gone;

    (void)state;
    again = read_back(text);
    second = text_of(again);
    assert_string_equal(text, second);
    assert_null(strchr(text, '\x1b'));
    gone = sds_baseline_gone(baseline, again, &all, &n);
    assert_int_equal(n, 0);
    free(gone);
    free(text);
    free(second);
    sds_baseline_free(again);
    assert_null(sds_baseline_free(baseline));
    assert_null(sds_baseline_free(NULL));
}

static void findings_are_sorted_and_there_once(void **state)
{
    struct sds_baseline *baseline = sds_baseline_new();
    char *text, *at, last[SDS_FINGERPRINT_SIZE] = "";
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        add(baseline, service_of("Lamp", "_frob._tcp", "\1a\1a\1A\2=x", 9));
    sds_baseline_sort(baseline);
    text = text_of(baseline);
    for (at = text; (at = strstr(at, "\"fingerprint\": \"")); n++) {
        at += strlen("\"fingerprint\": \"");
        assert_true(strncmp(last, at, 16) < 0);
        memcpy(last, at, 16);
    }
    assert_int_equal(n, 4); /* SD321, SD325 twice, SD501 */
    free(text);
    sds_baseline_free(baseline);
}

static void an_empty_one_is_one(void **state)
{
    struct sds_baseline *baseline = sds_baseline_new();
    char *text = text_of(baseline);

    (void)state;
    assert_string_equal(text, "{\"sdscope_baseline\": 1, \"findings\": []}\n");
    sds_baseline_free(baseline);
    baseline = read_back(text);
    sds_baseline_free(baseline);
    free(text);
}

/* Only new findings stay, the second of two alike among them. */
static void what_is_known_is_taken_out(void **state)
{
    struct sds_baseline *baseline = sds_baseline_new();
    struct sds_service *s = service_of("LAMP", "_frob._TCP", "\1a\1a\1A\2=x", 9);
    struct sds_result result;

    (void)state;
    add(baseline, service_of("Lamp", "_frob._tcp", "\1a\1a", 4));
    sds_baseline_sort(baseline);
    assert_int_equal(sds_check(rules, registry, s, &result), 0);
    assert_string_equal(broken_rules(&result), "SD321 SD325 SD325 SD501");
    sds_baseline_drop_known(baseline, s, &result);
    assert_string_equal(broken_rules(&result), "SD321 SD325");
    assert_int_equal(result.n_known, 2);
    assert_int_equal(result.findings[1].offset, 4);
    sds_baseline_drop_known(baseline, s, &result); /* the second one is none of the first's name */
    assert_string_equal(broken_rules(&result), "SD321 SD325");
    sds_result_done(&result);
    sds_service_free(s);
    sds_baseline_free(baseline);
}

static void what_is_gone_was_looked_for(void **state)
{
    static const char *const frob[] = {"_FROB._tcp"};
    static const struct {
        struct sds_view view;
        size_t n;
    } vectors[] = {{{true, NULL, 0}, 8}, {{false, NULL, 0}, 0}, {{true, frob, 1}, 3}};
    struct sds_baseline *baseline = sample(), *none = sds_baseline_new();

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        size_t n;
        const struct sds_baseline_entry **gone =
            sds_baseline_gone(baseline, none, &vectors[i].view, &n);

        assert_non_null(gone);
        assert_int_equal(n, vectors[i].n);
        free(gone);
    }
    sds_baseline_free(baseline);
    sds_baseline_free(none);
}

static void ignored_findings_are_not_in_it(void **state)
{
    struct sds_baseline *baseline = sds_baseline_new();
    struct sds_service *s = service_of("Lamp", "_frob._tcp", "\2=x", 3);
    struct sds_result result;
    char *text;

    (void)state;
    assert_int_equal(sds_check(rules, registry, s, &result), 0);
    result.findings[0].ignored = "because";
    assert_int_equal(sds_baseline_add(baseline, s, &result), 0);
    text = text_of(baseline);
    assert_null(strstr(text, "SD321"));
    assert_non_null(strstr(text, "SD501"));
    free(text);
    sds_result_done(&result);
    sds_service_free(s);
    sds_baseline_free(baseline);
}

#define BASELINE(findings) "{\"sdscope_baseline\": 1, \"findings\": " findings "}"

static void faults_are_told_with_their_place(void **state)
{
    static const struct {
        const char *text;
        int column;
        const char *words;
    } vectors[] = {
        {"[]", 1, "expected an object"},
        {"{}", 1, "sdscope_baseline: expected 1"},
        {"{\"sdscope_baseline\": 7}", 22, "version 1 only"},
        {"{\"sdscope_baseline\": 1}", 1, "findings: expected an array"},
        {BASELINE("[7]"), 38, "findings[0]: expected an object"},
        {BASELINE("[{\"rule\": \"SD101\"}]"), 38, "findings[0].fingerprint: expected 16"},
        {BASELINE("[{\"fingerprint\": \"0123456789ABCDEF\"}]"), 54, "16 lower-case hex digits"},
        {BASELINE("[{\"fingerprint\": \"0123456789abcde\"}]"), 54, "16 lower-case hex digits"},
        {BASELINE("[{\"fingerprint\": \"0123456789abcdef\"}]"), 38, "findings[0].rule"},
        {BASELINE("[{\"fingerprint\": \"0123456789abcdef\", \"rule\": \"SD101\", \"type\": 1}]"),
         99, "findings[0].type"},
        {BASELINE("["), 38, "unexpected token"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_input_error error = {0};
        struct sds_baseline *baseline = NULL;
        int r = sds_baseline_read(vectors[i].text, strlen(vectors[i].text), &baseline, &error);

        assert_null(baseline);
        if (r != -EINVAL || !strstr(error.text, vectors[i].words) ||
            error.place.column != vectors[i].column)
            fail_msg("%s: %d at %d: %s", vectors[i].text, r, error.place.column, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(findings_are_sorted_and_there_once),
        cmocka_unit_test(an_empty_one_is_one),
        cmocka_unit_test(what_is_known_is_taken_out),
        cmocka_unit_test(what_is_gone_was_looked_for),
        cmocka_unit_test(ignored_findings_are_not_in_it),
        cmocka_unit_test(faults_are_told_with_their_place),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
