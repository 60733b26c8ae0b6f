/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <unistr.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "rules/rules.h"

#define BOM 0xFEFF

static void check_ascii_controls(struct sds_check *check, struct sds_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!sds_is_control(name.p[i]))
            continue;
        sds_report(check, SDS_RULE_INSTANCE_ASCII_CONTROL, SDS_WHOLE,
                   "instance name '%s' has control character 0x%02x", SDS_QUOTED(name), name.p[i]);
        return;
    }
}

/* RFC 6763 4.3: a backslash belongs to joined names, so the decoded one should have no escape. */
static void check_escapes(struct sds_check *check, struct sds_span name)
{
    for (size_t i = 0; i + 1 < name.len; i++) {
        const uint8_t *p = name.p + i;
        bool is_escape = false;

        if (p[0] != '\\')
            continue;
        if (p[1] == '.')
            is_escape = true;
        else if (i + 3 < name.len && sds_is_digit(p[1]) && sds_is_digit(p[2]) && sds_is_digit(p[3]))
            is_escape = (p[1] - '0') * 100 + (p[2] - '0') * 10 + p[3] - '0' <= 255;
        if (!is_escape)
            continue;
        sds_report(check, SDS_RULE_INSTANCE_ESCAPED, SDS_WHOLE,
                   "instance name '%s' has an escape sequence in it", SDS_QUOTED(name));
        return;
    }
}

static bool is_c1_control(ucs4_t c)
{
    return c >= 0x80 && c <= 0x9F;
}

static bool is_line_separator(ucs4_t c)
{
    return c == 0x2028 || c == 0x2029;
}

/* Embeddings, overrides and isolates; the marks and joiners that scripts need are none of them. */
static bool is_bidi_control(ucs4_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* The one in the BMP and planes 15 and 16, whose last two are no characters. */
static bool is_private_use(ucs4_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && c <= 0xFFFFD) ||
           (c >= 0x100000 && c <= 0x10FFFD);
}

static bool is_space(ucs4_t c)
{
    return c == 0x20 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static const struct {
    enum sds_rule_index rule;
    bool (*is)(ucs4_t c);
    const char *what;
} character_faults[] = {
    {SDS_RULE_INSTANCE_C1_CONTROL, is_c1_control, "control character"},
    {SDS_RULE_INSTANCE_LINE_SEPARATOR, is_line_separator, "line separator"},
    {SDS_RULE_INSTANCE_BIDI_CONTROL, is_bidi_control, "bidirectional control"},
    {SDS_RULE_INSTANCE_PRIVATE_USE, is_private_use, "private use character"},
};

static void check_characters(struct sds_check *check, struct sds_span name)
{
    ucs4_t first = 0, last = 0;
    unsigned seen = 0; /* bit i: character_faults[i] is told already */

    for (size_t at = 0; at < name.len;) {
        int n = u8_mbtoucr(&last, name.p + at, name.len - at);

        if (at == 0)
            first = last;
        at += (size_t)n;
        for (size_t i = 0; last >= 0x80 && i < SDS_COUNT(character_faults); i++) {
            if (seen & 1u << i || !character_faults[i].is(last))
                continue;
            seen |= 1u << i;
            sds_report(check, character_faults[i].rule, SDS_WHOLE,
                       "instance name '%s' has a %s, U+%04X", SDS_QUOTED(name),
                       character_faults[i].what, (unsigned)last);
        }
    }
    if (first == BOM)
        sds_report(check, SDS_RULE_INSTANCE_BOM, SDS_WHOLE,
                   "instance name '%s' begins with a byte order mark", SDS_QUOTED(name));
    if (is_space(first) || is_space(last))
        sds_report(check, SDS_RULE_INSTANCE_EDGE_SPACE, SDS_WHOLE,
                   "instance name '%s' begins or ends with a space", SDS_QUOTED(name));
}

/* Six bytes in hex with the same separator between them: 00:11:22:aa:bb:cc */
static bool is_mac_at(struct sds_span name, size_t at)
{
    const size_t len = strlen("00:11:22:aa:bb:cc");
    const uint8_t *p = name.p + at;

    if (name.len - at < len || (p[2] != ':' && p[2] != '-'))
        return false;
    for (size_t i = 0; i < len; i++)
        if (i % 3 == 2 ? p[i] != p[2] : sds_hex_digit(p[i]) < 0)
            return false;
    return true;
}

/* A run of hex digits that no letter or digit touches, as long as an address and no mere number or
 * word; it begins at @at. */
static bool is_hex_run_at(struct sds_span name, size_t at)
{
    bool has_digit = false, has_letter = false;
    size_t end = at;

    if (at > 0 && (sds_is_letter(name.p[at - 1]) || sds_is_digit(name.p[at - 1])))
        return false;
    for (; end < name.len && sds_hex_digit(name.p[end]) >= 0; end++) {
        has_digit |= sds_is_digit(name.p[end]);
        has_letter |= sds_is_letter(name.p[end]);
    }
    return end - at >= 12 && has_digit && has_letter &&
           (end == name.len || !sds_is_letter(name.p[end]));
}

static void check_hardware_id(struct sds_check *check, struct sds_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_mac_at(name, i) && !is_hex_run_at(name, i))
            continue;
        sds_report(check, SDS_RULE_INSTANCE_HARDWARE_ID, SDS_WHOLE,
                   "instance name '%s' has a hardware address in it", SDS_QUOTED(name));
        return;
    }
}

