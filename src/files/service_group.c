/* SPDX-License-Identifier: MIT */
#include "files/service_group.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/service_xml.h"
#include "sdscope/txt.h"
#include "sdscope/type.h"

#define SUBTYPES_MAX 1000 /* of a service */

/* The values of the attributes, in the order of the DTD's table. */
enum { PROTOCOL_ANY, PROTOCOL_IPV4, PROTOCOL_IPV6 };
enum { WILDCARDS_NO, WILDCARDS_YES };
enum { FORMAT_TEXT, FORMAT_HEX, FORMAT_BASE64 };

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* Somebody's text in a message. */
struct quoted {
    char text[64];
};

static const char *quote(struct quoted *ret, const char *text)
{
    sds_text_shorten(ret->text, sizeof(ret->text), text, strlen(text));
    return ret->text;
}

static void drop_service(struct sds_group *g)
{
    for (size_t i = 0; i < SDS_DTD__COUNT; i++) {
        free(SDS_TAKE(g->text[i]));
        g->places[i] = SDS_INPUT_NOWHERE;
    }
    for (size_t i = 0; i < g->subtypes.n; i++)
        free(g->subtypes.v[i]);
    g->protocol = PROTOCOL_ANY;
    g->subtypes.n = g->txt.bytes.n = g->txt.lens.n = g->txt_at = g->marks.n = 0;
}

void sds_group_done(struct sds_group *g)
{
    drop_service(g);
    free(g->protocols.v);
    free(g->subtypes.v);
    sds_txt_strings_done(&g->txt);
    free(g->marks.v);
    free(g->name);
    *g = (struct sds_group){0};
}

static int mark(struct sds_group *g, enum sds_part part, size_t index, struct sds_input_place place)
{
    struct sds_input_mark added = {part, index, place};

    return sds_arr_push(&g->marks, added) ? 0 : -ENOMEM;
}

/* ---- TXT strings -------------------------------------------------------------------------- */

/* Append a string in two pieces. */
static int push_string(struct sds_group *g, struct sds_span head, struct sds_span tail,
                       struct sds_input_place place)
{
    size_t len = head.len + tail.len;

    if (len >= SDS_TXT_RDATA_MAX - g->txt.bytes.n - g->txt.lens.n)
        return sds_input_fault(g->input, SDS_GROUP_STRUCTURE, place,
                               "TXT strings exceed %d bytes; this one is left out",
                               SDS_TXT_RDATA_MAX);
    if (mark(g, SDS_PART_TXT, g->txt_at, place) < 0 || !sds_txt_strings_push(&g->txt, head) ||
        !sds_txt_strings_push(&g->txt, tail) || !sds_txt_strings_end(&g->txt))
        return -ENOMEM;
    g->txt_at += 1 + (len > SDS_TXT_STRING_MAX ? SDS_TXT_STRING_MAX : len);
    return 0;
}

static int fault_value(struct sds_group *g, const struct sds_group_element *e, const char *value)
{
    struct quoted quoted;

    return sds_input_fault(
        g->input, SDS_GROUP_VALUE_FORMAT, e->place, "'%s' is not %s", quote(&quoted, value),
        e->value == FORMAT_HEX ? "an even number of hex digits" : "base64 with its padding");
}

/* Only what follows the first `=` is in the format; without one there is nothing to decode. */
static int add_txt(struct sds_group *g, const struct sds_group_element *e)
{
    const struct sds_span nothing = {NULL, 0};
    SDS_CLEANUP(sds_freep) uint8_t *value = NULL;
    const char *equals = strchr(e->text, '=');
    struct sds_span whole = sds_text_span(e->text);
    size_t len;
    int r;

    if (e->value == FORMAT_TEXT || !equals)
        return push_string(g, whole, nothing, e->place);
    r = e->value == FORMAT_HEX ? sds_hex_decode(equals + 1, &value, &len)
                               : sds_base64_decode(equals + 1, strlen(equals + 1), &value, &len);
    if (r == -EINVAL) {
        r = fault_value(g, e, equals + 1);
        return r < 0 ? r : push_string(g, whole, nothing, e->place);
    }
    if (r < 0)
        return r;
    whole.len = (size_t)(equals + 1 - e->text);
    return push_string(g, whole, (struct sds_span){value, len}, e->place);
}

