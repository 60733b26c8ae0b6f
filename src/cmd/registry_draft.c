/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "cmd/services.h"
#include "report/pen.h"
#include "sdscope/txt.h"

/* The application for a service name, in the order of RFC 6335 section 8.1.1. */
enum field {
    FIELD_NAME,
    FIELD_TRANSPORT,
    FIELD_ASSIGNEE,
    FIELD_CONTACT,
    FIELD_DESCRIPTION,
    FIELD_REFERENCE,
    FIELD_PORT,
    FIELD_CODE,
    FIELD_UNAUTHORIZED,
    FIELD_NOTES,
    FIELD__COUNT
};

static const struct {
    const char *title, *member; /* in text and in JSON */
    const char *need;           /* what to write; NULL where it may stay empty */
} fields[FIELD__COUNT] = {
    [FIELD_NAME] = {"Service Name", "service_name",
                    "1 to 15 letters, digits and hyphens, with a letter; give a TYPE"},
    [FIELD_TRANSPORT] = {"Transport Protocol(s)", "transport_protocols",
                         "TCP, UDP, SCTP or DCCP (--transport)"},
    [FIELD_ASSIGNEE] = {"Assignee", "assignee",
                        "name and email address of the organization or person who shall hold "
                        "the name (--assignee)"},
    [FIELD_CONTACT] = {"Contact", "contact",
                       "name and email address of the person who answers for it (--contact)"},
    [FIELD_DESCRIPTION] = {"Description", "description",
                           "what the service is, without acronyms (--description)"},
    [FIELD_REFERENCE] = {"Reference", "reference",
                         "the document that describes the protocol, or a description of it, and "
                         "whether it uses broadcast, multicast or anycast (--reference)"},
    [FIELD_PORT] = {"Port Number", "port_number", NULL},
    [FIELD_CODE] = {"Service Code", "service_code", NULL},
    [FIELD_UNAUTHORIZED] = {"Known Unauthorized Uses", "known_unauthorized_uses", NULL},
    [FIELD_NOTES] = {"Assignment Notes", "assignment_notes", NULL},
};

struct draft {
    char *values[FIELD__COUNT]; /* NULL: nothing is known */
    char *problems;             /* why the name cannot be had, a line each; or NULL */
};

static void draft_done(struct draft *draft)
{
    for (size_t i = 0; i < FIELD__COUNT; i++)
        free(draft->values[i]);
    free(draft->problems);
}

static bool set_value(struct draft *draft, enum field field, const char *text, size_t len)
{
    char *copy;

    if (!len)
        return true;
    copy = strndup(text, len);
    free(draft->values[field]);
    draft->values[field] = copy;
    return copy != NULL;
}