/* Bytes of the longest name that clients look up: that of the instance, or of a subtype. */
static size_t longest_name(const struct sds_check *check)
{
    const struct sds_service *service = check->service;
    const struct sds_type *type = &check->type;
    size_t sub_len = 1 + strlen("_sub");
    size_t browsed = sds_name_wire_len(&type->labels) + sds_name_wire_len(&check->domain);
    size_t suffix = browsed - (type->has_subtype ? 1 + type->subtype.len + sub_len : 0);
    size_t longest = 1 + service->instance.len + suffix;

    if (browsed > longest)
        longest = browsed;
    for (size_t i = 0; i < service->n_subtypes; i++) {
        struct sds_subtype subtype;
        size_t len;

        sds_subtype_parse(service->subtypes[i], type, &subtype);
        len = 1 + subtype.label.len + sub_len + suffix;
        if (!subtype.is_malformed && len > longest)
            longest = len;
    }
    return longest;
}

static void check_full_name(struct sds_check *check)
{
    size_t len;

    if (!check->service->domain)
        return;
    len = longest_name(check);
    if (len > SDS_NAME_MAX)
        sds_report(check, SDS_RULE_FULL_NAME_TOO_LONG, SDS_WHOLE,
                   "full name has %zu bytes without the root, 255 at most", len);
    else if (len == SDS_NAME_MAX)
        sds_report(check, SDS_RULE_FULL_NAME_256, SDS_WHOLE,
                   "full name has 256 bytes with the root");
}

void sds_check_instance(struct sds_check *check)
{
    struct sds_span name = check->service->instance;

    if (sds_service_state(check->service, SDS_PART_INSTANCE) != SDS_PRESENT)
        return;
    if (name.len == 0)
        sds_report(check, SDS_RULE_INSTANCE_LENGTH, SDS_WHOLE, "instance name is empty");
    else if (name.len > SDS_LABEL_MAX)
        sds_report(check, SDS_RULE_INSTANCE_LENGTH, SDS_WHOLE,
                   "instance name '%s' has %zu bytes, 63 at most", SDS_QUOTED(name), name.len);
    check_ascii_controls(check, name);
    check_escapes(check, name);
    if (sds_runs(check, SDS_RULE_INSTANCE_HARDWARE_ID))
        check_hardware_id(check, name);
    check_full_name(check);

    if (!sds_text_is_utf8(name.p, name.len)) {
        sds_report(check, SDS_RULE_INSTANCE_NOT_UTF8, SDS_WHOLE, "instance name '%s' is not UTF-8",
                   SDS_QUOTED(name));
        return; /* nothing can be said of characters */
    }
    check_characters(check, name);
    if (sds_runs(check, SDS_RULE_INSTANCE_NOT_NFC) && !sds_is_nfc(check, name))
        sds_report(check, SDS_RULE_INSTANCE_NOT_NFC, SDS_WHOLE,
                   "instance name '%s' is not in Normalization Form C", SDS_QUOTED(name));
}
