/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "rules/rules.h"

/* An IPv4 or IPv6 address in place of a name; a dot at the end is the root here too. */
static bool is_address(const char *host)
{
    char text[SDS_ADDRESS_TEXT_SIZE];
    struct sds_address address;
    size_t len = strlen(host);

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len >= sizeof(text))
        return false;
    memcpy(text, host, len);
    text[len] = '\0';
    return sds_address_parse(text, &address);
}

/* RFC 1123 2.1: letters, digits and hyphens, these not at an edge. */
static bool is_ldh(struct sds_span label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!sds_is_letter(label.p[i]) && !sds_is_digit(label.p[i]) && label.p[i] != '-')
            return false;
    return label.p[0] != '-' && label.p[label.len - 1] != '-';
}

static void check_ldh(struct sds_check *check, const struct sds_name *target)
{
    for (size_t i = 0; i < target->n_labels; i++) {
        struct sds_span label = sds_name_label(target, i);

        if (is_ldh(label))
            continue;
        sds_report(check, SDS_RULE_TARGET_NOT_LDH, SDS_WHOLE,
                   "label '%s' of the SRV target is not letters, digits and inner hyphens",
                   SDS_QUOTED(label));
        return;
    }
}

/* RFC 6762 3: hosts are single-dns-label.local, and of no use off the link. */
static void check_local(struct sds_check *check, const struct sds_judged *target)
{
    if (!sds_name_is_local(target->name))
        return;
    if (target->name->n_labels > 2)
        sds_report(check, SDS_RULE_TARGET_MULTI_LABEL_LOCAL, SDS_WHOLE,
                   "SRV target '%s' has more than one label before 'local'",
                   SDS_QUOTED(sds_text_span(target->text)));
    if (sds_is_unicast(check))
        sds_report(check, SDS_RULE_TARGET_LOCAL_IN_UNICAST, SDS_WHOLE,
                   "SRV target '%s' is in .local, domain '%s' is not",
                   SDS_QUOTED(sds_text_span(target->text)),
                   SDS_QUOTED(sds_text_span(check->service->domain)));
}

void sds_check_target(struct sds_check *check)
{
    const char *text = check->service->host;
    struct sds_name name;
    const struct sds_judged target = {"SRV target", text, &name};

    if (!text)
        return;
    if (sds_is_root(text)) {
        sds_report(check, SDS_RULE_TARGET_ROOT, SDS_WHOLE, "SRV target is the root");
        return;
    }
    sds_name_parse(text, &name);
    if (!sds_check_name(check, SDS_RULE_TARGET_MALFORMED, &target))
        return;
    if (is_address(text)) { /* its labels are none of a host's name */
        sds_report(check, SDS_RULE_TARGET_IP_LITERAL, SDS_WHOLE, "SRV target '%s' is an IP address",
                   SDS_QUOTED(sds_text_span(text)));
        return;
    }
    check_ldh(check, &name);
    sds_check_net_unicode(check, SDS_RULE_TARGET_NOT_NET_UNICODE, &target);
    if (name.n_labels == 1)
        sds_report(check, SDS_RULE_TARGET_SINGLE_LABEL, SDS_WHOLE, "SRV target '%s' has one label",
                   SDS_QUOTED(sds_text_span(text)));
    check_local(check, &target);
}
