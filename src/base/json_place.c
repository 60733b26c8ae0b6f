/* SPDX-License-Identifier: MIT */
#include "base/json_place.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <unistr.h>

#include "base/ascii.h"

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

/* The four digits of `\uNNNN`; 0 where they are not there. */
static ucs4_t read_unit(const struct scan *scan)
{
    ucs4_t unit = 0;

    for (int i = 0; i < 4; i++)
        unit = scan->end - scan->p < 4 ? 0 : unit << 4 | (ucs4_t)sds_hex_digit(scan->p[i]);
    return unit;
}

/* What follows the `u` of an escape: a character, or the first half of one and then the other. */
static ucs4_t read_escaped_unit(struct scan *scan)
{
    ucs4_t unit = read_unit(scan), low;

    scan->p += 4;
    if ((unit & 0xFC00) != 0xD800 || scan->end - scan->p < 6)
        return unit;
    scan->p += 2; /* another backslash and `u` */
    low = read_unit(scan);
    scan->p += 4;
    return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

/* Take a byte of a string, or what an escape means as UTF-8; returns how many bytes. */
static size_t take_character(struct scan *scan, uint8_t *ret)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char *letter;
    int n;

    *ret = (uint8_t)*scan->p++;
    if (*ret != '\\' || scan->p >= scan->end)
        return 1;
    *ret = (uint8_t)*scan->p++;
    if (*ret == 'u') {
        n = u8_uctomb(ret, read_escaped_unit(scan), 4);
        return n > 0 ? (size_t)n : 0;
    }
    letter = strchr(letters, *ret);
    if (letter && *letter)
        *ret = (uint8_t)meant[letter - letters];
    return 1;
}

/* Skip a string, and tell what it says, as far as there is room; returns how many bytes. */
static size_t read_string(struct scan *scan, char *ret, size_t room)
{
    struct scan inside = {scan->p + 1, scan->end};
    size_t n = 0;

    skip_string(scan);
    while (inside.p < scan->p - 1 && n < room) {
        uint8_t bytes[4];
        size_t len = take_character(&inside, bytes);

        for (size_t i = 0; i < len && n < room; i++)
            ret[n++] = (char)bytes[i];
    }
    return n;
}

/* Skip a string; whether it says this. */
static bool take_name(struct scan *scan, const char *name)
{
    struct scan inside = {scan->p + 1, scan->end};
    size_t left = strlen(name);

    skip_string(scan);
    while (inside.p < scan->p - 1) {
        uint8_t bytes[4];
        size_t len = take_character(&inside, bytes);

        if (len > left || memcmp(bytes, name, len) != 0)
            return false;
        name += len;
        left -= len;
    }
    return left == 0;
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
    if (!take(scan, '{'))
        return false;
    while (scan->p < scan->end && *scan->p == '"') {
        bool is_it = take_name(scan, name);

        if (!take(scan, ':'))
            return false;
        if (is_it)
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
        char name[SDS_JSON_NAME_MAX];
        size_t name_len = 0;
        int r;

        if (is_object) {
            name_len = read_string(&scan, name, sizeof(name));
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
