/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "watch/prompt.h"

/* Keys in one letter each; everything else is typed. */
static void press(struct sds_prompt *prompt, const wchar_t *keys)
{
    static const wchar_t letters[] = L"<>HEBDWLON";

    for (; *keys; keys++) {
        const wchar_t *key = wcschr(letters, *keys);

        if (key)
            sds_prompt_press(prompt, (enum sds_prompt_key)(key - letters));
        else
            sds_prompt_type(prompt, *keys);
    }
}

/* The text, with a bar where the cursor is. */
static void assert_prompt(const struct sds_prompt *prompt, const char *wanted)
{
    const char *text = sds_prompt_text(prompt);
    char shown[256];

    snprintf(shown, sizeof(shown), "%.*s|%s", (int)sds_prompt_cursor(prompt), text,
             text + sds_prompt_cursor(prompt));
    assert_string_equal(shown, wanted);
}

static const struct {
    const char *before;
    const wchar_t *keys;
    const char *wanted;
} vectors[] = {
    {"", L"", "|"},
    {"abc", L"", "abc|"},
    {"", L"type:_ipp", "type:_ipp|"},
    {"ac", L"<b", "ab|c"},
    {"abc", L"<<<<x", "x|abc"},
    {"abc", L"H>>>>>x", "abcx|"},
    {"abc", L"HxEy", "xabcy|"},
    {"abc", L"B", "ab|"},
    {"abc", L"HB", "|abc"},
    {"abc", L"HD", "|bc"},
    {"abc", L"D", "abc|"},
    {"one two  ", L"W", "one |"},
    {"one two", L"<W", "one |o"},
    {"one", L"WW", "|"},
    {"one two", L"<<L", "|"},
    /* what combines goes with its base, as do the parts of one emoji */
    {"ae\u0301", L"<", "a|e\u0301"},
    {"ae\u0301", L"B", "a|"},
    {"e\u0301b", L"HD", "|b"},
    {"\U0001f469\u200d\U0001f52c", L"<", "|\U0001f469\u200d\U0001f52c"},
    {"", L"\u53f0\u6240<B", "|\u6240"},
    /* what no terminal should get is not taken */
    {"", L"\a\x1b[31m\x7f\x9b\n\u202e.", "[31m.|"},
    {"a\x1b\xff\u202e b\\", L"", "a b\\|"},
    {"", L"\\", "\\|"},
};

static void edits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_prompt *prompt = sds_prompt_new(vectors[i].before);

        press(prompt, vectors[i].keys);
        assert_prompt(prompt, vectors[i].wanted);
        assert_null(sds_prompt_free(prompt));
    }
}

static void remembers(void **state)
{
    struct sds_prompt *prompt = sds_prompt_new("one");

    (void)state;
    sds_prompt_remember(prompt);
    sds_prompt_remember(prompt); /* the same again */
    sds_prompt_set(prompt, "two");
    sds_prompt_remember(prompt);
    sds_prompt_set(prompt, "");
    sds_prompt_remember(prompt); /* nothing */
    press(prompt, L"new");
    press(prompt, L"O");
    assert_prompt(prompt, "two|");
    press(prompt, L"OO");
    assert_prompt(prompt, "one|");
    press(prompt, L"!N");
    assert_prompt(prompt, "two|");
    press(prompt, L"N");
    assert_prompt(prompt, "new|");
    press(prompt, L"NN");
    assert_prompt(prompt, "new|");
    sds_prompt_free(prompt);
}

static void forgets_the_oldest(void **state)
{
    struct sds_prompt *prompt = sds_prompt_new("");
    char text[16];

    (void)state;
    for (int i = 0; i < 120; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        sds_prompt_set(prompt, text);
        sds_prompt_remember(prompt);
    }
    for (int i = 0; i < 120; i++)
        sds_prompt_press(prompt, SDS_PROMPT_OLDER);
    assert_prompt(prompt, "text 70|");
    sds_prompt_free(prompt);
}

static void ends_somewhere(void **state)
{
    struct sds_prompt *prompt = sds_prompt_new("");

    (void)state;
    for (int i = 0; i < 5000; i++)
        sds_prompt_type(prompt, L'\u53f0');
    assert_int_equal(strlen(sds_prompt_text(prompt)), 1023);
    sds_prompt_type(prompt, L'x');
    assert_int_equal(strlen(sds_prompt_text(prompt)), 1024);
    sds_prompt_free(prompt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits),
        cmocka_unit_test(remembers),
        cmocka_unit_test(forgets_the_oldest),
        cmocka_unit_test(ends_somewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
