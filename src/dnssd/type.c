/* SPDX-License-Identifier: MIT */
#include "sdscope/type.h"

#include "base/ascii.h"

static bool label_is(struct sds_span label, const char *text, size_t len)
{
    return sds_fold_equal(label.p, label.len, text, len);
}

static enum sds_transport transport_of(struct sds_span label)
{
    if (label_is(label, "_tcp", 4))
        return SDS_TRANSPORT_TCP;
    if (label_is(label, "_udp", 4))
        return SDS_TRANSPORT_UDP;
    return SDS_TRANSPORT_OTHER;
}

void sds_type_parse(const char *text, struct sds_type *ret)
{
    struct sds_name *labels = &ret->labels;
    size_t first = 0;

    sds_name_parse(text, labels);
    ret->has_subtype = false;
    ret->subtype = ret->name = ret->transport_label = (struct sds_span){NULL, 0};
    ret->transport = SDS_TRANSPORT_OTHER;

    if (labels->n_labels >= 3 && label_is(sds_name_label(labels, 1), "_sub", 4)) {
        ret->has_subtype = true;
        ret->subtype = sds_name_label(labels, 0);
        first = 2;
    }
    ret->is_pair = labels->n_labels == first + 2;
    if (labels->n_labels > first)
        ret->name = sds_name_label(labels, first);
    if (ret->name.len > 0 && *ret->name.p == '_')
        ret->name = (struct sds_span){ret->name.p + 1, ret->name.len - 1};
    else
        ret->is_pair = false;
    if (labels->n_labels > first + 1) {
        ret->transport_label = sds_name_label(labels, first + 1);
        ret->transport = transport_of(ret->transport_label);
    }
}
