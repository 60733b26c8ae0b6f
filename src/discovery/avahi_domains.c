/* SPDX-License-Identifier: MIT */
#include "discovery/avahi_domains.h"

#include <stdlib.h>

#include <avahi-client/lookup.h>
#include <avahi-common/error.h>

#include "base/ascii.h"
#include "wire/name.h"

struct sds_avahi_domains {
    AvahiDomainBrowser *browser;
    sds_answer_fn *fn;
    void *userdata;
};

/* What is no part of its configuration comes as a record, too, whose name is as it was sent. */
static bool is_configured(AvahiBrowserEvent event, AvahiLookupResultFlags flags)
{
    return event == AVAHI_BROWSER_NEW && flags & AVAHI_LOOKUP_RESULT_STATIC;
}

static void on_domain(AvahiDomainBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                      AvahiBrowserEvent event, const char *domain, AvahiLookupResultFlags flags,
                      void *userdata)
{
    const struct sds_avahi_domains *domains = userdata;
    struct sds_answer answer = {.kind = SDS_ANSWER_NEW, .holder = SDS_HOLDER_ASKED};
    struct sds_wire_name rdata;
    struct sds_name name;

    (void)browser, (void)interface, (void)protocol;
    if (!domain || !is_configured(event, flags))
        return;
    sds_name_parse(domain, &name);
    if (!sds_wire_name_from(&name, &rdata))
        return;
    answer.rdata = rdata.bytes;
    answer.rdata_len = rdata.len;
    domains->fn(domains->userdata, &answer);
}

/* The daemon tells the same whatever domain is asked; it is for those of the link. */
static bool is_asked(const char *name, uint16_t rrtype)
{
    return rrtype == SDS_RR_PTR && sds_text_fold_equal(name, "b._dns-sd._udp.local");
}

int sds_avahi_domains_new(AvahiClient *client, AvahiIfIndex ifindex, AvahiProtocol protocol,
                          const char *name, uint16_t rrtype, sds_answer_fn *fn, void *userdata,
                          struct sds_avahi_domains **ret)
{
    struct sds_avahi_domains *domains;

    *ret = NULL;
    if (!is_asked(name, rrtype))
        return AVAHI_OK;
    domains = calloc(1, sizeof(*domains));
    if (!domains)
        return AVAHI_ERR_NO_MEMORY;
    *domains = (struct sds_avahi_domains){.fn = fn, .userdata = userdata};
    domains->browser = avahi_domain_browser_new(client, ifindex, protocol, "local",
                                                AVAHI_DOMAIN_BROWSER_BROWSE, 0, on_domain, domains);
    if (!domains->browser) {
        free(domains);
        return avahi_client_errno(client);
    }
    *ret = domains;
    return AVAHI_OK;
}

struct sds_avahi_domains *sds_avahi_domains_free(struct sds_avahi_domains *domains,
                                                 bool is_connected)
{
    if (domains && is_connected)
        avahi_domain_browser_free(domains->browser);
    free(domains);
    return NULL;
}
