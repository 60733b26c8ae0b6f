/* SPDX-License-Identifier: MIT */
#include "files/zone_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/zone_field.h"

#define DOUBLED_ORIGIN 908 /* the rule */

#define WORD_MAX 31 /* characters of a type or class: "TYPE65535" and more */

/* ---- RDATA -------------------------------------------------------------------------------- */

/* What the RDATA of a type is made of. */
static const struct form {
    enum sds_zone_type type;
    const char *fields; /* a letter each; NULL: nothing in it matters */
} forms[] = {
    {SDS_ZONE_A, "4"},    {SDS_ZONE_NS, NULL},    {SDS_ZONE_CNAME, "n"},  {SDS_ZONE_SOA, NULL},
    {SDS_ZONE_PTR, "n"},  {SDS_ZONE_TXT, "*"}, /* strings, as many as there are */
    {SDS_ZONE_AAAA, "6"}, {SDS_ZONE_SRV, "uuun"}, {SDS_ZONE_DNAME, NULL},
};

static const struct form *find_form(unsigned type)
{
    for (size_t i = 0; i < SDS_COUNT(forms); i++)
        if (forms[i].type == type)
            return &forms[i];
    return NULL;
}

/* PTR and SRV name what the author wrote down elsewhere in the zone. */
static int check_doubled(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                         const struct sds_wire_name *wire, struct sds_zone_record *record)
{
    SDS_CLEANUP(sds_freep) char *text = NULL, *safe = NULL;
    struct sds_name name;

    record->is_doubled =
        wire->is_doubled && (record->type == SDS_ZONE_PTR || record->type == SDS_ZONE_SRV);
    if (!record->is_doubled)
        return 0;
    sds_name_read(wire->bytes, wire->len, &name);
    text = sds_name_format(&name, 0, SDS_LABELS_ALL);
    safe = text ? sds_text_dup_name(text) : NULL;
    return safe ? sds_input_fault(reader->input, DOUBLED_ORIGIN, token->place,
                                  "%s record points at '%s', which ends in the origin twice",
                                  record->type == SDS_ZONE_PTR ? "PTR" : "SRV", safe)
                : -ENOMEM;
}

static int read_field(struct sds_zone_reader *reader, const struct sds_zone_token *token,
                      char letter, struct sds_zone_record *record)
{
    struct sds_wire_name wire;
    int r;

    switch (letter) {
    case '4':
        return sds_zone_ipv4(reader, token);
    case '6':
        return sds_zone_ipv6(reader, token);
    case 'u':
        return sds_zone_u16(reader, token);
    case 'n':
        r = sds_zone_name(reader, token, &wire);
        return r < 0 ? r : check_doubled(reader, token, &wire, record);
    default:
        return sds_zone_string(reader, token);
    }
}

/* Whether RDATA that was given as bytes has the form of its type; a TXT record's faults are the
 * rules' to find. */
static bool has_form(const struct form *form, const uint8_t *rdata, size_t len)
{
    struct sds_name name;

    switch (form->type) {
    case SDS_ZONE_A:
        return len == 4;
    case SDS_ZONE_AAAA:
        return len == 16;
    case SDS_ZONE_SRV:
        return len > 6 && sds_name_read(rdata + 6, len - 6, &name) == 0;
    case SDS_ZONE_PTR:
    case SDS_ZONE_CNAME:
        return sds_name_read(rdata, len, &name) == 0;
    default:
        return true;
    }
}

/* Decode hex digits that stand in several tokens. */
static int decode_hex(struct sds_zone_reader *reader, const struct sds_zone_token *tokens, size_t n,
                      uint8_t **ret, size_t *ret_len)
{
    SDS_CLEANUP(sds_freep) char *hex = NULL;
    size_t size;
    FILE *out = open_memstream(&hex, &size);
    int r;

    if (!out)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        fwrite(tokens[i].p, 1, tokens[i].len, out);
    if (fclose(out))
        return -ENOMEM;
    r = sds_hex_decode(hex, ret, ret_len);
    return r == -EINVAL ? sds_zone_fail(reader, &tokens[0], "is not hex digits, two a byte") : r;
}

/* RDATA as its length and hex digits, after the mark `\#` (RFC 3597 5). */
static int read_bytes(struct sds_zone_reader *reader, const struct form *form,
                      const struct sds_zone_token *tokens, size_t n)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    struct sds_cur cur = n > 1 ? sds_cur_over(tokens[1].p, tokens[1].len) : (struct sds_cur){0};
    size_t len = 0;
    uint64_t told;
    int r = 0;

    if (!sds_zone_digits(&cur, UINT16_MAX, &told) || cur.left)
        return sds_zone_fail(reader, &tokens[n > 1], "is not followed by a length up to 65535");
    if (n > 2)
        r = decode_hex(reader, tokens + 2, n - 2, &bytes, &len);
    if (r == 0 && len != told)
        r = sds_zone_fail(reader, &tokens[1], "is not the number of bytes that follow");
    if (r == 0 && !has_form(form, bytes, len))
        r = sds_zone_fail(reader, &tokens[n - 1], "does not have the form of this type's RDATA");
    return r < 0 ? r : sds_zone_put(reader, &tokens[0], bytes, len);
}

