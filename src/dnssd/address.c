/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <arpa/inet.h>

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
