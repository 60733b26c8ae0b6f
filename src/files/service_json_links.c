/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <sys/socket.h>

#include "base/mem.h"
#include "files/service_json_parts.h"

#define PREFIXES_MAX 1000 /* of a service */

/* ---- reading ------------------------------------------------------------------------------- */

int sds_json_read_interface(const json_t *value, const struct sds_json_place *at, char *ret,
                            struct sds_json_error *error)
{
    const size_t size = sizeof(((struct sds_sighting *)0)->interface);
    const char *name;
    int r = sds_json_read_text(value, at, "the name of an interface", &name, error);

    if (r < 0)
        return r;
    if (strlen(name) >= size)
        return sds_json_fail(error, at, "longer than %zu bytes", size - 1);
    memcpy(ret, name, strlen(name));
    return 0;
}

static int read_sighting(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    static const char *const known[] = {"interface", "family"};
    struct sds_json_place interface_at = {at, "interface", 0}, family_at = {at, "family", 0};
    struct sds_sighting seen = {0};
    const char *family;
    int r;

    if (!json_is_object(value))
        return sds_json_fail_kind(error, at, "an object", value);
    r = sds_json_check_members(value, at, known, SDS_COUNT(known), error);
    if (r == 0)
        r = sds_json_read_interface(json_object_get(value, "interface"), &interface_at,
                                    seen.interface, error);
    if (r == 0)
        r = sds_json_read_text(json_object_get(value, "family"), &family_at, "\"ipv4\" or \"ipv6\"",
                               &family, error);
    if (r < 0)
        return r;
    if (strcmp(family, "ipv4") == 0)
        seen.family = AF_INET;
    else if (strcmp(family, "ipv6") == 0)
        seen.family = AF_INET6;
    else
        return sds_json_fail_text(error, &family_at, "\"ipv4\" or \"ipv6\"", family);
    return sds_service_add_sighting(s, seen);
}

int sds_read_sightings(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    return sds_json_read_items(s, value, at, read_sighting, error);
}

static int read_prefixes(struct sds_service *s, const json_t *array,
                         const struct sds_json_place *at, const char *interface,
                         struct sds_json_error *error)
{
    static const char expected[] = "a prefix such as \"192.0.2.0/24\"";
    const json_t *item;
    size_t i;

    if (!json_is_array(array))
        return sds_json_fail_kind(error, at, "an array", array);
    if (json_array_size(array) > PREFIXES_MAX - s->n_prefixes)
        return sds_json_fail(error, at, "more than %d prefixes", PREFIXES_MAX);
    json_array_foreach(array, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};
        struct sds_prefix prefix;
        const char *text;
        int r = sds_json_read_text(item, &item_at, expected, &text, error);

        if (r == 0 && !sds_prefix_parse(text, &prefix))
            r = sds_json_fail_text(error, &item_at, expected, text);
        if (r == 0) {
            memcpy(prefix.interface, interface, sizeof(prefix.interface));
            r = sds_service_add_prefix(s, prefix);
        }
        if (r < 0)
            return r;
    }
    return 0;
}

/* {"name": "eth0", "prefixes": [...]}, or the name alone. */
static int read_interface(struct sds_service *s, const json_t *value,
                          const struct sds_json_place *at, struct sds_json_error *error)
{
    static const char *const known[] = {"name", "prefixes"};
    const struct sds_json_place name_at = {at, "name", 0}, prefixes_at = {at, "prefixes", 0};
    const json_t *name = value, *prefixes = NULL;
    struct sds_sighting seen = {.family = AF_UNSPEC};
    int r = 0;

    if (json_is_object(value)) {
        r = sds_json_check_members(value, at, known, SDS_COUNT(known), error);
        name = json_object_get(value, "name");
        prefixes = json_object_get(value, "prefixes");
    } else if (!json_is_string(value)) {
        return sds_json_fail_kind(error, at, "an object", value);
    }
    if (r == 0 && name && !json_is_null(name)) {
        r = sds_json_read_interface(name, name == value ? at : &name_at, seen.interface, error);
        if (r == 0)
            r = sds_service_add_sighting(s, seen);
    }
    if (r == 0 && prefixes && !json_is_null(prefixes))
        r = read_prefixes(s, prefixes, &prefixes_at, seen.interface, error);
    return r;
}

int sds_read_interfaces(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    return json_is_array(value) ? sds_json_read_items(s, value, at, read_interface, error)
                                : read_interface(s, value, at, error);
}

/* ---- writing ------------------------------------------------------------------------------- */

static int set_sightings(json_t *object, const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_sightings; i++) {
        const struct sds_sighting *seen = &s->sightings[i];
        json_t *item;

        if (seen->family == AF_UNSPEC)
            continue;
        item = json_object();
        if (json_array_append_new(array, item) ||
            json_object_set_new(item, "interface", sds_text_to_json(seen->interface)) ||
            json_object_set_new(item, "family",
                                json_string(seen->family == AF_INET ? "ipv4" : "ipv6")))
            return -1;
    }
    if (array && !json_array_size(array))
        return 0;
    return json_object_set(object, "sightings", array);
}

static json_t *prefixes_json(const struct sds_service *s, const char *interface)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_prefixes; i++) {
        char text[SDS_PREFIX_TEXT_SIZE];

        if (strcmp(s->prefixes[i].interface, interface) != 0)
            continue;
        sds_prefix_format(&s->prefixes[i], text);
        if (json_array_append_new(array, json_string(text)))
            return NULL;
    }
    return SDS_TAKE(array);
}

/* Append what is known of an interface, unless it stands there already. */
static int append_interface(json_t *array, const struct sds_service *s, const char *interface)
{
    json_auto_t *name = sds_text_to_json(interface);
    json_auto_t *prefixes = prefixes_json(s, interface);
    json_t *item;
    size_t i;

    if (!name || !prefixes)
        return -1;
    json_array_foreach(array, i, item)
    {
        const json_t *known = json_object_get(item, "name");

        if (known ? json_equal(known, name) : !*interface)
            return 0;
    }
    item = json_object();
    if (json_array_append_new(array, item) || (*interface && json_object_set(item, "name", name)) ||
        (json_array_size(prefixes) && json_object_set(item, "prefixes", prefixes)))
        return -1;
    return 0;
}

/* Interfaces of which more is told than the sightings do: one, or an array of them. */
static int set_interfaces(json_t *object, const struct sds_service *s)
{
    json_auto_t *array = json_array();

    if (!array)
        return -1;
    for (size_t i = 0; i < s->n_sightings; i++)
        if (s->sightings[i].family == AF_UNSPEC &&
            append_interface(array, s, s->sightings[i].interface))
            return -1;
    for (size_t i = 0; i < s->n_prefixes; i++)
        if (append_interface(array, s, s->prefixes[i].interface))
            return -1;
    if (!json_array_size(array))
        return 0;
    return json_object_set(object, "interface",
                           json_array_size(array) > 1 ? array : json_array_get(array, 0));
}

int sds_json_set_links(json_t *object, const struct sds_service *s)
{
    return set_sightings(object, s) || set_interfaces(object, s) ? -1 : 0;
}
