/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "registry/table.h"
#include "sdscope/profile.h"

/* Set the fault; returns false for the caller to return. */
static bool fault(struct sds_form_fault *ret, size_t offset, const char *what)
{
    ret->offset = offset;
    ret->what = what;
    return false;
}

static struct sds_span rest_of(struct sds_span value, size_t at)
{
    return (struct sds_span){value.p + at, value.len - at};
}

/* The first byte that is a control or, where blanks are none of it, a blank; or the length. */
static size_t find_unprintable(struct sds_span value, bool may_have_blanks)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.p[i] < 0x20 || value.p[i] == 0x7F || (value.p[i] == ' ' && !may_have_blanks))
            return i;
    return value.len;
}

static bool is_in_chars(const struct sds_form *form, uint8_t byte)
{
    if (form->extra_chars && byte && strchr(form->extra_chars, byte))
        return true;
    if (!strcmp(form->chars, "numeric"))
        return sds_is_digit(byte);
    if (!strcmp(form->chars, "alphanumeric"))
        return sds_is_digit(byte) || sds_is_letter(byte);
    return byte >= 0x20 && byte <= 0x7E; /* printable-ascii */
}

static bool is_text(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    for (size_t i = 0; form->chars && i < value.len; i++)
        if (!is_in_chars(form, value.p[i]))
            return fault(ret, i, "has a character that is none of its");
    if (!sds_text_is_utf8(value.p, value.len)) {
        size_t len = value.len;

        while (len > 0 && !sds_text_is_utf8(value.p, len))
            len--;
        return fault(ret, len, "is not UTF-8");
    }
    return true;
}

/* How many bytes of @word stand at the start of the value. */
static size_t common_len(struct sds_span value, const char *word)
{
    size_t n = 0;

    while (n < value.len && word[n] && (uint8_t)word[n] == value.p[n])
        n++;
    return n;
}

static bool is_one_of(const char *const *words, size_t n, struct sds_span value,
                      struct sds_form_fault *ret)
{
    size_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        size_t common = common_len(value, words[i]);

        if (common == value.len && !words[i][common])
            return true;
        if (common > longest)
            longest = common;
    }
    return fault(ret, longest, "is another word");
}

static bool is_bool(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    static const char *const words[] = {"0", "1", "true", "false", "t",  "f",
                                        "y", "n", "yes",  "no",    "on", "off"};

    if (!value.p) /* a flag: to be there is to be true */
        return true;
    if (form->n_values)
        return is_one_of(form->values, form->n_values, value, ret);
    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (sds_fold_is(value.p, value.len, words[i]))
            return true;
    return fault(ret, 0, "is another word");
}

static bool is_version(struct sds_span value, struct sds_form_fault *ret)
{
    size_t end = find_unprintable(value, true);

    if (end < value.len)
        return fault(ret, end, "has a control character");
    for (size_t i = 0; i < value.len; i++)
        if (sds_is_digit(value.p[i]))
            return true;
    return fault(ret, value.len, "has no digit");
}

static bool is_path(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    size_t end = find_unprintable(value, true);

    if (end < value.len)
        return fault(ret, end, "has a control character");
    if (form->is_absolute && value.p[0] != '/')
        return fault(ret, 0, "does not begin with a slash");
    return true;
}

/* The length of a scheme, without its colon; 0 where there is none (RFC 3986 3.1). */
static size_t scheme_len(struct sds_span value)
{
    size_t n = 0;

    while (n < value.len && (sds_is_letter(value.p[n]) ||
                             (n > 0 && (sds_is_digit(value.p[n]) || strchr("+-.", value.p[n])))))
        n++;
    return n < value.len && value.p[n] == ':' ? n : 0;
}

static bool is_url(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    size_t end = find_unprintable(value, false), n = scheme_len(value);
    bool is_known = form->n_schemes == 0;

    if (end < value.len)
        return fault(ret, end, "has a blank or a control character");
    if (n == 0)
        return form->relative == SDS_RELATIVE_YES || form->relative == SDS_RELATIVE_EITHER ||
               fault(ret, 0, "has no scheme");
    if (form->relative == SDS_RELATIVE_YES)
        return fault(ret, 0, "is not relative");
    for (size_t i = 0; i < form->n_schemes; i++)
        is_known |= sds_fold_is(value.p, n, form->schemes[i]);
    if (!is_known)
        return fault(ret, 0, "has another scheme");
    return n + 1 < value.len || fault(ret, value.len, "ends after its scheme");
}

