/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "checked.h"
#include "sdscope/txt.h"

#define RDATA_MAX 65535 /* bytes; RFC 1035 3.2.1 */

/* Appended to only: what the corpus means must not change. */
static const char *const types[] = {
    "_ipp._tcp",         "_airplay._tcp",
    "_hap._tcp",         "_googlecast._tcp",
    "_matter._tcp",      "_matterc._udp",
    "_raop._tcp",        "_printer._tcp",
    "_http._tcp",        "_ssh._tcp",
    "_uscan._tcp",       "_spotify-connect._tcp",
    "_device-info._tcp", "_workstation._tcp",
    "_adisk._tcp",       "_meshcop._udp",
    "_scanner._tcp",     "_x-none._tcp",
    "_axis-video._tcp",  "_nmos-node._tcp",
    "_a._tcp",           "_pdl-datastream._tcp",
    "_sleep-proxy._udp", "_ftp._sctp",
    "_www._tcp",         "_homekit._tcp",
    "_daap._tcp",        "_mqtt._tcp",
};

#define LONG 240 /* with such a first byte, the record is the rest 16 times over */

/* What the second byte says of the service around the record. */
enum {
    UNICAST = 1,
    NO_DOMAIN = 2,
    HAS_PORT = 4,
    HAS_HOST = 8,
    REWRITTEN = 16,
    UNORDERED = 32,
    HAS_NO_SRV = 64
};

static void set_txt(struct sds_service *service, const uint8_t *data, size_t size, size_t times)
{
    uint8_t *rdata = malloc(size * times + 1);

    MUST(rdata);
    for (size_t i = 0; i < times && size; i++)
        memcpy(rdata + i * size, data, size);
    MUST(sds_service_set_txt(service, rdata, size * times < RDATA_MAX ? size * times : RDATA_MAX) ==
         0);
    free(rdata);
}

static struct sds_service *make(uint8_t type, unsigned flags)
{
    struct sds_service *service = sds_service_new(types[type % SDS_COUNT(types)]);

    MUST(service);
    MUST(sds_service_set_instance(service, "0011aabbccdd@Fuzz", 17) == 0);
    if (!(flags & NO_DOMAIN))
        MUST(sds_service_set_domain(service, flags & UNICAST ? "example.org" : "local") == 0);
    if (flags & HAS_PORT)
        sds_service_set_port(service, 80);
    if (flags & HAS_HOST)
        MUST(sds_service_set_host(service, "fuzz.local") == 0);
    if (flags & HAS_NO_SRV && !(flags & HAS_PORT))
        sds_service_set_missing(service, SDS_PART_PORT);
    if (flags & HAS_NO_SRV && !(flags & HAS_HOST))
        sds_service_set_missing(service, SDS_PART_HOST);
    service->txt_rewritten = flags & REWRITTEN;
    service->order_untrusted = flags & UNORDERED;
    return service;
}

/* The strings are the RDATA, without a gap. */
static void must_be_whole(struct sds_span rdata)
{
    struct sds_txt_iter iter = sds_txt_begin(rdata.p, rdata.len);
    struct sds_txt_string string;
    size_t at = 0;

    while (sds_txt_next(&iter, &string)) {
        MUST(string.offset == at);
        MUST(string.bytes.p == rdata.p + at + 1);
        MUST(string.is_truncated ? string.bytes.len < rdata.p[at]
                                 : string.bytes.len == rdata.p[at]);
        at += 1 + string.bytes.len;
        MUST(at <= rdata.len);
        MUST(string.value.p ? string.key.len + 1 + string.value.len == string.bytes.len
                            : string.key.len == string.bytes.len);
    }
    MUST(at == rdata.len);
}

/* Any bytes as the TXT record of a service, whose type and neighbours the first two choose. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_service *service;

    if (size < 2)
        return 0;
    service = make(data[0], data[1]);
    set_txt(service, data + 2, size - 2, data[0] >= LONG ? 16 : 1);
    must_be_whole(service->txt);
    fuzz_check(service);
    sds_service_free(service);
    return 0;
}
