/* SPDX-License-Identifier: MIT */
#include "files/service_xml.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/near.h"
#include "base/text.h"
#include "files/service_dtd.h"
#include "files/service_group.h"

#define DEPTH_MAX    16    /* elements that are open; a service file has 3 */
#define FAULTS_MAX   1000  /* of a file */
#define SERVICES_MAX 1000  /* of a file */
#define TEXT_MAX     65535 /* bytes of an element's text; no part of a service can be longer */

struct xml {
    XML_Parser parser;
    struct sds_input *input;
    size_t first_fault; /* of this file's in the input */
    bool has_order_mark;

    struct sds_group group;
    enum sds_dtd_element open;    /* the innermost element that is known */
    size_t depth, skipped;        /* how many are open; at which they became unknown, or 0 */
    unsigned seen;                /* bits of elements: in the group, and in its open service */
    unsigned seen_in_group;       /* the same without the service's */
    struct sds_group_element now; /* the one with text that is open */
    SDS_ARR(char) text;           /* that it has */

    bool is_stopped;
    int error;
};

/* Read no more; @error is 0 where the file is to blame. */
static void stop(struct xml *x, int error)
{
    if (x->is_stopped)
        return;
    x->is_stopped = true;
    x->error = error;
    XML_StopParser(x->parser, XML_FALSE);
}

static void settle(struct xml *x, int r)
{
    if (r < 0)
        stop(x, r);
}

/* Where the parser is; it counts columns from 0, and a byte order mark as one. */
static struct sds_input_place here(const struct xml *x)
{
    struct sds_input_place place = {
        .line = (int)XML_GetCurrentLineNumber(x->parser),
        .column = (int)XML_GetCurrentColumnNumber(x->parser) + 1,
    };

    if (x->has_order_mark && place.line == 1 && place.column > 1)
        place.column--;
    return place;
}

/* The file is not built as it should be; @text is somebody else's. */
static void fault(struct xml *x, const char *before, const char *text, const char *after)
{
    char safe[64];

    sds_text_shorten(safe, sizeof(safe), text, strlen(text));
    settle(x,
           sds_input_fault(x->input, SDS_GROUP_STRUCTURE, here(x), "%s%s%s", before, safe, after));
}

/* Whether the reader goes on, as the file has not gone too far. */
static bool is_within_limits(struct xml *x)
{
    const char *limit = NULL;

    if (x->is_stopped)
        return false;
    if (x->depth >= DEPTH_MAX)
        limit = "elements are nested too deeply";
    else if (x->input->faults.n - x->first_fault >= FAULTS_MAX)
        limit = "too many faults";
    else if (x->group.n_services >= SERVICES_MAX)
        limit = "too many services";
    if (!limit)
        return true;
    fault(x, "", limit, "; the rest is not read");
    stop(x, 0);
    return false;
}

/* ---- elements ----------------------------------------------------------------------------- */

static void fault_element(struct xml *x, const char *name)
{
    const char *parent = sds_dtd_row(x->open)->name;
    struct sds_near near = sds_near_begin(name, strlen(name));
    char after[128];

    if (!parent) {
        fault(x, "<", name, "> is not the <service-group> of an Avahi service file");
        return;
    }
    for (enum sds_dtd_element e = SDS_DTD_GROUP; e < SDS_DTD__COUNT; e++)
        if (sds_dtd_row(e)->parent == x->open)
            sds_near_offer(&near, sds_dtd_row(e)->name, strlen(sds_dtd_row(e)->name));
    snprintf(after, sizeof(after), "> does not belong in <%s>%s%.*s%s", parent,
             near.best ? "; did you mean <" : "", (int)near.best_len,
             near.best ? (const char *)near.best : "", near.best ? ">?" : "");
    fault(x, "<", name, after);
}

static void read_attribute(struct xml *x, const char *name, const char *value)
{
    const struct sds_dtd_row *row = sds_dtd_row(x->open);
    const char *last = row->values[2];
    char around[128];
    int which;

    if (!row->attribute || strcmp(row->attribute, name) != 0) {
        snprintf(around, sizeof(around), "' is no attribute of <%s>", row->name);
        fault(x, "'", name, around);
        return;
    }
    which = sds_dtd_value(x->open, value);
    if (which >= 0) {
        x->now.value = which;
        if (x->open == SDS_DTD_SERVICE)
            sds_group_set_protocol(&x->group, which);
        return;
    }
    snprintf(around, sizeof(around), "' is no value of '%s': %s, %s%s%s", name, row->values[0],
             row->values[1], last ? ", " : "", last ? last : "");
    fault(x, "'", value, around);
}

static void open_element(struct xml *x, enum sds_dtd_element element)
{
    x->open = element;
    x->now = (struct sds_group_element){.element = element, .place = here(x)};
    x->text.n = 0;
    x->seen |= 1u << element;
    if (element == SDS_DTD_GROUP)
        sds_group_begin(&x->group, x->now.place);
    if (element == SDS_DTD_SERVICE) {
        sds_group_begin_service(&x->group, x->now.place);
        x->seen_in_group = x->seen;
    }
}