/* The number of some digits; false where it does not fit. */
static bool read_number(struct sds_span digits, unsigned base, uint64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = (unsigned)sds_hex_digit(digits.p[i]);

        if (*ret > ((uint64_t)INT64_MAX - digit) / base)
            return false;
        *ret = *ret * base + digit;
    }
    return true;
}

/* What a form asks of a number, from @at on in the value. */
static bool fits_range(const struct sds_form *form, bool is_known, int64_t number, size_t at,
                       struct sds_form_fault *ret)
{
    if (!form->has_range && !form->mask)
        return true;
    if (form->has_range && (!is_known ? number > 0 : number > form->max))
        return fault(ret, at, "is too large");
    if (form->has_range && number < form->min)
        return fault(ret, at, "is too small");
    if (form->mask && (!is_known || number < 0 || number & ~(int64_t)form->mask))
        return fault(ret, at, "has a bit that means nothing");
    return true;
}

static bool is_int(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    bool is_negative = value.len > 0 && value.p[0] == '-', is_known;
    struct sds_span digits = rest_of(value, is_negative);
    uint64_t number;

    for (size_t i = 0; i < digits.len; i++)
        if (!sds_is_digit(digits.p[i]))
            return fault(ret, i + is_negative, "has a character that is no digit");
    if (digits.len == 0)
        return fault(ret, value.len, "has no digit");
    is_known = read_number(digits, 10, &number);
    if (!is_known)
        number = INT64_MAX;
    return fits_range(form, is_known, is_negative ? -(int64_t)number : (int64_t)number, 0, ret);
}

static bool is_hex(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    size_t prefix_len = form->prefix ? strlen(form->prefix) : 0;
    struct sds_span digits;
    uint64_t number;
    bool is_known;

    if (value.len < prefix_len || !sds_fold_equal(value.p, prefix_len, form->prefix, prefix_len))
        return fault(ret, 0, "lacks what stands before the digits");
    digits = rest_of(value, prefix_len);
    for (size_t i = 0; i < digits.len; i++)
        if (sds_hex_digit(digits.p[i]) < 0)
            return fault(ret, prefix_len + i, "has a character that is no hex digit");
    if (digits.len == 0)
        return fault(ret, value.len, "has no digit");
    if (form->digits >= 0 && digits.len < (size_t)form->digits)
        return fault(ret, value.len, "is too short");
    if (form->digits >= 0 && digits.len > (size_t)form->digits)
        return fault(ret, prefix_len + (size_t)form->digits, "is too long");
    is_known = read_number(digits, 16, &number);
    if (!is_known)
        number = INT64_MAX;
    return fits_range(form, is_known, (int64_t)number, prefix_len, ret);
}

/* Groups of hex digits apart by @sep: {8, 4, 4, 4, 12}. */
static bool is_grouped(struct sds_span value, const uint8_t *groups, size_t n, char sep,
                       struct sds_form_fault *ret)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (at >= value.len || value.p[at] != sep))
            return fault(ret, at, "lacks a separator");
        at += i > 0;
        for (size_t end = at + groups[i]; at < end; at++)
            if (at >= value.len || sds_hex_digit(value.p[at]) < 0)
                return fault(ret, at, "lacks a hex digit");
    }
    return at == value.len || fault(ret, at, "is too long");
}

static bool is_uuid(struct sds_span value, struct sds_form_fault *ret)
{
    static const uint8_t groups[] = {8, 4, 4, 4, 12};

    return is_grouped(value, groups, SDS_COUNT(groups), '-', ret);
}

static bool is_mac(struct sds_span value, struct sds_form_fault *ret)
{
    static const uint8_t pairs[] = {2, 2, 2, 2, 2, 2}, whole[] = {12};
    char sep = value.len > 2 && value.p[2] == '-' ? '-' : ':';

    if (value.len > 2 && sds_hex_digit(value.p[2]) >= 0)
        return is_grouped(value, whole, SDS_COUNT(whole), sep, ret);
    return is_grouped(value, pairs, SDS_COUNT(pairs), sep, ret);
}

