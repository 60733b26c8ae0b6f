/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "sdscope/profile.h"

#define MORE_MIN 8 /* bytes without which nothing more is said */

static size_t room(const struct sds_form_words *words, size_t *ret_len)
{
    *ret_len = strlen(words->text);
    return sizeof(words->text) - *ret_len;
}

static void say(struct sds_form_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sds_form_words *words, const char *format, ...)
{
    size_t len, left = room(words, &len);
    va_list args;

    va_start(args, format);
    vsnprintf(words->text + len, left, format, args);
    va_end(args);
}

/* The same for a text of the profile's author, safe to print. */
static void say_text(struct sds_form_words *words, const char *text)
{
    size_t len, left = room(words, &len);

    if (left >= MORE_MIN)
        sds_text_shorten(words->text + len, left, text, strlen(text));
}

static void say_quoted(struct sds_form_words *words, const char *before, const char *text)
{
    say(words, "%s'", before);
    say_text(words, text);
    say(words, "'");
}

static void say_words(struct sds_form_words *words, const char *const *of, size_t n)
{
    for (size_t i = 0; i < n; i++)
        say_quoted(words, i == 0 ? "" : i + 1 < n ? ", " : " or ", of[i]);
}

static void say_range(struct sds_form_words *words, const struct sds_form *form)
{
    if (form->mask)
        say(words, " of the bits 0x%x", (unsigned)form->mask);
    if (!form->has_range)
        return;
    if (form->min == INT64_MIN)
        say(words, " up to %" PRId64, form->max);
    else if (form->max == INT64_MAX)
        say(words, " from %" PRId64, form->min);
    else
        say(words, " from %" PRId64 " to %" PRId64, form->min, form->max);
}

static void say_length(struct sds_form_words *words, const struct sds_form *form)
{
    if (form->length >= 0)
        say(words, " of %d bytes", form->length);
    else if (form->min_length && form->max_length)
        say(words, " of %d to %d bytes", form->min_length, form->max_length);
    else if (form->max_length)
        say(words, " of at most %d bytes", form->max_length);
    else if (form->min_length == 1)
        say(words, " that is not empty");
    else if (form->min_length)
        say(words, " of at least %d bytes", form->min_length);
}

static void say_hex(struct sds_form_words *words, const struct sds_form *form)
{
    if (form->prefix) {
        say_quoted(words, "", form->prefix);
        say(words, " and ");
    }
    if (form->digits >= 0)
        say(words, "%d ", form->digits);
    say(words, "hex digits");
}

static void say_form(struct sds_form_words *words, const struct sds_form *form);

static void say_list(struct sds_form_words *words, const struct sds_form *form)
{
    say_quoted(words, "a list, its items apart by ", form->sep && *form->sep ? form->sep : ",");
    if (form->of) {
        say(words, ", each ");
        say_form(words, form->of); /* a list of a list of items at most */
    }
}

static void say_type(struct sds_form_words *words, const struct sds_form *form)
{
    static const char *const plain[SDS_FORM__COUNT] = {
        [SDS_FORM_ANY] = "any value",     [SDS_FORM_TEXT] = "text",
        [SDS_FORM_VERSION] = "a version", [SDS_FORM_URL] = "a URL",
        [SDS_FORM_HOST] = "a host",       [SDS_FORM_BOOL] = "true or false",
        [SDS_FORM_MAC] = "a MAC address", [SDS_FORM_UUID] = "a UUID",
        [SDS_FORM_BYTES] = "data",        [SDS_FORM_INT] = "a whole number",
    };

    if (form->n_values)
        say_words(words, form->values, form->n_values);
    else if (form->type == SDS_FORM_CONST && form->value)
        say_quoted(words, "", form->value);
    else if (form->type == SDS_FORM_PATH)
        say(words, form->is_absolute ? "an absolute path" : "a path");
    else if (form->type == SDS_FORM_HEX)
        say_hex(words, form);
    else if (form->type == SDS_FORM_LIST)
        say_list(words, form);
    else if (plain[form->type])
        say(words, "%s", plain[form->type]);
    else
        say(words, "any value");
    if (form->n_schemes) {
        say(words, " with ");
        say_words(words, form->schemes, form->n_schemes);
    }
}

static void say_form(struct sds_form_words *words, const struct sds_form *form)
{
    if (form->regex && form->about) { /* people read words, not expressions */
        say_text(words, form->about);
        return;
    }
    say_type(words, form);
    say_range(words, form);
    say_length(words, form);
    if (form->regex)
        say_quoted(words, " that matches ", form->regex);
}

const char *sds_form_describe(const struct sds_form *form, struct sds_form_words *ret)
{
    *ret->text = '\0';
    say_form(ret, form);
    return ret->text;
}
