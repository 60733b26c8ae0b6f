/* SPDX-License-Identifier: MIT */
#include "sdscope/type.h"

#include "base/ascii.h"

static bool label_is(struct sds_span label, const void *text, size_t len)
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

/* Whether a text is more than one label. */
static bool has_dot(const char *text)
{
    for (; *text; text++) {
        if (*text == '.')
            return true;
        if (*text == '\\' && text[1])
            text++;
    }
    return false;
}

/* Whether a name is `<label>._sub.` and the type, whatever subtype that is written with. */
static bool is_subtype_of(const struct sds_name *name, const struct sds_type *type)
{
    size_t first = type->has_subtype ? 2 : 0;

    if (name->n_labels + first != type->labels.n_labels + 2 ||
        !label_is(sds_name_label(name, 1), "_sub", 4))
        return false;
    for (size_t i = 2; i < name->n_labels; i++) {
        struct sds_span of_type = sds_name_label(&type->labels, first + i - 2);

        if (!label_is(sds_name_label(name, i), of_type.p, of_type.len))
            return false;
    }
    return true;
}

void sds_subtype_parse(const char *text, const struct sds_type *type, struct sds_subtype *ret)
{
    struct sds_name *labels = &ret->labels;

    sds_name_parse(text, labels);
    ret->is_malformed =
        labels->faults & SDS_NAME_BAD_ESCAPE || (has_dot(text) && !is_subtype_of(labels, type));
    ret->label = (struct sds_span){NULL, 0};
    if (labels->n_labels > 0)
        ret->label = sds_name_label(labels, 0);
}
