/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "rules/rules.h"

static bool is_control_at(struct sds_span text, size_t i)
{
    uint8_t byte = text.p[i];

    return byte < 0x20 || byte == 0x7F ||
           (byte == 0xC2 && i + 1 < text.len && text.p[i + 1] < 0xA0); /* U+0080 to U+009F */
}

static bool is_text(struct sds_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (is_control_at(bytes, i))
            return false;
    return sds_text_is_utf8(bytes.p, bytes.len);
}

/* sizeof in place of strlen: one NUL after text */
static bool is_nul_terminated(struct sds_span value)
{
    return value.len >= 3 && value.p[value.len - 1] == 0 &&
           is_text((struct sds_span){value.p, value.len - 1});
}

static bool is_in_quotes(struct sds_span value)
{
    return value.len >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
           value.p[value.len - 1] == value.p[0];
}

/* 0x01 was the separator of pairs in an old C interface; here it stands before another `key=`. */
static bool has_joined_pairs(struct sds_span text)
{
    bool is_joined = false, is_key = false;
    size_t key_len = 0; /* since the last 0x01 */

    if (!memchr(text.p, 1, text.len))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == 1) {
            is_key = true;
            key_len = 0;
        } else if (!sds_is_printable(text.p[i])) {
            return false;
        } else if (text.p[i] == '=') {
            is_joined |= is_key && key_len > 0;
            is_key = false;
        } else {
            key_len++;
        }
    }
    return is_joined;
}

static bool is_one_of(struct sds_span key, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sds_fold_is(key.p, key.len, words[i]))
            return true;
    return false;
}

static bool is_secret(struct sds_span key)
{
    static const char *const words[] = {"p",      "pass",   "password", "pwd",
                                        "passwd", "secret", "token",    "apikey"};

    return is_one_of(key, words, SDS_COUNT(words));
}

/* A key of a secret's name that is known to hold none: `p=F` of a printer, say. */
static bool is_flag(const struct sds_check *check, struct sds_span key)
{
    const struct sds_txt_key *known = check->profile ? sds_profile_key(check->profile, key) : NULL;

    return known && (known->form.type == SDS_FORM_BOOL || known->form.type == SDS_FORM_ENUM);
}

static void check_value(struct sds_check *check, const struct sds_txt_string *string)
{
    if (is_in_quotes(string->value))
        sds_report(check, SDS_RULE_TXT_VALUE_QUOTED, sds_at(string),
                   "value of '%s' stands in quotation marks", SDS_QUOTED(string->key));
    if (is_nul_terminated(string->value))
        sds_report(check, SDS_RULE_TXT_VALUE_NUL_TERMINATED, sds_at(string),
                   "value of '%s' ends in a NUL", SDS_QUOTED(string->key));
    if (sds_runs(check, SDS_RULE_TXT_VALUE_LINK_LOCAL) && sds_is_unicast(check) &&
        sds_holds_link_local(string->value))
        sds_report(check, SDS_RULE_TXT_VALUE_LINK_LOCAL, sds_at(string),
                   "value '%s' of '%s' is of use on the link alone", SDS_QUOTED(string->value),
                   SDS_QUOTED(string->key));
    if (string->value.len > 0 && is_secret(string->key) && !is_flag(check, string->key))
        sds_report(check, SDS_RULE_TXT_CLEARTEXT_SECRET, sds_at(string),
                   "value of '%s' can be read by everybody", SDS_QUOTED(string->key));
}

static bool is_decimal(struct sds_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!sds_is_digit(text.p[i]))
            return false;
    return text.len > 0;
}

static bool is_port(struct sds_span value, unsigned port)
{
    unsigned number = 0;

    if (!is_decimal(value))
        return false;
    for (size_t i = 0; i < value.len && number <= UINT16_MAX; i++)
        number = number * 10 + (value.p[i] - '0');
    return number == port;
}

static bool is_host(struct sds_span value, const char *host)
{
    size_t len = strlen(host);

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (value.len > 0 && value.p[value.len - 1] == '.')
        value.len--;
    return len > 0 && sds_fold_equal(value.p, value.len, host, len);
}

