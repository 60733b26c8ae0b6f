/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "rules/rules.h"

/* What a label of a host name may be made of; beyond ASCII, multicast DNS has letters too. */
static bool is_of_label(uint8_t byte)
{
    return sds_is_letter(byte) || sds_is_digit(byte) || byte == '-' || byte == '_' || byte >= 0x80;
}

static bool is_of_label_at(struct sds_span text, size_t at)
{
    return at < text.len && is_of_label(text.p[at]);
}

static bool is_of_address(uint8_t byte)
{
    return byte == ':' || sds_hex_digit(byte) >= 0;
}

/* Whether this stands at @at, ASCII case ignored. */
static bool stands_at(struct sds_span text, size_t at, const char *word)
{
    size_t len = strlen(word);

    return text.len - at >= len && sds_fold_equal(text.p + at, len, word, len);
}

/* `.local` at the end of a host name, with or without the root; not `.localhost`, `.local.org`. */
static bool is_local_at(struct sds_span text, size_t at)
{
    size_t end = at + strlen(".local");

    if (!stands_at(text, at, ".local") || at == 0 || !is_of_label(text.p[at - 1]) ||
        is_of_label_at(text, end))
        return false;
    return end == text.len || text.p[end] != '.' || !is_of_label_at(text, end + 1);
}

/* 169.254/16 at the beginning of an address; not inside another, such as 10.169.254.1. */
static bool is_ipv4_at(struct sds_span text, size_t at)
{
    return stands_at(text, at, "169.254.") &&
           (at == 0 || (!sds_is_digit(text.p[at - 1]) && text.p[at - 1] != '.'));
}

/* fe80: likewise. Before it, hex digits and colons are an address unless they end a word. */
static bool is_ipv6_at(struct sds_span text, size_t at)
{
    size_t start = at;

    if (!stands_at(text, at, "fe80:"))
        return false;
    if (at == 0 || text.p[at - 1] != ':')
        return at == 0 || !(sds_is_letter(text.p[at - 1]) || sds_is_digit(text.p[at - 1]));
    while (start > 0 && is_of_address(text.p[start - 1]))
        start--;
    return start > 0 && sds_is_letter(text.p[start - 1]); /* as in "ipv6:fe80::1" */
}

bool sds_holds_link_local(struct sds_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_local_at(text, i) || is_ipv4_at(text, i) || is_ipv6_at(text, i))
            return true;
    return false;
}