static bool set_upper(struct draft *draft, enum field field, const char *text)
{
    if (!set_value(draft, field, text, strlen(text)))
        return false;
    for (char *p = draft->values[field]; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return true;
}

/* ---- from a type and a service ------------------------------------------------------------ */

static bool take_type(struct draft *draft, const char *text)
{
    struct sds_type type;
    struct sds_span name = sds_name_of_word(text, &type);
    bool ok = set_value(draft, FIELD_NAME, (const char *)name.p, name.len);

    if (ok && *text == '_' && type.transport != SDS_TRANSPORT_OTHER)
        ok = set_upper(draft, FIELD_TRANSPORT, type.transport == SDS_TRANSPORT_TCP ? "tcp" : "udp");
    return ok;
}

/* IANA publishes the keys that a registration declares in its notes. */
static bool take_keys(struct draft *draft, const struct sds_service *service)
{
    struct sds_txt_iter iter = sds_txt_begin(service->txt.p, service->txt.len);
    struct sds_txt_string string, first;
    size_t size, n = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    while (out && sds_txt_next(&iter, &string)) {
        SDS_CLEANUP(sds_freep) char *key = strndup((const char *)string.key.p, string.key.len);

        if (!key || !*key || strlen(key) != string.key.len ||
            !sds_txt_find(service->txt.p, service->txt.len, key, &first) ||
            first.offset != string.offset)
            continue;
        fputs(n++ ? ", " : "Defined TXT keys: ", out);
        sds_text_puts(out, key);
    }
    if (out && n == 0)
        fputs("Defined TXT keys: None", out);
    if (!out || fclose(out))
        return false;
    free(draft->values[FIELD_NOTES]);
    draft->values[FIELD_NOTES] = text;
    return true;
}

static int take_service(struct draft *draft, const struct sds_service *service)
{
    bool ok = take_type(draft, service->type);

    if (ok && sds_service_state(service, SDS_PART_TXT) == SDS_PRESENT)
        ok = take_keys(draft, service);
    return ok ? 0 : sds_fail_memory();
}

static const struct sds_service *first_service(const struct sds_files *files)
{
    size_t i = 0;

    while (!files->list.v[i].input.services.n)
        i++;
    return files->list.v[i].input.services.v[0].service;
}

/* One file with one service. */
static int take_file(struct draft *draft, const char *path)
{
    struct sds_files files = {0};
    int r = sds_files_read(&files, path);
    size_t n = 0;

    for (size_t i = 0; i < files.list.n; i++)
        n += files.list.v[i].input.services.n;
    if (r == -ENOMEM)
        r = sds_fail_memory();
    else if (r == 0 && n != 1)
        r = sds_fail(-EINVAL, "draft: '%s' has %zu services: an application is for one", path, n);
    else if (r == 0)
        r = take_service(draft, first_service(&files));
    sds_files_done(&files);
    return r;
}

static int take_options(struct draft *draft, const struct sds_opts *opts)
{
    const struct {
        enum field field;
        const char *text;
    } given[] = {
        {FIELD_ASSIGNEE, opts->assignee},
        {FIELD_CONTACT, opts->contact},
        {FIELD_DESCRIPTION, opts->description},
        {FIELD_REFERENCE, opts->reference},
    };
    char port[24]; /* any long */
    bool ok = true;

    if (SDS_ACTION_N_ARGS(opts))
        ok = take_type(draft, SDS_ACTION_ARGS(opts)[0]);
    if (ok && opts->transport)
        ok = set_upper(draft, FIELD_TRANSPORT, opts->transport);
    for (size_t i = 0; i < SDS_COUNT(given) && ok; i++)
        if (given[i].text)
            ok = set_value(draft, given[i].field, given[i].text, strlen(given[i].text));
    if (ok && opts->port >= 0) {
        snprintf(port, sizeof(port), "%ld", opts->port);
        ok = set_value(draft, FIELD_PORT, port, strlen(port));
    }
    return ok ? 0 : sds_fail_memory();
}

/* ---- whether the name can be had ---------------------------------------------------------- */

/* What the rules say of the name as the name of a type. */
static int put_faults(const char *name, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *type = sds_text_format("_%s._tcp", name);
    SDS_CLEANUP(sds_service_freep)
    struct sds_service *service = type ? sds_service_new(type) : NULL;
    SDS_CLEANUP(sds_ruleset_freep)
    struct sds_ruleset *rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    struct sds_result result;
    int r = service && rules ? sds_check(rules, NULL, service, &result) : -ENOMEM;

    if (r < 0)
        return r;
    for (size_t i = 0; i < result.n_findings; i++)
        if (result.findings[i].severity == SDS_SEV_ERROR)
            fprintf(out, "%s\n", result.findings[i].message);
    sds_result_done(&result);
    return 0;
}

static int find_problems(struct draft *draft, const struct sds_registry *registry)
{
    const char *name = draft->values[FIELD_NAME];
    struct sds_record_iter iter;
    size_t size;
    FILE *out;
    int r;

    if (!name)
        return 0;
    out = open_memstream(&draft->problems, &size);
    if (!out)
        return sds_fail_memory();
    r = put_faults(name, out);
    iter = sds_registry_find(registry, sds_text_span(name));
    if (sds_record_next(&iter))
        fprintf(out, "the name is registered already: 'sdscope registry show' tells by whom\n");
    if (fclose(out) || r < 0)
        return sds_fail_memory();
    return 0;
}

/* ---- telling ------------------------------------------------------------------------------ */

static bool is_missing(const struct draft *draft, enum field field)
{
    const char *transport = draft->values[FIELD_TRANSPORT];

    if (draft->values[field])
        return false;
    return fields[field].need ||
           (field == FIELD_CODE && transport && strcmp(transport, "DCCP") == 0);
}

static bool is_ready(const struct draft *draft)
{
    for (size_t i = 0; i < FIELD__COUNT; i++)
        if (is_missing(draft, (enum field)i))
            return false;
    return !draft->problems || !*draft->problems;
}

static void print_text(const struct draft *draft, const struct sds_pen *pen)
{
    const char *line = draft->problems ? draft->problems : "";

    fputs("Application for Service Names and Port Numbers (RFC 6335 section 8.1.1),\n"
          "to be filed at https://www.iana.org/form/ports-services\n\n",
          pen->out);
    for (size_t i = 0; i < FIELD__COUNT; i++) {
        const char *value = draft->values[i];
        SDS_CLEANUP(sds_freep) char *safe = value ? sds_text_dup_name(value) : NULL;
        size_t at = strlen(fields[i].title) + 2;

        fprintf(pen->out, "%s: ", fields[i].title);
        if (is_missing(draft, (enum field)i))
            sds_pen_format(pen, SDS_INK_YELLOW, "[MISSING: %s]",
                           fields[i].need ? fields[i].need : "DCCP needs one");
        else if (value)
            sds_pen_wrap(pen, SDS_INK_PLAIN, safe ? safe : "?", at, 4);
        fputc('\n', pen->out);
    }
    for (; *line; line += strcspn(line, "\n") + 1) {
        if (line == draft->problems)
            fputc('\n', pen->out);
        sds_pen_format(pen, SDS_INK_RED, "[PROBLEM: %.*s]", (int)strcspn(line, "\n"), line);
        fputc('\n', pen->out);
    }
}

static json_t *draft_to_json(const struct draft *draft)
{
    const char *line = draft->problems ? draft->problems : "";
    json_auto_t *template = json_object(), *missing = json_array(), *problems = json_array();

    for (size_t i = 0; i < FIELD__COUNT; i++) {
        const char *value = draft->values[i];
        bool lacks = is_missing(draft, (enum field)i);

        if (json_object_set_new(template, fields[i].member,
                                value ? json_string(value) : json_null()) ||
            (lacks && json_array_append_new(missing, json_string(fields[i].member))))
            return NULL;
    }
    for (; *line; line += strcspn(line, "\n") + 1)
        if (json_array_append_new(problems, json_stringn(line, strcspn(line, "\n"))))
            return NULL;
    return json_pack("{s:O, s:O, s:O}", "template", template, "missing", missing, "problems",
                     problems);
}

int sds_registry_draft(const struct sds_registry *registry, const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    struct draft draft = {0};
    int status = SDS_EXIT_USAGE;

    if (opts->from.n > 1)
        return sds_fail(status, "draft: one --from is enough: an application is for one service");
    if ((opts->from.n == 0 || take_file(&draft, opts->from.v[0]) == 0) &&
        take_options(&draft, opts) == 0 && find_problems(&draft, registry) == 0) {
        status = is_ready(&draft) ? SDS_EXIT_OK : SDS_EXIT_FINDINGS;
        if (sds_wants_json(opts))
            status = sds_print_json(registry, draft_to_json(&draft), status);
        else
            print_text(&draft, &pen);
    }
    draft_done(&draft);
    return status;
}
