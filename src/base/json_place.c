/* SPDX-License-Identifier: MIT */
#include "base/json_place.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

struct scan {
    const char *p, *end;
};

void sds_json_path_push(struct sds_json_path *path, const char *member, size_t item)
{
    assert(path->n < SDS_JSON_PATH_MAX);
    path->steps[path->n].member = member;
    path->steps[path->n++].item = item;
}

static void skip_blanks(struct scan *scan)
{
    while (scan->p < scan->end && memchr(" \t\r\n", *scan->p, 4))
        scan->p++;
}

/* Take a sign, with the blanks around it. */
static bool take(struct scan *scan, char sign)
{
    skip_blanks(scan);
    if (scan->p == scan->end || *scan->p != sign)
        return false;
    scan->p++;
    skip_blanks(scan);
    return true;
}

static void skip_string(struct scan *scan)
{
    for (scan->p++; scan->p < scan->end && *scan->p != '"'; scan->p++)
        if (*scan->p == '\\')
            scan->p++;
    scan->p++;
}

/* Skip a value of any depth: brackets balance outside strings. */
static void skip_value(struct scan *scan)
{
    size_t depth = 0;

    while (scan->p < scan->end) {
        char c = *scan->p;

        if (depth == 0 && memchr(",]}", c, 3))
            return;
        if (c == '"') {
            skip_string(scan);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']')
            depth--;
        scan->p++;
    }
}

/* Move into an object's member; false where it has none of that name. */
static bool enter_member(struct scan *scan, const char *name)
{
    size_t n = strlen(name);

    if (!take(scan, '{'))
        return false;
    while (scan->p < scan->end && *scan->p == '"') {
        const char *start = scan->p + 1;

        skip_string(scan);
        if (!take(scan, ':'))
            return false;
        if ((size_t)(scan->end - start) > n && !memcmp(start, name, n) && start[n] == '"')
            return true;
        skip_value(scan);
        if (!take(scan, ','))
            return false;
    }
    return false;
}

static bool enter_item(struct scan *scan, size_t item)
{
    if (!take(scan, '['))
        return false;
    for (; item > 0; item--) {
        skip_value(scan);
        if (!take(scan, ','))
            return false;
    }
    return true;
}

int sds_json_each(const char *bytes, size_t len, size_t offset, sds_json_visit *visit,
                  void *userdata)
{
    struct scan scan = {bytes + offset, bytes + len};
    bool is_object = take(&scan, '{'), is_array = !is_object && take(&scan, '[');

    if (!is_object && !is_array)
        return 0;
    for (size_t i = 0; scan.p < scan.end && !memchr("]}", *scan.p, 2); i++) {
        const char *name = NULL;
        size_t name_len = 0;
        int r;

        if (is_object) {
            name = scan.p + 1;
            skip_string(&scan);
            name_len = (size_t)(scan.p - name) - 1;
            if (!take(&scan, ':'))
                return 0;
        }
        r = visit(userdata, i, name, name_len, (size_t)(scan.p - bytes));
        if (r)
            return r;
        skip_value(&scan);
        if (!take(&scan, ','))
            return 0;
    }
    return 0;
}

size_t sds_json_find(const char *bytes, size_t len, const struct sds_json_path *path)
{
    struct scan scan = {bytes, bytes + len};
    const char *place;

    skip_blanks(&scan);
    place = scan.p;
    for (size_t i = 0; i < path->n; i++) {
        const char *member = path->steps[i].member;

        if (!(member ? enter_member(&scan, member) : enter_item(&scan, path->steps[i].item)))
            break;
        place = scan.p;
    }
    return (size_t)(place - bytes);
}

void sds_json_place(const char *bytes, size_t len, const struct sds_json_path *path,
                    size_t *ret_line, size_t *ret_column)
{
    const char *place = bytes + sds_json_find(bytes, len, path), *line = bytes;

    *ret_line = 1;
    for (const char *p = bytes; p < place; p++) {
        if (*p == '\n') {
            ++*ret_line;
            line = p + 1;
        }
    }
    *ret_column = (size_t)(place - line) + 1;
}
