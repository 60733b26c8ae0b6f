/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include "base/ascii.h"
#include "sdscope/service.h"

void sds_address_format(struct sds_address address, char *ret)
{
    if (!inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.bytes, ret,
                   SDS_ADDRESS_TEXT_SIZE))
        *ret = '\0';
}

bool sds_address_parse(const char *text, struct sds_address *ret)
{
    struct sds_address address = {0};

    if (inet_pton(AF_INET, text, address.bytes) == 1)
        address.len = 4;
    else if (inet_pton(AF_INET6, text, address.bytes) == 1)
        address.len = 16;
    else
        return false;
    *ret = address;
    return true;
}

int sds_address_cmp(const struct sds_address *a, const struct sds_address *b)
{
    return a->len != b->len ? a->len - b->len : memcmp(a->bytes, b->bytes, a->len);
}

/* A decimal number of at most three digits, of which nothing is left; -1 where it is none. */
static int read_bits(const char *text)
{
    int bits = 0;
    size_t n = 0;

    for (; sds_is_digit(text[n]) && n < 3; n++)
        bits = bits * 10 + (text[n] - '0');
    return n > 0 && !text[n] ? bits : -1;
}

bool sds_prefix_parse(const char *text, struct sds_prefix *ret)
{
    struct sds_prefix prefix = {0};
    char address[SDS_ADDRESS_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    int bits = slash ? read_bits(slash + 1) : -1;

    if (bits < 0 || (size_t)(slash - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';
    if (!sds_address_parse(address, &prefix.address) || bits > prefix.address.len * 8)
        return false;
    prefix.len = (uint8_t)bits;
    *ret = prefix;
    return true;
}

void sds_prefix_format(const struct sds_prefix *prefix, char *ret)
{
    char address[SDS_ADDRESS_TEXT_SIZE];

    sds_address_format(prefix->address, address);
    snprintf(ret, SDS_PREFIX_TEXT_SIZE, "%s/%u", address, prefix->len);
}

bool sds_prefix_covers(const struct sds_prefix *prefix, struct sds_address address)
{
    size_t bytes = prefix->len / 8;
    unsigned mask = 0xFFu << (8 - prefix->len % 8) & 0xFF;

    return prefix->address.len == address.len &&
           memcmp(prefix->address.bytes, address.bytes, bytes) == 0 &&
           (!mask || !((prefix->address.bytes[bytes] ^ address.bytes[bytes]) & mask));
}

bool sds_address_is_link_local(struct sds_address address)
{
    if (address.len == 4)
        return address.bytes[0] == 169 && address.bytes[1] == 254;
    return address.len == 16 && address.bytes[0] == 0xFE && (address.bytes[1] & 0xC0) == 0x80;
}
