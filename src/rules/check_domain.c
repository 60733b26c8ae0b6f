/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "rules/rules.h"

/* What mDNSResponder's ConstructServiceName() calls an illegal domain. */
static bool is_local_arpa(const struct sds_name *domain)
{
    static const char *const labels[] = {"local", "arpa"};

    if (domain->n_labels != 2)
        return false;
    for (size_t i = 0; i < 2; i++) {
        struct sds_span label = sds_name_label(domain, i);

        if (!sds_fold_equal(label.p, label.len, labels[i], strlen(labels[i])))
            return false;
    }
    return true;
}

/* RFC 5890 2.3.2.1: an A-label begins with this, ASCII case ignored. */
static bool is_punycode(struct sds_span label)
{
    static const char prefix[] = "xn--";
    const size_t len = sizeof(prefix) - 1;

    return label.len >= len && sds_fold_equal(label.p, len, prefix, len);
}

static void check_punycode(struct sds_check *check)
{
    for (size_t i = 0; i < check->domain.n_labels; i++) {
        struct sds_span label = sds_name_label(&check->domain, i);

        if (!is_punycode(label))
            continue;
        sds_report(check, SDS_RULE_DOMAIN_PUNYCODE, SDS_WHOLE,
                   "label '%s' of the domain is Punycode", SDS_QUOTED(label));
        return;
    }
}

void sds_check_domain(struct sds_check *check)
{
    const struct sds_judged domain = {"domain", check->service->domain, &check->domain};

    if (!domain.text || !sds_check_name(check, SDS_RULE_DOMAIN_MALFORMED, &domain))
        return;
    sds_check_net_unicode(check, SDS_RULE_DOMAIN_NOT_NET_UNICODE, &domain);
    if (is_local_arpa(domain.name))
        sds_report(check, SDS_RULE_DOMAIN_LOCAL_ARPA, SDS_WHOLE,
                   "domain is 'local.arpa', which mDNSResponder refuses");
    check_punycode(check);
}