static int read_rdata(struct sds_zone_reader *reader, const struct form *form,
                      const struct sds_zone_token *tokens, size_t n, struct sds_zone_record *record)
{
    bool is_open = form->fields && *form->fields == '*';
    size_t n_fields = is_open ? n : form->fields ? strlen(form->fields) : 0;
    int r = 0;

    reader->rdata.n = 0;
    if (!form->fields)
        return 0;
    if (sds_zone_token_is(&tokens[0], "\\#"))
        return read_bytes(reader, form, tokens, n);
    if (n < n_fields)
        return sds_zone_fail(reader, &tokens[n - 1], "ends the record too early");
    if (n > n_fields)
        return sds_zone_fail(reader, &tokens[n_fields], "is more than this record holds");
    for (size_t i = 0; i < n && r == 0; i++)
        r = read_field(reader, &tokens[i], is_open ? '*' : form->fields[i], record);
    return r;
}

/* ---- what stands before the RDATA --------------------------------------------------------- */

/* The number that ldns has for a word, such as a type; 0: none. */
static unsigned word_number(const struct sds_zone_token *token, int (*of_word)(const char *))
{
    char word[WORD_MAX + 1];

    if (token->is_quoted || token->len > WORD_MAX)
        return 0;
    memcpy(word, token->p, token->len);
    word[token->len] = '\0';
    return (unsigned)of_word(word);
}

static int type_of_word(const char *word)
{
    return (int)ldns_get_rr_type_by_name(word);
}

static int class_of_word(const char *word)
{
    return (int)ldns_get_rr_class_by_name(word);
}

static void take_ttl(struct sds_zone_reader *reader, struct sds_zone_record *record)
{
    if (record->has_ttl) {
        reader->has_last_ttl = true;
        reader->last_ttl_s = record->ttl_s;
    } else if (reader->has_default_ttl) {
        record->has_ttl = true;
        record->ttl_s = reader->default_ttl_s;
    } else if (reader->has_last_ttl) { /* RFC 1035 5.1 */
        record->has_ttl = true;
        record->ttl_s = reader->last_ttl_s;
    }
}

/* Read the TTL and the class, in either order, and the type; *at is the first token that may be one
 * of them, and then the one after the type. */
static int read_head(struct sds_zone_reader *reader, size_t *at, unsigned *ret_type,
                     struct sds_zone_record *record)
{
    bool has_class = false;

    for (; *at < reader->entry.tokens.n; ++*at) {
        const struct sds_zone_token *token = &reader->entry.tokens.v[*at];
        unsigned class;

        if (!record->has_ttl && token->len && sds_is_digit(token->p[0])) {
            if (!sds_zone_period(token, &record->ttl_s))
                return sds_zone_fail(reader, token, "is not a TTL, which has at most 2147483647 s");
            record->has_ttl = true;
            continue;
        }
        class = has_class ? 0 : word_number(token, class_of_word);
        if (class && class != LDNS_RR_CLASS_IN)
            return sds_zone_fail(reader, token, "is not the class IN");
        if (!class) {
            *ret_type = word_number(token, type_of_word);
            ++*at;
            return *ret_type ? 0 : sds_zone_fail(reader, token, "is not a type of records");
        }
        has_class = true;
    }
    return sds_zone_fail(reader, &reader->entry.tokens.v[*at - 1], "ends a record without a type");
}

static int read_owner(struct sds_zone_reader *reader)
{
    const struct sds_zone_token *first = &reader->entry.tokens.v[0];

    if (reader->entry.has_owner)
        return sds_zone_keep_name(reader, first, &reader->owner);
    return reader->owner.p ? 0 : sds_zone_fail(reader, first, "begins a record that has no owner");
}

/* ---- directives --------------------------------------------------------------------------- */

static int set_origin(struct sds_zone_reader *reader, const struct sds_zone_token *name)
{
    int r = sds_zone_keep_name(reader, name, &reader->origin);

    if (r == 0 && !reader->first_origin.p)
        reader->first_origin = reader->origin;
    return r;
}

static int set_default_ttl(struct sds_zone_reader *reader, const struct sds_zone_token *ttl)
{
    if (!sds_zone_period(ttl, &reader->default_ttl_s))
        return sds_zone_fail(reader, ttl, "is not a TTL, which has at most 2147483647 s");
    reader->has_default_ttl = true;
    return 0;
}

