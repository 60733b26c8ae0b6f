/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/part.h"
#include "sdscope/txt.h"

#define LABEL_WIDTH 11 /* "addresses" and a gap */

static size_t put_label(const struct sds_pen *pen, const char *label, size_t indent)
{
    sds_pen_spaces(pen, indent);
    sds_pen_format(pen, SDS_INK_DIM, "%-*s", LABEL_WIDTH, label);
    return indent + LABEL_WIDTH;
}

/* One thing that the records say: a label, and text in as many lines as it needs. */
static void put_detail(const struct sds_pen *pen, const char *label, const char *text,
                       size_t indent)
{
    size_t at = put_label(pen, label, indent);

    sds_pen_wrap(pen, SDS_INK_PLAIN, text, at, at);
    fputc('\n', pen->out);
}

/* The weight has no line of its own. */
static int write_part(const struct sds_service *s, enum sds_part part, FILE *out)
{
    int r = sds_part_put(s, part, out);

    if (part != SDS_PART_PRIORITY || sds_service_state(s, SDS_PART_WEIGHT) != SDS_PRESENT || r < 0)
        return r;
    fputs(", weight ", out);
    return sds_part_put(s, SDS_PART_WEIGHT, out);
}

/* The same where a part need not be there: unknown parts stay unsaid. */
static int put_part(const struct sds_pen *pen, const struct sds_service *s, enum sds_part part,
                    size_t indent)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out;
    int r;

    if (sds_service_state(s, part) == SDS_UNKNOWN)
        return 0;
    if (sds_service_state(s, part) == SDS_MISSING) {
        put_detail(pen, sds_part_name(part), "(none)", indent);
        return 0;
    }
    out = open_memstream(&text, &size);
    if (!out)
        return -ENOMEM;
    r = write_part(s, part, out);
    if (fclose(out) || r < 0)
        return -ENOMEM;
    put_detail(pen, sds_part_name(part), text, indent);
    return 0;
}

static int put_sightings(const struct sds_pen *pen, const struct sds_service *s, size_t indent)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out;

    if (!s->n_sightings)
        return 0;
    out = open_memstream(&text, &size);
    if (!out)
        return -ENOMEM;
    for (size_t i = 0; i < s->n_sightings; i++) {
        fputs(i ? ", " : "", out);
        sds_text_puts(out, s->sightings[i].interface);
        if (s->sightings[i].family != AF_UNSPEC)
            fputs(s->sightings[i].family == AF_INET ? " IPv4" : " IPv6", out);
    }
    if (fclose(out))
        return -ENOMEM;
    put_detail(pen, "seen on", text, indent);
    return 0;
}

static int put_txt_string(const struct sds_pen *pen, const struct sds_txt_string *string,
                          const struct sds_long_string *whole, size_t indent)
{
    struct sds_span bytes = whole ? whole->bytes : string->bytes;
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(bytes.p, bytes.len);
    size_t at;

    if (!safe)
        return -ENOMEM;
    at = sds_pen_wrap(pen, SDS_INK_PLAIN, safe, indent, indent);
    if (!string->bytes.len)
        sds_pen_put(pen, SDS_INK_DIM, "(empty string)");
    if (string->is_truncated)
        sds_pen_wrap(pen, SDS_INK_DIM, " (cut off by the end of the record)", at, indent);
    fputc('\n', pen->out);
    return 0;
}

/* TXT strings, one a line, in the order of the wire.
 *
 * @s  whose long strings the record has; NULL: none */
static int put_txt_record(const struct sds_pen *pen, struct sds_span rdata,
                          const struct sds_service *s, size_t indent)
{
    struct sds_txt_iter iter = sds_txt_begin(rdata.p, rdata.len);
    struct sds_txt_string string;
    size_t at;

    if (!rdata.len) {
        put_detail(pen, "txt", "(zero bytes long)", indent);
        return 0;
    }
    at = put_label(pen, "txt", indent);
    for (bool is_first = true; sds_txt_next(&iter, &string); is_first = false) {
        int r;

        if (!is_first)
            sds_pen_spaces(pen, at);
        r = put_txt_string(pen, &string, s ? sds_service_long_string(s, string.offset) : NULL, at);
        if (r < 0)
            return r;
    }
    return 0;
}

static int put_txt(const struct sds_pen *pen, const struct sds_service *s, size_t indent)
{
    int r;

    switch (sds_service_state(s, SDS_PART_TXT)) {
    case SDS_UNKNOWN:
        return 0;
    case SDS_MISSING:
        put_detail(pen, "txt", "(none)", indent);
        return 0;
    case SDS_PRESENT:
        break;
    }
    r = put_txt_record(pen, s->txt, s, indent);
    for (size_t i = 0; i < s->n_more_txt && r == 0; i++)
        r = put_txt_record(pen, s->more_txt[i], NULL, indent);
    return r;
}

int sds_text_put_details(const struct sds_pen *pen, const struct sds_service *service,
                         size_t indent)
{
    static const enum sds_part parts[] = {
        SDS_PART_SUBTYPES, SDS_PART_DOMAIN,    SDS_PART_HOST,
        SDS_PART_PRIORITY, SDS_PART_ADDRESSES, SDS_PART_TTL,
    };
    int r = 0;

    for (size_t i = 0; i < SDS_COUNT(parts) && r == 0; i++)
        r = put_part(pen, service, parts[i], indent);
    if (r == 0)
        r = put_sightings(pen, service, indent);
    return r < 0 ? r : put_txt(pen, service, indent);
}