static bool is_address(struct sds_span value)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t address[sizeof(struct in6_addr)];

    if (value.len >= sizeof(text))
        return false;
    memcpy(text, value.p, value.len);
    text[value.len] = '\0';
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_host(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    size_t end = find_unprintable(value, false);

    if (is_address(value))
        return !form->what || strcmp(form->what, "name") != 0 || fault(ret, 0, "is an address");
    if (form->what && !strcmp(form->what, "ip"))
        return fault(ret, 0, "is no address");
    return end == value.len || fault(ret, end, "has a blank or a control character");
}

static bool is_of_length(const struct sds_form *form, struct sds_span value,
                         struct sds_form_fault *ret)
{
    size_t min = form->length >= 0 ? (size_t)form->length : (size_t)form->min_length;
    size_t max = form->length >= 0 ? (size_t)form->length : (size_t)form->max_length;

    if (value.len < min)
        return fault(ret, value.len, "is too short");
    if (max > 0 && value.len > max)
        return fault(ret, max, "is too long");
    return true;
}

static const uint8_t *find_separator(struct sds_span value, const char *sep)
{
    return memmem(value.p, value.len, sep, strlen(sep));
}

static bool is_list(const struct sds_form *form, struct sds_span value,
                    struct sds_patterns *patterns, struct sds_form_fault *ret)
{
    const char *sep = form->sep && *form->sep ? form->sep : ",";
    size_t at = 0;

    while (form->of) {
        struct sds_span item = rest_of(value, at);
        const uint8_t *end = find_separator(item, sep);

        if (end)
            item.len = (size_t)(end - item.p);
        if (!sds_form_fits_with(form->of, item, patterns, ret)) {
            ret->offset += at;
            return false;
        }
        if (!end)
            break;
        at += item.len + strlen(sep);
    }
    return true;
}

static bool fits_type(const struct sds_form *form, struct sds_span value,
                      struct sds_patterns *patterns, struct sds_form_fault *ret)
{
    switch (form->type) {
    case SDS_FORM_TEXT:
        return is_text(form, value, ret);
    case SDS_FORM_ENUM:
        return is_one_of(form->values, form->n_values, value, ret);
    case SDS_FORM_VERSION:
        return is_version(value, ret);
    case SDS_FORM_PATH:
        return is_path(form, value, ret);
    case SDS_FORM_CONST:
        return !form->value || is_one_of(&form->value, 1, value, ret);
    case SDS_FORM_URL:
        return is_url(form, value, ret);
    case SDS_FORM_INT:
        return is_int(form, value, ret);
    case SDS_FORM_HOST:
        return is_host(form, value, ret);
    case SDS_FORM_HEX:
        return is_hex(form, value, ret);
    case SDS_FORM_LIST:
        return is_list(form, value, patterns, ret);
    case SDS_FORM_BOOL:
        return is_bool(form, value, ret);
    case SDS_FORM_MAC:
        return is_mac(value, ret);
    case SDS_FORM_UUID:
        return is_uuid(value, ret);
    case SDS_FORM_ANY:
    case SDS_FORM_BYTES:
    case SDS_FORM__COUNT:
        break;
    }
    return true;
}

/* Whether nothing at all is a value of this type. */
static bool takes_nothing(const struct sds_form *form, bool is_flag)
{
    if (form->type == SDS_FORM_ANY || form->may_be_empty)
        return true;
    return is_flag ? form->type == SDS_FORM_BOOL : form->type == SDS_FORM_TEXT && !form->min_length;
}

bool sds_form_fits_with(const struct sds_form *form, struct sds_span value,
                        struct sds_patterns *patterns, struct sds_form_fault *ret)
{
    size_t viable;

    if (value.len == 0 && takes_nothing(form, !value.p))
        return true;
    if (value.len == 0)
        return fault(ret, 0, value.p ? "is empty" : "is missing");
    if (!is_of_length(form, value, ret) || !fits_type(form, value, patterns, ret))
        return false;
    if (form->regex && !sds_pattern_matches(patterns, form->regex, value, &viable))
        return fault(ret, viable, viable < value.len ? "goes on differently" : "ends too early");
    return true;
}

bool sds_form_fits(const struct sds_form *form, struct sds_span value, struct sds_form_fault *ret)
{
    struct sds_patterns *patterns = form->regex || form->of ? sds_patterns_new() : NULL;
    bool fits = sds_form_fits_with(form, value, patterns, ret);

    sds_patterns_free(patterns);
    return fits;
}
