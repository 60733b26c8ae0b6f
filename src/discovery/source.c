/* SPDX-License-Identifier: MIT */
#include "discovery/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "config.h"
#include "discovery/interfaces.h"
#include "discovery/source_impl.h"

/* Reasons are for people: a flood of them would hide the first. */
#define REASONS_MAX 32

#if !SDS_HAVE_AVAHI
int sds_avahi_client_new(const struct sds_querier_config *config, struct sds_querier **ret,
                         char **ret_error)
{
    *ret_error = sds_text_format("this sdscope was built without the source 'avahi'");
    return -ENOTSUP;
}
#endif

#if !SDS_HAVE_EMBEDDED
int sds_avahi_core_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error)
{
    *ret_error = sds_text_format("this sdscope was built without the source 'embedded'");
    return -ENOTSUP;
}
#endif

static int open_embedded(const struct sds_source_config *config, struct sds_source **ret,
                         char **ret_error)
{
    bool is_taken = sds_mdns_port_is_taken();
    int r = sds_browser_new(config, sds_avahi_core_new, ret, ret_error);

    if (r == 0 && is_taken)
        sds_source_add_note(*ret,
                            "another mDNS stack serves this host: it may miss unicast answers "
                            "while sdscope asks by itself");
    return r;
}

static int open_auto(const struct sds_source_config *config, struct sds_source **ret,
                     char **ret_error)
{
    SDS_CLEANUP(sds_freep) char *why = NULL;
    SDS_CLEANUP(sds_freep) char *why_not = NULL;
    int r = sds_browser_new(config, sds_avahi_client_new, ret, &why);

    if (r != -ENOTCONN && r != -ENOTSUP) {
        *ret_error = SDS_TAKE(why);
        return r;
    }
    r = open_embedded(config, ret, &why_not);
    if (r == 0)
        sds_source_add_note(*ret, "no Avahi daemon answers here: sdscope asked by itself");
    else
        *ret_error = sds_text_format("%s; %s", why ? why : "no Avahi daemon",
                                     why_not ? why_not : strerror(-r));
    return r;
}

static int open_avahi(const struct sds_source_config *config, struct sds_source **ret,
                      char **ret_error)
{
    return sds_browser_new(config, sds_avahi_client_new, ret, ret_error);
}

static const struct {
    const char *word;
    int (*open)(const struct sds_source_config *config, struct sds_source **ret, char **ret_error);
} sources[] = {
    {"auto", open_auto},
    {"avahi", open_avahi},
    {"embedded", open_embedded},
};

static size_t find_word(const char *word)
{
    size_t i = 0;

    while (i < SDS_COUNT(sources) && strcmp(sources[i].word, word) != 0)
        i++;
    return i;
}

bool sds_source_is_word(const char *word)
{
    return find_word(word) < SDS_COUNT(sources);
}

int sds_source_open(const char *word, const struct sds_source_config *config,
                    struct sds_source **ret, char **ret_error)
{
    size_t i = find_word(word);

    *ret_error = NULL;
    if (i == SDS_COUNT(sources))
        return -EINVAL;
    if (!sds_interface_can_multicast(config->interface)) {
        *ret_error =
            config->interface ? sds_text_format("interface '%s' is down, has no address or cannot "
                                                "multicast",
                                                config->interface)
                              : sds_text_format(
                                    "no network: no interface is up that can multicast");
        return -ENETDOWN;
    }
    return sources[i].open(config, ret, ret_error);
}

void sds_source_stop(struct sds_source *source)
{
    source->ops->stop(source);
}

struct sds_source *sds_source_free(struct sds_source *source)
{
    if (!source)
        return NULL;
    source->ops->free(source);
    for (size_t i = 0; i < source->reasons.n; i++)
        free(source->reasons.v[i]);
    for (size_t i = 0; i < source->notes.n; i++)
        free(source->notes.v[i]);
    free(source->reasons.v);
    free(source->notes.v);
    free(source);
    return NULL;
}

const char *sds_source_name(const struct sds_source *source)
{
    return source->ops->name(source);
}

struct sds_progress sds_source_progress(const struct sds_source *source)
{
    return source->ops->progress(source);
}

const char *const *sds_source_reasons(const struct sds_source *source, size_t *ret_n)
{
    *ret_n = source->reasons.n;
    return (const char *const *)source->reasons.v;
}

const char *const *sds_source_notes(const struct sds_source *source, size_t *ret_n)
{
    *ret_n = source->notes.n;
    return (const char *const *)source->notes.v;
}

void sds_source_add_reason(struct sds_source *source, const char *reason)
{
    char *copy;

    for (size_t i = 0; i < source->reasons.n; i++)
        if (strcmp(source->reasons.v[i], reason) == 0)
            return;
    if (source->reasons.n == REASONS_MAX)
        return;
    copy = strdup(reason);
    if (copy && !sds_arr_push(&source->reasons, copy))
        free(copy);
}

void sds_source_add_note(struct sds_source *source, const char *note)
{
    char *copy = strdup(note);

    if (copy && !sds_arr_push(&source->notes, copy))
        free(copy);
}
