/* SPDX-License-Identifier: MIT */
#include "cmd/wanted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "sdscope/profile.h"

/* ---- types that nobody names -------------------------------------------------------------- */

static bool add_guess(struct sds_wanted *wanted, const char *name, const char *transport)
{
    char *type = sds_text_format("_%s._%s", name, transport);

    if (type && sds_arr_push(&wanted->guesses, type))
        return true;
    free(type);
    return false;
}

/* Both types of a name that has no transport. */
static bool add_guesses(struct sds_wanted *wanted, const struct sds_record *record)
{
    return (!sds_record_fits(record, SDS_TRANSPORT_TCP) ||
            add_guess(wanted, record->name, "tcp")) &&
           (!sds_record_fits(record, SDS_TRANSPORT_UDP) || add_guess(wanted, record->name, "udp"));
}

static bool add_known_types(struct sds_wanted *wanted, const struct sds_registry *registry)
{
    struct sds_record_iter records = sds_registry_all(registry);
    struct sds_profile_iter profiles = sds_profile_all(registry);
    const struct sds_record *record;
    const struct sds_profile *profile;

    while ((profile = sds_profile_next(&profiles)))
        if (!add_guesses(wanted, &(struct sds_record){.name = profile->name,
                                                      .transport = profile->transport}))
            return false;
    while ((record = sds_record_next(&records)))
        if (sds_record_is_dnssd(record) && !add_guesses(wanted, record))
            return false;
    return true;
}

/* ---- subtypes ----------------------------------------------------------------------------- */

/* Takes @label; NULL is out of memory. */
static bool add_subtype(struct sds_wanted *wanted, const char *type, char *label, bool is_wanted)
{
    const struct sds_source_subtype subtype = {type, label, is_wanted};

    if (!label || !sds_arr_push(&wanted->texts, label)) {
        free(label);
        return false;
    }
    return sds_arr_push(&wanted->subtypes, subtype);
}

/* Whether an expression is a label that only matches itself. */
static bool is_literal(const char *regex)
{
    for (; *regex; regex++)
        if (!sds_is_letter(*regex) && !sds_is_digit(*regex) && *regex != '_' && *regex != '-')
            return false;
    return true;
}

static bool add_profile_subtype(struct sds_wanted *wanted, const char *type,
                                const struct sds_profile_subtype *subtype)
{
    const struct sds_source_subtype beyond_asking = {type, NULL, false};

    if (is_literal(subtype->regex))
        return add_subtype(wanted, type, strdup(subtype->regex), false);
    return !subtype->is_required || sds_arr_push(&wanted->subtypes, beyond_asking);
}

static bool add_type_subtypes(struct sds_wanted *wanted, const struct sds_profile *profile,
                              const char *transport)
{
    char *type = sds_text_format("_%s._%s", profile->name, transport);

    if (!type || !sds_arr_push(&wanted->texts, type)) {
        free(type);
        return false;
    }
    for (size_t i = 0; i < profile->n_subtypes; i++)
        if (!add_profile_subtype(wanted, type, &profile->subtypes[i]))
            return false;
    return true;
}

/* Of several profiles of a type, the one that judges it is the one to ask by. */
static bool add_known_subtypes(struct sds_wanted *wanted, const struct sds_registry *registry)
{
    static const struct {
        const char *word;
        enum sds_transport transport;
    } transports[] = {{"tcp", SDS_TRANSPORT_TCP}, {"udp", SDS_TRANSPORT_UDP}};
    struct sds_profile_iter profiles = sds_profile_all(registry);
    const struct sds_profile *profile;

    while ((profile = sds_profile_next(&profiles)))
        for (size_t i = 0; profile->n_subtypes && i < SDS_COUNT(transports); i++)
            if (sds_profile_find(registry, sds_text_span(profile->name), transports[i].transport) ==
                    profile &&
                !add_type_subtypes(wanted, profile, transports[i].word))
                return false;
    return true;
}

/* A subtype of the command line, of one of its types. Returns 0 or enum sds_exit. */
static int add_asked_subtype(struct sds_wanted *wanted, const char *text, const char *type)
{
    struct sds_subtype subtype;
    struct sds_type parsed;

    sds_type_parse(type, &parsed);
    sds_subtype_parse(text, &parsed, &subtype);
    if (subtype.is_malformed || !subtype.label.len || subtype.label.len > SDS_LABEL_MAX)
        return sds_fail(SDS_EXIT_USAGE, "'%s' is no subtype of %s: write _printer, or %s._sub.%s",
                        text, type, "_printer", type);
    if (!add_subtype(wanted, type, sds_name_format(&subtype.labels, 0, 1), true))
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    return 0;
}

static int add_asked_subtypes(struct sds_wanted *wanted, const struct sds_opts *opts)
{
    int r = 0;

    if (opts->subtypes.n && !opts->n_args)
        return sds_fail(SDS_EXIT_USAGE, "%s: --subtype needs the TYPE that it is of",
                        opts->cmd->name);
    for (int i = 0; i < opts->n_args; i++)
        for (size_t j = 0; j < opts->subtypes.n && r == 0; j++)
            r = add_asked_subtype(wanted, opts->subtypes.v[j], opts->args[i]);
    return r;
}

/* ---- all of it ---------------------------------------------------------------------------- */

int sds_wanted_init(struct sds_wanted *ret, const struct sds_opts *opts,
                    const struct sds_registry *registry)
{
    bool has_all = true;
    int r = add_asked_subtypes(ret, opts);

    if (r || !registry)
        return r;
    if (opts->deep && !opts->n_args)
        has_all = add_known_types(ret, registry);
    /* Where one subtype is asked for, the others decide whether one that must be there is not. */
    if (has_all && (opts->deep || opts->subtypes.n))
        has_all = add_known_subtypes(ret, registry);
    return has_all ? 0 : sds_fail(SDS_EXIT_USAGE, "out of memory");
}

void sds_wanted_done(struct sds_wanted *wanted)
{
    for (size_t i = 0; i < wanted->guesses.n; i++)
        free(wanted->guesses.v[i]);
    for (size_t i = 0; i < wanted->texts.n; i++)
        free(wanted->texts.v[i]);
    free(wanted->guesses.v);
    free(wanted->texts.v);
    free(wanted->subtypes.v);
}
