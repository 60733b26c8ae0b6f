/* SPDX-License-Identifier: MIT */
#include "registry/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/ascii.h"
#include "base/mem.h"

#define XML_DEPTH_MAX 64
#define XML_STEP      (64 * 1024) /* bytes that are given to expat at once */

static const char namespace[] = "http://www.iana.org/assignments\n";

enum element {
    ELEMENT_OTHER,
    ELEMENT_ASSIGNEE,
    ELEMENT_BR,
    ELEMENT_DESCRIPTION,
    ELEMENT_NAME,
    ELEMENT_NOTE,
    ELEMENT_NUMBER,
    ELEMENT_ORGANIZATION,
    ELEMENT_PARAGRAPH,
    ELEMENT_PEOPLE,
    ELEMENT_PERSON,
    ELEMENT_PROTOCOL,
    ELEMENT_RECORD,
    ELEMENT_REGISTRY,
    ELEMENT_SERVICE_CODE,
    ELEMENT_TITLE,
    ELEMENT_UNAUTHORIZED,
    ELEMENT_UPDATED,
    ELEMENT_URI,
    ELEMENT_XREF,
    ELEMENT__COUNT,
};

static const char *const element_names[ELEMENT__COUNT] = {
    [ELEMENT_ASSIGNEE] = "assignee",
    [ELEMENT_BR] = "br",
    [ELEMENT_DESCRIPTION] = "description",
    [ELEMENT_NAME] = "name",
    [ELEMENT_NOTE] = "note",
    [ELEMENT_NUMBER] = "number",
    [ELEMENT_ORGANIZATION] = "org",
    [ELEMENT_PARAGRAPH] = "paragraph",
    [ELEMENT_PEOPLE] = "people",
    [ELEMENT_PERSON] = "person",
    [ELEMENT_PROTOCOL] = "protocol",
    [ELEMENT_RECORD] = "record",
    [ELEMENT_REGISTRY] = "registry",
    [ELEMENT_SERVICE_CODE] = "sc",
    [ELEMENT_TITLE] = "title",
    [ELEMENT_UNAUTHORIZED] = "unauthorized",
    [ELEMENT_UPDATED] = "updated",
    [ELEMENT_URI] = "uri",
    [ELEMENT_XREF] = "xref",
};

typedef SDS_ARR(char) buffer;

struct xml {
    struct sds_load *load;
    XML_Parser parser;
    enum element path[XML_DEPTH_MAX]; /* of the elements that are open */
    size_t depth;
    struct sds_record row;
    struct sds_person person;
    bool is_row_faulty, is_in_field;
    buffer text;                            /* of the field that is open */
    buffer label;                           /* of the xref that is open: its text, else its data */
    size_t label_data;                      /* bytes of label that are only its data */
    buffer assignees, contacts, references; /* "[A][B]" */
    buffer uris;                            /* of the person that is open, parted by blanks */
    int error;
};

static void stop(struct xml *xml, int error)
{
    if (xml->error)
        return;
    xml->error = error;
    XML_StopParser(xml->parser, XML_FALSE);
}

static size_t line_of(const struct xml *xml)
{
    return XML_GetCurrentLineNumber(xml->parser);
}

static size_t column_of(const struct xml *xml)
{
    return XML_GetCurrentColumnNumber(xml->parser) + 1;
}

/* The row is left out; its first fault is said. */
static void fault_row(struct xml *xml, const char *fault)
{
    if (!xml->is_row_faulty)
        sds_load_say(xml->load, line_of(xml), column_of(xml), "%s", fault);
    xml->is_row_faulty = true;
}

static void append(struct xml *xml, buffer *to, const char *bytes, size_t len)
{
    if (len == 0) /* then there may be no bytes to point at */
        return;
    if (to->n + len > SDS_REGISTRY_FIELD_MAX) {
        fault_row(xml, "a field is too long");
        return;
    }
    if (to->cap < to->n + len) {
        size_t cap = to->cap + len + 256;
        char *v = realloc(to->v, cap);

        if (!v) {
            stop(xml, -ENOMEM);
            return;
        }
        to->v = v;
        to->cap = cap;
    }
    memcpy(to->v + to->n, bytes, len);
    to->n += len;
}

static enum element parent_of(const struct xml *xml)
{
    return xml->depth ? xml->path[xml->depth - 1] : ELEMENT_OTHER;
}

static enum element find_element(const char *name)
{
    size_t n = sizeof(namespace) - 1;

    if (strncmp(name, namespace, n) != 0)
        return ELEMENT_OTHER;
    for (enum element element = ELEMENT_OTHER + 1; element < ELEMENT__COUNT; element++)
        if (!strcmp(name + n, element_names[element]))
            return element;
    return ELEMENT_OTHER;
}

static const char *find_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(attributes[0], name))
            return attributes[1];
    return NULL;
}

static const char *copy(struct xml *xml, const char *text)
{
    const char *ret = NULL;

    if (text && sds_load_field(xml->load, text, strlen(text), true, &ret) < 0)
        stop(xml, -ENOMEM);
    return ret;
}

