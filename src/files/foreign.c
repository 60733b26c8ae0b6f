/* SPDX-License-Identifier: MIT */
#include "files/foreign.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "files/input.h"
#include "files/service_json.h"

static const struct sds_foreign binary = {"binary file", "binary files"};
static const struct sds_foreign ini = {"INI file", "INI files"};
static const struct sds_foreign json = {"JSON file without a service",
                                        "JSON files without a service"};
static const struct sds_foreign of_sdscope = {"other file of sdscope", "other files of sdscope"};
static const struct sds_foreign other = {"file of another format", "files of other formats"};

static const struct sds_foreign systemd = {"systemd unit", "systemd units"};
static const struct sds_foreign dbus = {"D-Bus service", "D-Bus services"};

/* Sections that an INI file begins with, and whose file that is. */
static const struct {
    const char *name;
    const struct sds_foreign *kind;
} sections[] = {
    {"Unit", &systemd}, {"Service", &systemd}, {"Install", &systemd}, {"D-BUS Service", &dbus}};

/* ---- sections ----------------------------------------------------------------------------- */

/* The first line that says anything, without the blanks around it. */
static struct sds_span first_line(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        while (text < stop && memchr(" \t\r", *text, 3))
            text++;
        while (stop > text && memchr(" \t\r", stop[-1], 3))
            stop--;
        if (text < stop && *text != '#' && *text != ';')
            return (struct sds_span){(const uint8_t *)text, (size_t)(stop - text)};
        text = newline ? newline + 1 : end;
    }
    return (struct sds_span){NULL, 0};
}

static const struct sds_foreign *find_section(const char *text, size_t len)
{
    struct sds_span line = first_line(text, len);

    if (line.len < 3 || line.p[0] != '[' || line.p[line.len - 1] != ']' ||
        !sds_is_letter(line.p[1]))
        return NULL;
    for (size_t i = 0; i < SDS_COUNT(sections); i++)
        if (strlen(sections[i].name) == line.len - 2 &&
            memcmp(sections[i].name, line.p + 1, line.len - 2) == 0)
            return sections[i].kind;
    return &ini;
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* A recording, a policy, a registry or a baseline says so in a member. */
static bool is_of_sdscope(const json_t *object)
{
    static const char prefix[] = "sdscope_";
    const char *name;
    json_t *member;

    json_object_foreach((json_t *)object, name, member)
    {
        if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
            return true;
    }
    return false;
}

/* What a value is instead of one that services are read from, if they are written well. */
static const struct sds_foreign *find_value(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (!json_is_object(value) || json_object_get(value, "type") ||
        json_object_get(value, "services"))
        return NULL;
    if (is_of_sdscope(value))
        return &of_sdscope;
    return sds_service_json_is_alike(value) ? NULL : &json;
}

static const struct sds_foreign *find_json(const char *text, size_t len)
{
    json_t *value = json_loadb(text, len, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, NULL);
    const struct sds_foreign *found = value ? find_value(value) : NULL;

    json_decref(value);
    return found;
}

const struct sds_foreign *sds_foreign_find(const char *text, size_t len, bool is_shared)
{
    const struct sds_foreign *found = is_shared ? find_section(text, len) : NULL;

    if (!found && is_shared && memchr(text, '\0', len))
        found = &binary;
    if (!found)
        found = find_json(text, len);
    if (!found && is_shared && len && !sds_input_is_known(text, len))
        found = &other;
    return found;
}
