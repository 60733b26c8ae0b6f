/* SPDX-License-Identifier: MIT */

/*
 * /etc/services, as services(5) describes it, a service a line:
 *
 *     row = name port "/" transport {alias} ["#" comment]
 */
#include "registry/table.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define NAME_MAX_LEN 255 /* bytes */

/* Protocols of the file that no DNS-SD type can name: AppleTalk's sockets. */
static const char silent_transport[] = "ddp";

struct row {
    struct sds_span name, port, transport, aliases, comment;
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct sds_span take_word(struct sds_span *line)
{
    struct sds_span word;

    while (line->len && is_blank(*line->p))
        line->p++, line->len--;
    word = (struct sds_span){line->p, 0};
    while (line->len && !is_blank(*line->p))
        line->p++, line->len--;
    word.len = (size_t)(line->p - word.p);
    return word;
}

static struct sds_span take_line(struct sds_span *text)
{
    const uint8_t *newline = memchr(text->p, '\n', text->len);
    struct sds_span line = {text->p, newline ? (size_t)(newline - text->p) : text->len};
    size_t taken = line.len + (newline != NULL);

    *text = (struct sds_span){text->p + taken, text->len - taken};
    return line;
}

/* Split a line; *ret is empty where only a comment stands. False when it is no row. */
static bool split_line(struct sds_span line, struct row *ret)
{
    const uint8_t *hash = line.len ? memchr(line.p, '#', line.len) : NULL;
    struct sds_span word;
    const uint8_t *slash;

    *ret = (struct row){0};
    if (hash) {
        ret->comment = (struct sds_span){hash + 1, (size_t)(line.p + line.len - hash - 1)};
        line.len = (size_t)(hash - line.p);
    }
    ret->name = take_word(&line);
    word = take_word(&line);
    ret->aliases = line;
    if (ret->name.len == 0)
        return true;
    slash = word.len ? memchr(word.p, '/', word.len) : NULL;
    if (!slash || ret->name.len > NAME_MAX_LEN)
        return false;
    ret->port = (struct sds_span){word.p, (size_t)(slash - word.p)};
    ret->transport = (struct sds_span){slash + 1, (size_t)(word.p + word.len - slash - 1)};
    return sds_is_port((const char *)ret->port.p, ret->port.len);
}

bool sds_is_services(const char *bytes, size_t len)
{
    struct sds_span text = {(const uint8_t *)bytes, len};
    struct row row;

    while (text.len)
        if (!split_line(take_line(&text), &row) || row.name.len)
            return row.port.len && row.transport.len;
    return false;
}

static int add_row(struct sds_load *load, const struct row *row, struct sds_record *record)
{
    const struct {
        const struct sds_span *from;
        const char **to;
    } texts[] = {
        {&row->name, &record->name},
        {&row->port, &record->port},
        {&row->comment, &record->description},
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < SDS_COUNT(texts); i++)
        r = sds_load_field(load, (const char *)texts[i].from->p, texts[i].from->len, true,
                           texts[i].to);
    return r < 0 ? r : sds_load_add(load, *record, true);
}

static int add_aliases(struct sds_load *load, struct sds_span aliases, struct sds_record record)
{
    struct sds_span alias;
    int r = 0;

    record.status = SDS_RECORD_ALIAS;
    record.alias_of = record.name;
    while (r == 0 && (alias = take_word(&aliases)).len) {
        r = sds_load_field(load, (const char *)alias.p, alias.len, true, &record.name);
        if (r == 0)
            r = sds_load_add(load, record, true);
    }
    return r;
}

static int read_line(struct sds_load *load, struct sds_span line, size_t number)
{
    struct sds_record record = {0};
    struct row row;
    int r;

    if (!sds_load_is_text((const char *)line.p, line.len)) {
        sds_load_say(load, number, 0, "a line is not UTF-8 text, or too long");
        return 0;
    }
    if (!split_line(line, &row)) {
        sds_load_say(load, number, 0, "not a name and a port with its protocol, such as 80/tcp");
        return 0;
    }
    if (row.name.len == 0 || sds_fold_equal(row.transport.p, row.transport.len, silent_transport,
                                            strlen(silent_transport)))
        return 0;
    record.transport = sds_transport_word((const char *)row.transport.p, row.transport.len);
    if (!record.transport) {
        sds_load_say(load, number, 0, "not a transport protocol");
        return 0;
    }
    r = add_row(load, &row, &record);
    return r < 0 ? r : add_aliases(load, row.aliases, record);
}

int sds_load_services(struct sds_load *load, const char *bytes, size_t len)
{
    struct sds_span text = {(const uint8_t *)bytes, len};
    int r = 0;

    load->table->title = "Internet services, as services(5)";
    for (size_t number = 1; r == 0 && text.len; number++)
        r = read_line(load, take_line(&text), number);
    return r;
}