static void begin_record(struct xml *xml, const char **attributes)
{
    xml->row = (struct sds_record){
        .registered = copy(xml, find_attribute(attributes, "date")),
        .modified = copy(xml, find_attribute(attributes, "updated")),
    };
    xml->is_row_faulty = false;
    xml->assignees.n = xml->contacts.n = xml->references.n = 0;
}

static void begin_person(struct xml *xml, const char **attributes)
{
    const char *id = find_attribute(attributes, "id");

    xml->is_row_faulty = false;
    xml->person = (struct sds_person){0};
    xml->uris.n = 0;
    if (!id) {
        fault_row(xml, "a person without an id");
        return;
    }
    xml->person.id = sds_arena_text(&xml->load->table->arena, id, strlen(id));
    if (!xml->person.id)
        stop(xml, -ENOMEM);
}

/* Whether the members of an element are texts that its end needs whole. */
static bool has_fields(enum element element)
{
    return element == ELEMENT_RECORD || element == ELEMENT_PERSON || element == ELEMENT_REGISTRY;
}

/* RFCs are written in lower case as data and in upper case as text. */
static void begin_xref(struct xml *xml, const char **attributes)
{
    const char *data = find_attribute(attributes, "data");

    xml->label.n = 0;
    if (data && !strncmp(data, "rfc", 3) && sds_is_digit(data[3])) {
        append(xml, &xml->label, "RFC", 3);
        data += 3;
    }
    if (data)
        append(xml, &xml->label, data, strlen(data));
    xml->label_data = xml->label.n;
}

static void on_start(void *userdata, const char *name, const char **attributes)
{
    struct xml *xml = userdata;
    enum element element = find_element(name), parent = parent_of(xml);

    if (xml->depth == 0 && element != ELEMENT_REGISTRY) {
        sds_load_say(xml->load, line_of(xml), column_of(xml), "not a registry of IANA");
        stop(xml, -EINVAL);
        return;
    }
    if (xml->depth == XML_DEPTH_MAX) {
        sds_load_say(xml->load, line_of(xml), column_of(xml), "elements are nested too deeply");
        stop(xml, -EINVAL);
        return;
    }
    if (element == ELEMENT_RECORD) {
        begin_record(xml, attributes);
    } else if (element == ELEMENT_PERSON) {
        begin_person(xml, attributes);
    } else if (element == ELEMENT_XREF) {
        begin_xref(xml, attributes);
        /* whose persons these are is settled by where the xref stands */
        if (parent == ELEMENT_RECORD && find_attribute(attributes, "type") &&
            !strcmp(find_attribute(attributes, "type"), "person"))
            element = ELEMENT_PEOPLE;
    } else if (element == ELEMENT_BR || element == ELEMENT_PARAGRAPH) {
        append(xml, &xml->text, "\n", 1);
    } else if (has_fields(parent)) {
        xml->text.n = 0;
        xml->is_in_field = element != ELEMENT_OTHER && element != ELEMENT_PEOPLE;
    }
    xml->path[xml->depth++] = element;
}

/* "[label]" behind what a buffer holds. */
static void append_label(struct xml *xml, buffer *to)
{
    size_t from = xml->label.n > xml->label_data ? xml->label_data : 0;

    append(xml, to, "[", 1);
    if (xml->label.n > from)
        append(xml, to, xml->label.v + from, xml->label.n - from);
    append(xml, to, "]", 1);
}

static void end_xref(struct xml *xml, enum element element, enum element parent)
{
    if (element == ELEMENT_PEOPLE)
        append_label(xml, &xml->contacts);
    else if (parent == ELEMENT_ASSIGNEE)
        append_label(xml, &xml->assignees);
    else if (parent == ELEMENT_RECORD)
        append_label(xml, &xml->references);
    else
        append_label(xml, &xml->text);
}

/* A row that names one kind of persons names the assignees, who are the contacts as well. */
static void end_record(struct xml *xml)
{
    struct sds_load *load = xml->load;
    struct sds_record *row = &xml->row;
    const buffer *assignees = xml->assignees.n ? &xml->assignees : &xml->contacts;
    int r;

    if (xml->is_row_faulty)
        return;
    r = sds_load_persons(load, assignees->v, assignees->n, &row->assignee);
    if (r == 0 && assignees != &xml->contacts)
        r = sds_load_persons(load, xml->contacts.v, xml->contacts.n, &row->contact);
    else
        row->contact = row->assignee;
    if (r == 0)
        r = sds_load_references(load, xml->references.v, xml->references.n, row);
    if (r == 0)
        r = sds_load_add(load, *row, false);
    if (r < 0)
        stop(xml, r);
}