static void on_start(void *userdata, const char *name, const char **attributes)
{
    struct xml *x = userdata;
    enum sds_dtd_element element;

    if (!is_within_limits(x))
        return;
    x->depth++;
    if (x->skipped)
        return;
    element = sds_dtd_find(x->open, name);
    if (!element) {
        fault_element(x, name);
        x->skipped = x->depth;
    } else if (sds_dtd_row(element)->is_single && x->seen & 1u << element) {
        fault(x, "<", name, "> is there already");
        x->skipped = x->depth;
    } else {
        open_element(x, element);
        for (; *attributes && is_within_limits(x); attributes += 2)
            read_attribute(x, attributes[0], attributes[1]);
    }
}

/* A byte past the longest text says that it was longer. */
static void on_text(void *userdata, const char *text, int len)
{
    struct xml *x = userdata;

    if (x->is_stopped || x->skipped || !sds_dtd_row(x->open)->has_text)
        return;
    for (int i = 0; i < len && x->text.n <= TEXT_MAX; i++)
        if (!sds_arr_push(&x->text, text[i])) {
            stop(x, -ENOMEM);
            return;
        }
}

static void end_text(struct xml *x)
{
    if (x->text.n > TEXT_MAX) {
        fault(x, "<", sds_dtd_row(x->open)->name, "> is too long; the rest is not read");
        stop(x, 0);
        return;
    }
    if (!sds_arr_push(&x->text, '\0')) {
        stop(x, -ENOMEM);
        return;
    }
    x->now.text = x->text.v;
    settle(x, sds_group_add(&x->group, &x->now));
}

static void on_end(void *userdata, const char *name)
{
    struct xml *x = userdata;

    (void)name;
    if (x->is_stopped) /* expat ends the element it was stopped at */
        return;
    if (x->skipped) {
        if (x->depth-- == x->skipped)
            x->skipped = 0;
        return;
    }
    x->depth--;
    if (sds_dtd_row(x->open)->has_text) {
        end_text(x);
    } else if (x->open == SDS_DTD_SERVICE) {
        settle(x, sds_group_end_service(&x->group));
        x->seen = x->seen_in_group;
    } else {
        settle(x, sds_group_end(&x->group));
    }
    x->open = sds_dtd_row(x->open)->parent;
}

/* ---- entities ----------------------------------------------------------------------------- */

/* The DTD has none, and a file's own could multiply without bounds. */
static void on_entity(void *userdata, const char *name, int is_parameter, const char *value,
                      int value_len, const char *base, const char *system_id, const char *public_id,
                      const char *notation)
{
    struct xml *x = userdata;

    if (x->is_stopped)
        return;
    fault(x, "entity '", name, "' is declared in the file, which is refused; the rest is not read");
    stop(x, 0);
}

/* One that is declared nowhere is left out, by Avahi likewise. */
static void on_skipped_entity(void *userdata, const char *name, int is_parameter)
{
    struct xml *x = userdata;

    if (!is_parameter && is_within_limits(x))
        fault(x, "entity '", name, "' is declared nowhere");
}

/* ---- the file ----------------------------------------------------------------------------- */

/* What a text begins with, NUL bytes and all. */
#define BEGINS_WITH(text, len, literal)                                                            \
    ((len) >= sizeof(literal) - 1 && memcmp((text), (literal), sizeof(literal) - 1) == 0)

static bool is_utf8_marked(const char *text, size_t len)
{
    return BEGINS_WITH(text, len, "\xEF\xBB\xBF");
}

bool sds_text_is_xml(const char *text, size_t len)
{
    size_t at = is_utf8_marked(text, len) ? 3 : 0;

    while (at < len && memchr(" \t\r\n", text[at], 4))
        at++;
    return (at < len && text[at] == '<') || BEGINS_WITH(text, len, "\xFE\xFF\0<") ||
           BEGINS_WITH(text, len, "\xFF\xFE<\0");
}

static int parse(struct xml *x, const char *text, size_t len)
{
    enum XML_Status status;

    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetEntityDeclHandler(x->parser, on_entity);
    XML_SetSkippedEntityHandler(x->parser, on_skipped_entity);
    status = XML_Parse(x->parser, text, (int)len, 1);
    if (status == XML_STATUS_OK || x->is_stopped)
        return x->error;
    if (XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
        return -ENOMEM;
    fault(x, "not well-formed: ", XML_ErrorString(XML_GetErrorCode(x->parser)), "");
    return x->error;
}

int sds_services_read_xml(const char *text, size_t len, struct sds_input *ret,
                          struct sds_input_error *error)
{
    struct xml x = {
        .parser = XML_ParserCreate(NULL),
        .input = ret,
        .first_fault = ret->faults.n,
        .has_order_mark = is_utf8_marked(text, len) || BEGINS_WITH(text, len, "\xFE\xFF") ||
                          BEGINS_WITH(text, len, "\xFF\xFE"),
        .group = {.input = ret},
    };
    int r;

    if (!x.parser)
        return -ENOMEM;
    if (len > INT_MAX) /* expat counts in int */
        r = sds_input_fail(error, SDS_INPUT_NOWHERE, "larger than 2 GiB");
    else
        r = parse(&x, text, len);
    if (r == 0)
        r = sds_group_name_services(&x.group);
    XML_ParserFree(x.parser);
    sds_group_done(&x.group);
    free(x.text.v);
    return r;
}
