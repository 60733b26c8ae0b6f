/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uninorm.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "rules/rules.h"

bool sds_check_name(struct sds_check *check, enum sds_rule_index rule,
                    const struct sds_judged *judged)
{
    static const struct {
        enum sds_name_fault fault;
        const char *text;
    } faults[] = {
        {SDS_NAME_EMPTY_LABEL, "has an empty label"},
        {SDS_NAME_LONG_LABEL, "has a label of more than 63 bytes"},
        {SDS_NAME_BAD_ESCAPE, "has an escape sequence that is none"},
        {SDS_NAME_LONG, "has more than 255 bytes"},
    };
    const char *fault = judged->name->n_labels ? NULL : "has no label";

    for (size_t i = 0; i < SDS_COUNT(faults) && !fault; i++)
        if (judged->name->faults & faults[i].fault)
            fault = faults[i].text;
    if (!fault)
        return true;
    sds_report(check, rule, SDS_WHOLE, "%s '%s' %s", judged->what,
               SDS_QUOTED(sds_text_span(judged->text)), fault);
    return false;
}

bool sds_is_nfc(struct sds_check *check, struct sds_span text)
{
    uint8_t room[256];
    size_t len = sizeof(room);
    uint8_t *nfc;
    bool is_same;

    if (sds_is_ascii(text.p, text.len)) /* ASCII is NFC */
        return true;
    nfc = u8_normalize(UNINORM_NFC, text.p, text.len, room, &len);
    if (!nfc) {
        check->error = -ENOMEM;
        return true;
    }
    is_same = len == text.len && memcmp(nfc, text.p, len) == 0;
    if (nfc != room)
        free(nfc);
    return is_same;
}

static bool has_ascii_control(struct sds_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (sds_is_control(text.p[i]))
            return true;
    return false;
}

/* What keeps a label from being Net-Unicode; NULL: nothing. */
static const char *find_fault(struct sds_check *check, struct sds_span label)
{
    if (!sds_text_is_utf8(label.p, label.len))
        return "is not UTF-8";
    if (has_ascii_control(label))
        return "has an ASCII control character";
    return sds_is_nfc(check, label) ? NULL : "is not in Normalization Form C";
}

void sds_check_net_unicode(struct sds_check *check, enum sds_rule_index rule,
                           const struct sds_judged *judged)
{
    const char *fault = NULL;

    for (size_t i = 0; i < judged->name->n_labels && sds_runs(check, rule) && !fault; i++) {
        struct sds_span label = sds_name_label(judged->name, i);

        fault = find_fault(check, label);
        if (fault)
            sds_report(check, rule, SDS_WHOLE, "label '%s' of the %s %s", SDS_QUOTED(label),
                       judged->what, fault);
    }
}