static const struct {
    const char *name;
    int (*read)(struct sds_zone_reader *reader, const struct sds_zone_token *argument);
    const char *refusal; /* where there is nothing to read it */
} directives[] = {
    {"$ORIGIN", set_origin, NULL},
    {"$TTL", set_default_ttl, NULL},
    {"$INCLUDE", NULL, "is refused: a zone opens no other file; check that one too"},
    {"$GENERATE", NULL, "is refused: only BIND knows it; write the records out"},
};

static int read_directive(struct sds_zone_reader *reader)
{
    const struct sds_zone_token *tokens = reader->entry.tokens.v;
    size_t n = reader->entry.tokens.n;

    for (size_t i = 0; i < SDS_COUNT(directives); i++) {
        if (!sds_fold_equal(tokens[0].p, tokens[0].len, directives[i].name,
                            strlen(directives[i].name)))
            continue;
        if (!directives[i].read)
            return sds_zone_fail(reader, &tokens[0], directives[i].refusal);
        if (n != 2)
            return sds_zone_fail(reader, &tokens[n > 2 ? 2 : 0],
                                 n > 2 ? "is more than the directive takes" : "lacks its value");
        return directives[i].read(reader, &tokens[1]);
    }
    return sds_zone_fail(reader, &tokens[0], "is not a directive: $ORIGIN or $TTL");
}

/* ---- records ------------------------------------------------------------------------------ */

/* Move what was read to where it lives on. */
static int keep(struct sds_zone_reader *reader, const struct sds_zone_token *fields, size_t n,
                struct sds_zone_record *record)
{
    const struct sds_zone_bytes *rdata = &reader->rdata;
    size_t n_places = record->type == SDS_ZONE_TXT || record->type == SDS_ZONE_SRV ? n : 1;

    record->owner = reader->owner;
    record->order = reader->n_records++;
    record->place = reader->entry.tokens.v[0].place;
    record->rdata = (struct sds_span){sds_arena_copy(reader->arena, rdata->v, rdata->n), rdata->n};
    record->fields = sds_arena_alloc(reader->arena, n_places * sizeof(*record->fields));
    if (!record->fields || !record->rdata.p)
        return -ENOMEM;
    if (sds_zone_token_is(&fields[0], "\\#"))
        n_places = 1;
    for (size_t i = 0; i < n_places; i++)
        record->fields[i] = fields[i].place;
    record->n_fields = n_places;
    return 0;
}

/* Read the record that the entry holds: 1, or 0 where its type does not matter. */
static int read_entry(struct sds_zone_reader *reader, struct sds_zone_record *record)
{
    const struct form *form;
    const struct sds_zone_token *fields;
    size_t at = reader->entry.has_owner, n;
    unsigned type;
    int r = read_owner(reader);

    if (r == 0)
        r = read_head(reader, &at, &type, record);
    if (r < 0)
        return r;
    take_ttl(reader, record);
    form = find_form(type);
    if (!form)
        return 0;
    fields = reader->entry.tokens.v + at;
    n = reader->entry.tokens.n - at;
    if (n == 0)
        return sds_zone_fail(reader, &reader->entry.tokens.v[at - 1], "ends a record without data");
    record->type = form->type;
    r = read_rdata(reader, form, fields, n, record);
    if (r == 0)
        r = keep(reader, fields, n, record);
    return r < 0 ? r : 1;
}

static bool is_directive(const struct sds_zone_entry *entry)
{
    const struct sds_zone_token *first = &entry->tokens.v[0];

    return entry->has_owner && !first->is_quoted && first->len && first->p[0] == '$';
}

int sds_zone_read_record(struct sds_zone_reader *reader, struct sds_zone_record *ret)
{
    int r;

    while ((r = sds_zone_next(&reader->lexer, &reader->entry, reader->error)) > 0) {
        *ret = (struct sds_zone_record){0};
        r = is_directive(&reader->entry) ? read_directive(reader) : read_entry(reader, ret);
        if (r != 0)
            break;
    }
    return r;
}

int sds_zone_reader_begin(struct sds_zone_reader *reader, const char *text, size_t len,
                          const char *origin)
{
    static const uint8_t root[] = {0};
    struct sds_zone_token given = {.p = origin};

    reader->lexer = sds_zone_lexer_over(text, len);
    if (!origin)
        return 0;
    given.len = strlen(origin);
    reader->origin = (struct sds_span){root, sizeof(root)}; /* which it is relative to */
    return set_origin(reader, &given);
}

void sds_zone_reader_done(struct sds_zone_reader *reader)
{
    free(reader->entry.tokens.v);
}