/* A field of a record, whose text is complete. */
static void end_field(struct xml *xml, enum element element)
{
    struct sds_record *row = &xml->row;
    const char *text = xml->text.v;
    size_t len = xml->text.n;
    const char **ret = NULL;

    switch (element) {
    case ELEMENT_NAME:
        ret = &row->name;
        break;
    case ELEMENT_PROTOCOL:
        row->transport = sds_transport_word(text, len);
        if (len && !row->transport)
            fault_row(xml, "not a transport protocol");
        return;
    case ELEMENT_NUMBER:
        if (len && !sds_is_port(text, len))
            fault_row(xml, "not a port number or a range of them");
        ret = &row->port;
        break;
    case ELEMENT_DESCRIPTION:
        ret = &row->description;
        break;
    case ELEMENT_SERVICE_CODE:
        ret = &row->service_code;
        break;
    case ELEMENT_UNAUTHORIZED:
        ret = &row->unauthorized;
        break;
    case ELEMENT_NOTE:
        ret = &row->notes;
        break;
    default:
        return;
    }
    if (sds_load_field(xml->load, text, len, element != ELEMENT_NOTE, ret) < 0)
        stop(xml, -ENOMEM);
}

static void end_person(struct xml *xml)
{
    struct sds_person *person = &xml->person;
    int r;

    if (xml->is_row_faulty)
        return;
    r = sds_load_field(xml->load, xml->uris.v, xml->uris.n, true, &person->uri);
    if (r == 0)
        r = sds_load_add_person(xml->load, *person);
    if (r < 0)
        stop(xml, r);
}

/* A field of a person, whose text is complete. */
static void end_person_field(struct xml *xml, enum element element)
{
    struct sds_person *person = &xml->person;
    const char **ret = element == ELEMENT_NAME           ? &person->name
                       : element == ELEMENT_ORGANIZATION ? &person->organization
                       : element == ELEMENT_UPDATED      ? &person->updated
                                                         : NULL;

    if (element == ELEMENT_URI) {
        append(xml, &xml->uris, " ", 1);
        append(xml, &xml->uris, xml->text.v, xml->text.n);
    }
    if (ret && sds_load_field(xml->load, xml->text.v, xml->text.n, true, ret) < 0)
        stop(xml, -ENOMEM);
}

/* What the registry says of itself: the first of each, as registries are nested in it. */
static void end_heading(struct xml *xml, enum element element)
{
    struct sds_table *table = xml->load->table;
    const char **ret = element == ELEMENT_TITLE     ? &table->title
                       : element == ELEMENT_UPDATED ? &table->updated
                                                    : NULL;

    if (ret && !*ret && sds_load_field(xml->load, xml->text.v, xml->text.n, true, ret) < 0)
        stop(xml, -ENOMEM);
}

static void on_end(void *userdata, const char *name)
{
    struct xml *xml = userdata;
    enum element element, parent;

    if (xml->error) /* expat ends the element it was stopped at */
        return;
    element = xml->path[--xml->depth];
    parent = parent_of(xml);
    if (element == ELEMENT_RECORD)
        end_record(xml);
    else if (element == ELEMENT_XREF || (element == ELEMENT_PEOPLE && parent == ELEMENT_RECORD))
        end_xref(xml, element, parent);
    else if (parent == ELEMENT_RECORD)
        end_field(xml, element);
    else if (element == ELEMENT_PERSON)
        end_person(xml);
    else if (parent == ELEMENT_PERSON)
        end_person_field(xml, element);
    else if (parent == ELEMENT_REGISTRY)
        end_heading(xml, element);
    if (has_fields(parent))
        xml->is_in_field = false;
}

static void on_text(void *userdata, const char *text, int len)
{
    struct xml *xml = userdata;
    enum element element = parent_of(xml);

    if (element == ELEMENT_XREF) {
        append(xml, &xml->label, text, (size_t)len);
        return;
    }
    if (xml->is_in_field)
        append(xml, &xml->text, text, (size_t)len);
}

/* Entities are declared nowhere else, so none is ever expanded, and none is fetched. */
static void on_doctype(void *userdata, const char *name, const char *system_id,
                       const char *public_id, int has_internal_subset)
{
    struct xml *xml = userdata;

    sds_load_say(xml->load, line_of(xml), column_of(xml), "a document type is refused");
    stop(xml, -EINVAL);
}

static int parse(struct xml *xml, const char *bytes, size_t len)
{
    enum XML_Status status = XML_STATUS_OK;

    for (size_t at = 0; status == XML_STATUS_OK;) {
        size_t step = len - at < XML_STEP ? len - at : XML_STEP;

        status = XML_Parse(xml->parser, bytes + at, (int)step, at + step == len);
        at += step;
        if (at == len)
            break;
    }
    if (xml->error || status == XML_STATUS_OK)
        return xml->error;
    if (XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY)
        return -ENOMEM;
    sds_load_say(xml->load, line_of(xml), column_of(xml), "%s",
                 XML_ErrorString(XML_GetErrorCode(xml->parser)));
    return -EINVAL;
}

int sds_load_xml(struct sds_load *load, const char *bytes, size_t len)
{
    struct xml xml = {.load = load, .parser = XML_ParserCreateNS(NULL, '\n')};
    int r;

    if (!xml.parser)
        return -ENOMEM;
    XML_SetUserData(xml.parser, &xml);
    XML_SetElementHandler(xml.parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml.parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
    r = parse(&xml, bytes, len);
    XML_ParserFree(xml.parser);
    free(xml.text.v);
    free(xml.label.v);
    free(xml.assignees.v);
    free(xml.contacts.v);
    free(xml.references.v);
    free(xml.uris.v);
    return r;
}
