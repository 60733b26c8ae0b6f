/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "checked.h"
#include "sdscope/name.h"
#include "sdscope/type.h"

/* What the first byte says of the service; the second is the length of the instance name. */
enum {
    NO_SRV = 1,
    HAS_PORT = 2,
    PORT_80 = 4,
    NO_ADDRESS = 8,
    LINK_LOCAL = 16,
    LOOPBACK = 32,
    NO_TXT = 64,
    ON_LOOPBACK = 128
};

/* ---- names alone -------------------------------------------------------------------------- */

static void must_be_same(const struct sds_name *a, const struct sds_name *b)
{
    MUST(a->n_labels == b->n_labels);
    for (size_t i = 0; i < a->n_labels; i++) {
        struct sds_span x = sds_name_label(a, i), y = sds_name_label(b, i);

        MUST(x.len == y.len && memcmp(x.p, y.p, x.len) == 0);
    }
}

/* What is written of a name is read as the same name. */
static void through_text(const struct sds_name *name)
{
    char *text = sds_name_format(name, 0, SDS_LABELS_ALL), *again;
    struct sds_name read;

    MUST(text);
    sds_name_parse(text, &read);
    must_be_same(name, &read);
    MUST(read.faults == (name->faults & ~(unsigned)SDS_NAME_BAD_ESCAPE));
    again = sds_name_format(&read, 0, SDS_LABELS_ALL);
    MUST(again && strcmp(text, again) == 0);
    free(again);
    free(text);
}

static void through_wire(const struct sds_name *name)
{
    uint8_t rdata[SDS_NAME_MAX + 1];
    struct sds_name read;
    size_t len = 0;

    for (size_t i = 0; i < name->n_labels; i++) {
        struct sds_span label = sds_name_label(name, i);

        rdata[len++] = (uint8_t)label.len;
        memcpy(rdata + len, label.p, label.len);
        len += label.len;
    }
    rdata[len++] = 0;
    MUST(len == sds_name_wire_len(name) + 1);
    MUST(sds_name_read(rdata, len, &read) == 0);
    must_be_same(name, &read);
    MUST(sds_name_read(rdata, len - 1, &read) < 0);
}

static void check_name(const char *text)
{
    struct sds_name name;

    sds_name_parse(text, &name);
    if (name.faults & (SDS_NAME_EMPTY_LABEL | SDS_NAME_CUT))
        return;
    through_text(&name);
    if (!name.faults)
        through_wire(&name);
}

static void check_label(const uint8_t *bytes, size_t len)
{
    char *text = sds_label_format(bytes, len);
    struct sds_name name;

    MUST(text);
    sds_name_parse(text, &name);
    if (len > 0) {
        MUST(name.n_labels == 1 && !(name.faults & SDS_NAME_BAD_ESCAPE));
        MUST(sds_name_label(&name, 0).len == len);
        MUST(memcmp(sds_name_label(&name, 0).p, bytes, len) == 0);
    }
    free(text);
}

/* ---- a service of them -------------------------------------------------------------------- */

/* The next text of those that stand between NULs; NULL past the end. */
static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;

    if (text >= end)
        return NULL;
    *at += strlen(text) + 1;
    return text;
}

static void add_address(struct sds_service *service, const char *text)
{
    struct sds_address address;

    MUST(sds_address_parse(text, &address));
    MUST(sds_service_add_address(service, address) == 0);
}

static void set_rest(struct sds_service *service, unsigned flags)
{
    if (flags & HAS_PORT)
        sds_service_set_port(service, flags & PORT_80 ? 80 : 0);
    if (flags & NO_SRV && !service->host)
        sds_service_set_missing(service, SDS_PART_HOST);
    if (flags & NO_SRV && !(flags & HAS_PORT))
        sds_service_set_missing(service, SDS_PART_PORT);
    if (flags & NO_ADDRESS)
        sds_service_set_missing(service, SDS_PART_ADDRESSES);
    if (flags & LINK_LOCAL)
        add_address(service, "fe80::1");
    if (flags & LOOPBACK)
        add_address(service, "127.0.0.1");
    if (flags & NO_TXT)
        sds_service_set_missing(service, SDS_PART_TXT);
    if (flags & ON_LOOPBACK)
        MUST(sds_service_add_sighting(service, (struct sds_sighting){"lo", 2}) == 0);
}

static struct sds_service *make(unsigned flags, const char *texts, const char *end)
{
    const char *type = next_text(&texts, end), *text;
    struct sds_service *service = sds_service_new(type ? type : "");

    MUST(service);
    text = next_text(&texts, end);
    if (text)
        MUST(sds_service_set_domain(service, text) == 0);
    text = next_text(&texts, end);
    if (text)
        MUST(sds_service_set_host(service, text) == 0);
    while ((text = next_text(&texts, end)))
        MUST(sds_service_append_subtype(service, text) == 0);
    set_rest(service, flags);
    return service;
}

static void check_names(const struct sds_service *service)
{
    check_name(service->type);
    if (service->domain)
        check_name(service->domain);
    if (service->host)
        check_name(service->host);
    for (size_t i = 0; i < service->n_subtypes; i++)
        check_name(service->subtypes[i]);
}

/* Any bytes as an instance name, and then as texts: type, domain, host, subtypes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_service *service;
    size_t label_len;
    char *texts;

    if (size < 2)
        return 0;
    label_len = data[1] < size - 2 ? data[1] : size - 2;
    size -= 2 + label_len;
    texts = calloc(1, size + 1);
    MUST(texts);
    memcpy(texts, data + 2 + label_len, size);
    service = make(data[0], texts, texts + size);
    MUST(sds_service_set_instance(service, data + 2, label_len) == 0);
    check_label(data + 2, label_len);
    check_names(service);
    fuzz_check(service);
    sds_service_free(service);
    free(texts);
    return 0;
}
