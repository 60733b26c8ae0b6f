/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "sdscope/registry.h"

static void count_message(void *userdata, const struct sds_load_message *message)
{
    MUST(message->text);
    ++*(size_t *)userdata;
}

static struct sds_registry *load(const void *bytes, size_t len, size_t *n_messages)
{
    struct sds_registry *registry = sds_registry_new();

    MUST(registry);
    if (sds_registry_load_bytes(registry, "fuzz", bytes, len, count_message, n_messages) < 0)
        return sds_registry_free(registry);
    return registry;
}

static char *export(const struct sds_registry *registry)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    MUST(out);
    MUST(sds_registry_export(registry, out, SDS_EXPORT_NONE) == 0);
    MUST(fclose(out) == 0);
    return text;
}

int fuzz_load(const char *prefix, const uint8_t *data, size_t size)
{
    size_t prefix_len = strlen(prefix), len = prefix_len + size, n_messages = 0;
    struct sds_registry *registry, *again;
    char *bytes = malloc(len + 1), *first, *second;

    MUST(bytes);
    memcpy(bytes, prefix, prefix_len);
    if (size)
        memcpy(bytes + prefix_len, data, size);
    bytes = realloc(bytes, len ? len : 1); /* no byte more, so that reading past it is seen */
    MUST(bytes);
    registry = load(bytes, len, &n_messages);
    free(bytes);
    if (!registry)
        return 0;
    first = export(registry);
    n_messages = 0;
    again = load(first, strlen(first), &n_messages);
    if (!again || n_messages)
        fputs(first, stderr);
    MUST(again);
    MUST(n_messages == 0);
    second = export(again);
    if (strcmp(first, second))
        fprintf(stderr, "%s\n%s\n", first, second);
    MUST(!strcmp(first, second));
    free(second);
    free(first);
    sds_registry_free(again);
    sds_registry_free(registry);
    return 0;
}
