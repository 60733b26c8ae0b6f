/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "rules/rules.h"

/* Repeats are sought among the first so many and each later one, so that no flood takes long. */
#define COMPARED_MAX 256

/* Hashes of the labels that were seen; a malformed subtype has none that counts. */
struct seen {
    size_t n;
    uint32_t hash[COMPARED_MAX];
};

static void check_label(struct sds_check *check, struct sds_place place, struct sds_span label)
{
    if (label.len == 0) {
        sds_report(check, SDS_RULE_SUBTYPE_LENGTH, place, "subtype is empty");
    } else if (label.len > SDS_LABEL_MAX) {
        sds_report(check, SDS_RULE_SUBTYPE_LENGTH, place, "subtype '%s' has %zu bytes, 63 at most",
                   SDS_QUOTED(label), label.len);
    } else if (label.p[0] != '_' || label.len <= 2) { /* avahi_get_type_from_subtype() */
        sds_report(check, SDS_RULE_SUBTYPE_AVAHI_UNPUBLISHABLE, place,
                   "subtype '%s' is not an underscore and two characters or more, as Avahi wants",
                   SDS_QUOTED(label));
    }
}

static bool is_repeat(const struct sds_check *check, const struct seen *seen, uint32_t hash,
                      struct sds_span label)
{
    for (size_t i = 0; i < seen->n; i++) {
        struct sds_subtype before;

        if (seen->hash[i] != hash)
            continue;
        sds_subtype_parse(check->service->subtypes[i], &check->type, &before);
        if (!before.is_malformed &&
            sds_fold_equal(before.label.p, before.label.len, label.p, label.len))
            return true;
    }
    return false;
}

static void check_subtype(struct sds_check *check, size_t i, struct seen *seen)
{
    const char *text = check->service->subtypes[i];
    const struct sds_place place = {.offset = (long)i};
    struct sds_subtype subtype;
    uint32_t hash = 0;

    sds_subtype_parse(text, &check->type, &subtype);
    if (subtype.is_malformed) {
        sds_report(check, SDS_RULE_SUBTYPE_FORM, place,
                   "subtype '%s' is neither a label nor <label>._sub. before the service's type",
                   SDS_QUOTED(sds_text_span(text)));
    } else {
        hash = sds_fold_hash(subtype.label.p, subtype.label.len);
        check_label(check, place, subtype.label);
        if (is_repeat(check, seen, hash, subtype.label))
            sds_report(check, SDS_RULE_SUBTYPE_DUPLICATE, place, "subtype '%s' occurs again",
                       SDS_QUOTED(subtype.label));
    }
    if (seen->n < COMPARED_MAX)
        seen->hash[seen->n++] = hash;
}

void sds_check_subtypes(struct sds_check *check)
{
    const struct sds_service *service = check->service;
    struct seen seen;

    seen.n = 0;
    if (check->type.has_subtype) {
        check_label(check, SDS_WHOLE, check->type.subtype);
    } else if (sds_service_state(service, SDS_PART_SUBTYPES) == SDS_UNKNOWN) {
        sds_lacks_evidence(check, SDS_RULE_SUBTYPE_LENGTH);
        sds_lacks_evidence(check, SDS_RULE_SUBTYPE_AVAHI_UNPUBLISHABLE);
    }
    for (size_t i = 0; i < service->n_subtypes; i++)
        check_subtype(check, i, &seen);
}
