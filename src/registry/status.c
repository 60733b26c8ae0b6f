/* SPDX-License-Identifier: MIT */
#include "registry/table.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

/* How a note begins, or one of its sentences, that takes a row out of use. */
static const char *const retiring[] = {
    "this service name is no longer in use",
    "this entry has been removed",
    "this entry is being removed",
    "this port has been removed",
    "this port is being removed",
    "de-assigned on",
    "de-registered",
    "deprecated",
    "removed",
};

/* Whether a text begins with words, which are in lower case. */
static bool begins_with(const char *text, const char *words)
{
    for (; *words; text++, words++)
        if (sds_fold((uint8_t)*text) != *words)
            return false;
    return true;
}

static const char *find_words(const char *text, const char *words)
{
    for (; *text; text++)
        if (begins_with(text, words))
            return text;
    return NULL;
}

static bool begins_retiring(const char *text)
{
    for (size_t i = 0; i < SDS_COUNT(retiring); i++)
        if (begins_with(text, retiring[i]))
            return true;
    return false;
}

/* A later sentence counts too, but not words inside one: a port "previously removed" is in use. */
static bool is_retired(const struct sds_record *row)
{
    const char *notes = row->notes ? row->notes : "", *description = row->description;

    if (description &&
        (begins_with(description, "deprecated") || begins_with(description, "removed") ||
         find_words(description, "(historic)")))
        return true;
    if (*notes == '(')
        notes++;
    for (; notes; notes = strstr(notes, ". ")) {
        if (begins_with(notes, ". "))
            notes += 2;
        if (begins_retiring(notes))
            return true;
    }
    return false;
}

bool sds_notes_unassigned(const char *notes)
{
    return notes && find_words(notes, "unassigned but widespread use");
}

/* What stands between two phrases, of which the second begins with a quote. */
static bool find_quoted(const char *notes, const char *before, const char *after,
                        struct sds_span *ret)
{
    const char *start = find_words(notes, before), *end;

    if (!start)
        return false;
    start += strlen(before);
    end = strchr(start, '"');
    if (!end || !begins_with(end, after))
        return false;
    *ret = (struct sds_span){(const uint8_t *)start, (size_t)(end - start)};
    return true;
}

int sds_status_read(struct sds_arena *arena, struct sds_record *row)
{
    const char *notes = row->notes ? row->notes : "";
    const char *description = row->description ? row->description : "";
    struct sds_span alias;

    if (find_quoted(notes, "is an alias to \"", "\"", &alias) ||
        find_quoted(notes, "duplicate of the \"", "\" service", &alias)) {
        row->status = SDS_RECORD_ALIAS;
        row->alias_of = sds_arena_text(arena, alias.p, alias.len);
        return row->alias_of ? 0 : -ENOMEM;
    }
    if (begins_with(notes, "not a service type"))
        row->status = SDS_RECORD_NOT_A_SERVICE;
    else if (begins_with(description, "reserved") || begins_with(notes, "not a real service type"))
        row->status = SDS_RECORD_RESERVED;
    else if (is_retired(row))
        row->status = SDS_RECORD_RETIRED;
    else
        row->status = SDS_RECORD_ACTIVE;
    return 0;
}
