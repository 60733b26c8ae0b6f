/* SPDX-License-Identifier: MIT */
#include "cmd/type_word.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "sdscope/type.h"

size_t sds_type_word_len(const char *word, const char *domain)
{
    size_t len = strlen(word), n = domain ? strlen(domain) : 0;

    if (len > 1 && word[len - 1] == '.' && word[len - 2] != '\\')
        len--;
    if (!n || len < n + 2 || !sds_fold_equal(word + len - n, n, domain, n) ||
        word[len - n - 1] != '.')
        return len;
    /* `_x.local` is a type of an odd transport, and no name in this domain */
    return memchr(word, '.', len - n - 1) ? len - n - 1 : len;
}

/* ---- what may have been meant ------------------------------------------------------------- */

static bool is_transport(struct sds_span label)
{
    return sds_fold_is(label.p, label.len, "_tcp") || sds_fold_is(label.p, label.len, "_udp");
}

/* The labels that are a type within a longer name: its first one, or the number of labels. */
static size_t find_type(const struct sds_name *name)
{
    size_t i = 0;

    while (i + 1 < name->n_labels &&
           (*sds_name_label(name, i).p != '_' || !is_transport(sds_name_label(name, i + 1))))
        i++;
    return i + 1 < name->n_labels ? i : name->n_labels;
}

/* Of a name that holds a type: that, and the options for what else it says; or NULL. */
static char *suggest_part(const struct sds_name *name)
{
    SDS_CLEANUP(sds_freep) char *type = NULL;
    SDS_CLEANUP(sds_freep) char *other = NULL;
    size_t at = name->faults ? name->n_labels : find_type(name);

    if (at == name->n_labels)
        return NULL;
    type = sds_name_format(name, at, 2);
    if (at == 2 && sds_fold_is(sds_name_label(name, 1).p, sds_name_label(name, 1).len, "_sub")) {
        other = sds_name_format(name, 0, 1);
        return type && other ? sds_text_format("%s --subtype %s", type, other) : NULL;
    }
    if (at == 0 && name->n_labels > 2) {
        other = sds_name_format(name, 2, SDS_LABELS_ALL);
        return type && other ? sds_text_format("%s --domain %s", type, other) : NULL;
    }
    return SDS_TAKE(type);
}

/* Of `smb`, `_smb.tcp`, `smb/udp`, which lack underscores or a transport; or NULL. */
static char *suggest_whole(const char *word)
{
    const char *name = word + (*word == '_');
    size_t len = strcspn(name, "._/ ");
    const char *transport = name + len;

    if (!len)
        return NULL;
    if (!*transport)
        return sds_text_format("_%s._tcp", name);
    if (!strchr("./", *transport))
        return NULL;
    transport++;
    transport += *transport == '_';
    if (sds_text_fold_equal(transport, "tcp") || sds_text_fold_equal(transport, "udp"))
        return sds_text_format("_%.*s._%s", (int)len, name, transport);
    return NULL;
}

/* Whether somebody may look for it: types of other transports are seen on the wire. */
static bool is_type(const struct sds_type *type)
{
    return !type->labels.faults && type->is_pair && !type->has_subtype &&
           !sds_fold_is(type->transport_label.p, type->transport_label.len, "tcp") &&
           !sds_fold_is(type->transport_label.p, type->transport_label.len, "udp");
}

int sds_type_word_need(const char *word)
{
    SDS_CLEANUP(sds_freep) char *meant = NULL;
    struct sds_type type;

    sds_type_parse(word, &type);
    if (is_type(&type))
        return SDS_EXIT_OK;
    meant = suggest_part(&type.labels);
    if (!meant)
        meant = suggest_whole(word);
    if (meant)
        return sds_fail(SDS_EXIT_USAGE, "'%s' is no service type: did you mean '%s'?", word, meant);
    return sds_fail(SDS_EXIT_USAGE, "'%s' is no service type: write _name._tcp or _name._udp",
                    word);
}