/* Keys whose first occurrence, the one that counts (RFC 6763 6.4), has a meaning of its own. */
enum known_key { TXTVERS, PORT, HOST, HOSTNAME, TARGET, KNOWN_KEY__COUNT };

static const char *const known_keys[] = {"txtvers", "port", "host", "hostname", "target"};

struct firsts {
    bool is_there[KNOWN_KEY__COUNT];
    bool is_whole[KNOWN_KEY__COUNT];
    struct sds_txt_string string[KNOWN_KEY__COUNT];
};

static void note_first(struct firsts *firsts, const struct sds_txt_string *string, bool is_whole)
{
    for (size_t i = 0; i < KNOWN_KEY__COUNT; i++) {
        if (firsts->is_there[i] || !sds_fold_is(string->key.p, string->key.len, known_keys[i]))
            continue;
        firsts->is_there[i] = true;
        firsts->is_whole[i] = is_whole;
        firsts->string[i] = *string;
        return;
    }
}

static void check_txtvers(struct sds_check *check, const struct sds_txt_string *txtvers,
                          bool is_whole)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string first;

    while (sds_txt_next(&iter, &first) && first.bytes.len == 0)
        continue;
    if (first.offset != txtvers->offset)
        sds_report(check, SDS_RULE_TXTVERS_NOT_FIRST, sds_at(txtvers),
                   "'txtvers' is not the first key");
    if (is_whole && !is_decimal(txtvers->value))
        sds_report(check, SDS_RULE_TXTVERS_NOT_DECIMAL, sds_at(txtvers),
                   "value '%s' of 'txtvers' is not a decimal number", SDS_QUOTED(txtvers->value));
}

/* RFC 6763 6.3: what the SRV record says is not to be said again. False where that is not known. */
static bool check_repeat(struct sds_check *check, enum known_key which,
                         const struct sds_txt_string *string)
{
    const struct sds_service *service = check->service;
    enum sds_part part = which == PORT ? SDS_PART_PORT : SDS_PART_HOST;
    enum sds_state state = sds_service_state(service, part);
    bool is_repeat = false;

    if (sds_find_declared(check, string->key) != SDS_DECLARED_NOT)
        return true;
    if (state == SDS_PRESENT)
        is_repeat = which == PORT ? is_port(string->value, service->port)
                                  : is_host(string->value, service->host);
    if (is_repeat)
        sds_report(check, SDS_RULE_TXT_REPEATS_SRV, sds_at(string),
                   "value '%s' of '%s' repeats the SRV record", SDS_QUOTED(string->value),
                   SDS_QUOTED(string->key));
    return state != SDS_UNKNOWN;
}

/* What is not known of one key keeps none from being told of another. */
static void check_repeats(struct sds_check *check, const struct firsts *firsts)
{
    bool is_known = true;

    for (enum known_key i = PORT; i < KNOWN_KEY__COUNT; i++)
        if (firsts->is_whole[i])
            is_known &= check_repeat(check, i, &firsts->string[i]);
    if (!is_known && !check->n_findings[SDS_RULE_TXT_REPEATS_SRV])
        sds_lacks_evidence(check, SDS_RULE_TXT_REPEATS_SRV);
}

void sds_check_values(struct sds_check *check)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct firsts firsts = {0};
    struct sds_txt_string string;

    while (sds_next_attribute(&iter, &string)) {
        if (sds_long_string(check, &string)) {
            note_first(&firsts, &string, false);
            continue;
        }
        check_value(check, &string);
        if (has_joined_pairs(string.bytes))
            sds_report(check, SDS_RULE_TXT_JOINED_PAIRS, sds_at(&string),
                       "string '%s' holds several pairs", SDS_QUOTED(string.bytes));
        note_first(&firsts, &string, true);
    }
    if (firsts.is_there[TXTVERS])
        check_txtvers(check, &firsts.string[TXTVERS], firsts.is_whole[TXTVERS]);
    check_repeats(check, &firsts);
}