/* ---- elements ----------------------------------------------------------------------------- */

/* The name with a host's in place of every `%h`, malloc'ed; NULL when out of memory. */
static char *fill_in_host(const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const char *at;

    if (!out)
        return NULL;
    for (; (at = strstr(name, "%h")); name = at + 2)
        fprintf(out, "%.*s" SDS_XML_HOST, (int)(at - name), name);
    fputs(name, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static int set_name(struct sds_group *g, const struct sds_group_element *e)
{
    g->name_place = e->place;
    if (!*e->text)
        return 0;
    free(g->name);
    g->name = e->value == WILDCARDS_YES ? fill_in_host(e->text) : strdup(e->text);
    if (!g->name)
        return -ENOMEM;
    if (e->value == WILDCARDS_YES || !strstr(e->text, "%h"))
        return 0;
    return sds_input_fault(g->input, SDS_GROUP_WILDCARD_INERT, e->place,
                           "%%h in the name is no wildcard without replace-wildcards=\"yes\"");
}

static int add_subtype(struct sds_group *g, const struct sds_group_element *e)
{
    char *text;

    if (g->subtypes.n == SUBTYPES_MAX)
        return sds_input_fault(g->input, SDS_GROUP_STRUCTURE, e->place,
                               "more than %d subtypes; this one is left out", SUBTYPES_MAX);
    text = strdup(e->text);
    if (!text || !sds_arr_push(&g->subtypes, text)) {
        free(text);
        return -ENOMEM;
    }
    return mark(g, SDS_PART_SUBTYPES, g->subtypes.n - 1, e->place);
}

/* An element that occurs once. One without text is as good as not there, for Avahi too. */
static int set_text(struct sds_group *g, const struct sds_group_element *e, enum sds_part part)
{
    g->places[e->element] = e->place;
    if (!*e->text)
        return 0;
    free(g->text[e->element]);
    g->text[e->element] = strdup(e->text);
    return g->text[e->element] ? mark(g, part, 0, e->place) : -ENOMEM;
}

static bool is_white(char c)
{
    return c && strchr(" \t\r\n", c);
}

/* Avahi keeps what stands there, to the last blank. */
static int check_white_space(struct sds_group *g, const struct sds_group_element *e)
{
    const char *name = sds_dtd_row(e->element)->name;
    size_t len = strlen(e->text);

    if (len && (is_white(e->text[0]) || is_white(e->text[len - 1])))
        return sds_input_fault(g->input, SDS_GROUP_TEXT_WHITESPACE, e->place,
                               "<%s> begins or ends with white space", name);
    if (e->element == SDS_DTD_TXT && strchr(e->text, '\n'))
        return sds_input_fault(g->input, SDS_GROUP_TEXT_WHITESPACE, e->place,
                               "<%s> has a line break in it", name);
    return 0;
}

int sds_group_add(struct sds_group *g, const struct sds_group_element *e)
{
    int r = 0;

    if (e->element == SDS_DTD_NAME || e->element == SDS_DTD_TYPE || e->element == SDS_DTD_HOST ||
        e->element == SDS_DTD_TXT)
        r = check_white_space(g, e);
    if (r < 0)
        return r;
    switch (e->element) {
    case SDS_DTD_NAME:
        return set_name(g, e);
    case SDS_DTD_TYPE:
        return set_text(g, e, SDS_PART_TYPE);
    case SDS_DTD_SUBTYPE:
        return add_subtype(g, e);
    case SDS_DTD_DOMAIN:
        return set_text(g, e, SDS_PART_DOMAIN);
    case SDS_DTD_HOST:
        return set_text(g, e, SDS_PART_HOST);
    case SDS_DTD_PORT:
        return set_text(g, e, SDS_PART_PORT);
    case SDS_DTD_TXT:
        return add_txt(g, e);
    default: /* holds elements, not text */
        return 0;
    }
}

/* ---- services ----------------------------------------------------------------------------- */

void sds_group_begin_service(struct sds_group *g, struct sds_input_place place)
{
    drop_service(g);
    g->has_service = true;
    g->places[SDS_DTD_SERVICE] = place;
}

void sds_group_set_protocol(struct sds_group *g, int value)
{
    g->protocol = value;
}

static bool is_device_info(const char *type)
{
    struct sds_type parts;

    sds_type_parse(type, &parts);
    return sds_fold_equal(parts.name.p, parts.name.len, "device-info", strlen("device-info"));
}

/* Without a port Avahi publishes port 0, which is this fault and not another: the port stays
 * unknown. */
static int miss_port(struct sds_group *g, struct sds_service *s)
{
    struct sds_input_place place = g->places[SDS_DTD_PORT];

    if (is_device_info(s->type)) {
        sds_service_set_port(s, 0);
        return 0;
    }
    if (place.line)
        return sds_input_fault(g->input, SDS_GROUP_PORT_MISSING, place, "<port> is empty");
    return sds_input_fault(g->input, SDS_GROUP_PORT_MISSING, g->places[SDS_DTD_SERVICE],
                           "service has no <port>");
}

/* Avahi makes a port of what begins with one, as atoi() does; where even that gives none, the port
 * stays unknown. */
static int set_port(struct sds_group *g, struct sds_service *s)
{
    const char *text = g->text[SDS_DTD_PORT];
    struct quoted quoted;
    bool is_number;
    long port;

    if (!text)
        return miss_port(g, s);
    is_number = text[strspn(text, "0123456789")] == '\0';
    port = strtol(text, NULL, 10);
    if (port < 0 || port > UINT16_MAX)
        return sds_input_fault(g->input, SDS_GROUP_PORT_INVALID, g->places[SDS_DTD_PORT],
                               "port '%s' is not a number from 0 to 65535: Avahi ignores the file",
                               quote(&quoted, text));
    if (port > 0 || is_number)
        sds_service_set_port(s, (uint16_t)port);
    if (is_number)
        return 0;
    return sds_input_fault(g->input, SDS_GROUP_PORT_INVALID, g->places[SDS_DTD_PORT],
                           "port '%s' is not digits alone: Avahi reads %ld", quote(&quoted, text),
                           port);
}

/* Where a subtype stands. */
static struct sds_input_place place_of_subtype(const struct sds_group *g, size_t i)
{
    for (size_t j = 0; j < g->marks.n; j++)
        if (g->marks.v[j].part == SDS_PART_SUBTYPES && g->marks.v[j].index == i)
            return g->marks.v[j].place;
    return g->places[SDS_DTD_SERVICE];
}

/* A label alone is a subtype elsewhere, but Avahi wants all of it here. Other forms are faults of
 * the service. */
static int check_subtype(struct sds_group *g, size_t i, const struct sds_type *type)
{
    struct sds_subtype subtype;
    struct quoted quoted, quoted_type;

    sds_subtype_parse(g->subtypes.v[i], type, &subtype);
    if (subtype.is_malformed || subtype.labels.n_labels != 1)
        return 0;
    return sds_input_fault(g->input, SDS_GROUP_SUBTYPE_FORM, place_of_subtype(g, i),
                           "subtype '%s' is a label, to be followed by ._sub.%s",
                           quote(&quoted, g->subtypes.v[i]),
                           quote(&quoted_type, g->text[SDS_DTD_TYPE]));
}

static int set_subtypes(struct sds_group *g, struct sds_service *s)
{
    struct sds_type type;
    int r = 0;

    sds_type_parse(s->type, &type);
    sds_service_set_missing(s, SDS_PART_SUBTYPES);
    for (size_t i = 0; i < g->subtypes.n && r == 0; i++) {
        r = check_subtype(g, i, &type);
        if (r == 0)
            r = sds_service_append_subtype(s, g->subtypes.v[i]);
    }
    return r;
}

static int set_txt(const struct sds_group *g, struct sds_service *s)
{
    SDS_CLEANUP(sds_freep) struct sds_span *spans = sds_txt_strings_spans(&g->txt);

    return spans ? sds_service_set_txt_strings(s, spans, g->txt.lens.n) : -ENOMEM;
}

/* The file has the last word on subtypes and TXT strings: what it does not give, is not there. */
static int set_parts(struct sds_group *g, struct sds_service *s)
{
    int r = set_subtypes(g, s);

    if (r == 0 && g->text[SDS_DTD_DOMAIN])
        r = sds_service_set_domain(s, g->text[SDS_DTD_DOMAIN]);
    if (r == 0 && g->text[SDS_DTD_HOST])
        r = sds_service_set_host(s, g->text[SDS_DTD_HOST]);
    if (r == 0)
        r = set_txt(g, s);
    return r < 0 ? r : set_port(g, s);
}

/* The services of a group that were added so far. */
static struct sds_input_service *services_of(const struct sds_group *g)
{
    return g->input->services.v + (g->input->services.n - g->n_services);
}

/* Where no domain is given, the daemon chooses: mostly this one. */
static const char *domain_of(const struct sds_service *s)
{
    return sds_service_state(s, SDS_PART_DOMAIN) == SDS_PRESENT ? s->domain : "local";
}

/* Whether the open service is also there where another one of the group is. */
static bool meets(const struct sds_group *g, const struct sds_service *s, size_t other)
{
    int protocol = g->protocols.v[other];

    return (protocol == g->protocol || protocol == PROTOCOL_ANY || g->protocol == PROTOCOL_ANY) &&
           sds_name_same(domain_of(services_of(g)[other].service), domain_of(s));
}

/* All services of a group have one name, so that each type can be there but once in each domain,
 * over each protocol. */
static int check_type_is_new(struct sds_group *g, const struct sds_service *s)
{
    struct quoted quoted;

    for (size_t i = 0; i < g->n_services; i++) {
        const struct sds_input_service *other = &services_of(g)[i];

        if (sds_name_same(other->service->type, s->type) && meets(g, s, i))
            return sds_input_fault(g->input, SDS_GROUP_INSTANCE_REPEATED, g->places[SDS_DTD_TYPE],
                                   "type '%s' occurs twice in the group, first on line %d",
                                   quote(&quoted, s->type), other->place.line);
    }
    return 0;
}

static int add_service(struct sds_group *g)
{
    SDS_CLEANUP(sds_service_freep)
    struct sds_service *s = sds_service_new(g->text[SDS_DTD_TYPE]);
    int r = s ? set_parts(g, s) : -ENOMEM;

    if (r == 0)
        r = check_type_is_new(g, s);
    if (r == 0 && !sds_arr_push(&g->protocols, g->protocol))
        r = -ENOMEM;
    if (r == 0)
        r = sds_input_add(g->input, SDS_TAKE(s), g->places[SDS_DTD_SERVICE]);
    if (r < 0)
        return r;
    g->n_services++;
    for (size_t i = 0; i < g->marks.n && r == 0; i++)
        r = sds_input_mark(g->input, g->marks.v[i].part, g->marks.v[i].index, g->marks.v[i].place);
    return r;
}

int sds_group_end_service(struct sds_group *g)
{
    if (g->text[SDS_DTD_TYPE])
        return add_service(g);
    return sds_input_fault(g->input, SDS_GROUP_STRUCTURE, g->places[SDS_DTD_SERVICE],
                           "service has no type");
}

/* ---- the group ---------------------------------------------------------------------------- */

void sds_group_begin(struct sds_group *g, struct sds_input_place place)
{
    g->place = place;
}

int sds_group_end(struct sds_group *g)
{
    int r = 0;

    if (!g->name && g->name_place.line)
        r = sds_input_fault(g->input, SDS_GROUP_STRUCTURE, g->name_place, "<name> is empty");
    else if (!g->name)
        r = sds_input_fault(g->input, SDS_GROUP_STRUCTURE, g->place, "group has no <name>");
    if (r == 0 && !g->has_service)
        r = sds_input_fault(g->input, SDS_GROUP_STRUCTURE, g->place, "group has no <service>");
    return r;
}

int sds_group_name_services(struct sds_group *g)
{
    struct sds_input_mark name = {SDS_PART_INSTANCE, 0, g->name_place};

    for (size_t i = 0; i < g->n_services && g->name; i++) {
        struct sds_input_service *named = &services_of(g)[i];

        if (sds_service_set_instance(named->service, g->name, strlen(g->name)) < 0 ||
            !sds_arr_push(&named->marks, name))
            return -ENOMEM;
    }
    return 0;
}
