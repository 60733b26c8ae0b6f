/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/text_registry.h"
#include "watch/page_parts.h"

#define INDENT       ((size_t)2)
#define GAP          ((size_t)2)
#define WIDE         ((size_t)84) /* columns of a page on which a row of the table is one line */
#define DECLARED_MIN ((size_t)30) /* of a declaration that stands beside a short value */
#define MIDDLE       ((size_t)44) /* on which at least key, value and verdict stand side by side */
#define CELL_MIN     ((size_t)8)
#define ROWS_MAX     ((size_t)256) /* of a record; more strings are only counted */

/* ---- rows of the table -------------------------------------------------------------------- */

/* A key of the record, or one that it should have. Text is safe; @value may be NULL: see @remark.
 */
struct txt_row {
    char *key, *value, *declared, *verdict;
    const char *remark; /* in place of a value */
    enum sds_ink ink;   /* of the verdict */
    const struct sds_rule *rule;
};

struct txt_table {
    SDS_ARR(struct txt_row) rows;
    unsigned record;
    const struct sds_page_of *of;
};

static void table_done(struct txt_table *table)
{
    for (size_t i = 0; i < table->rows.n; i++) {
        free(table->rows.v[i].key);
        free(table->rows.v[i].value);
        free(table->rows.v[i].declared);
        free(table->rows.v[i].verdict);
    }
    free(table->rows.v);
}

/* Findings at a place of the record. */
struct found {
    const struct sds_finding *worst; /* NULL: none, but perhaps others are ignored */
    const struct sds_finding *ignored;
    size_t n; /* that count */
};

static bool is_of_txt(const struct sds_finding *f, unsigned record)
{
    return f->rule->part == SDS_PART_TXT && f->record == record;
}

static void add_found(struct found *found, const struct sds_finding *f)
{
    if (f->ignored) {
        found->ignored = f;
        return;
    }
    found->n++;
    if (!found->worst || f->severity > found->worst->severity)
        found->worst = f;
}

/* Those that point at a string; and those that point at none, but name its key, where the string is
 * the first that has it. @offset  -1: of no string */
static struct found find_at(const struct txt_table *table, long offset, const char *key,
                            bool is_first)
{
    const struct sds_result *result = &table->of->row->result;
    struct found found = {0};

    for (size_t i = 0; i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[i];
        bool names_key = is_first && f->offset < 0 && f->key && sds_text_fold_equal(f->key, key);

        if (is_of_txt(f, table->record) && ((offset >= 0 && f->offset == offset) || names_key))
            add_found(&found, f);
    }
    return found;
}

/* ---- cells -------------------------------------------------------------------------------- */

/* "profile: a whole number (required)"; "" where nothing declares the key. */
static char *make_declared(const struct sds_check *check, struct sds_span key)
{
    const struct sds_txt_key *declared = sds_find_declaration(check, key);
    SDS_CLEANUP(sds_freep) char *words = declared ? sds_text_of_key(declared) : NULL;
    bool is_profiles = check->profile && sds_profile_key(check->profile, key);

    if (!declared)
        return strdup("");
    return words ? sds_text_format("%s: %s", is_profiles ? "profile" : "registry", words) : NULL;
}

/* Whether anybody lists the keys of the type, so that a key can be undeclared. */
static bool has_list(const struct sds_check *check)
{
    return check->standing.declares_keys || check->standing.declares_none ||
           (check->profile && check->profile->txt.kind != SDS_TXT_UNSPECIFIED);
}

/* One word of a key, and the rule that it breaks. */
static char *make_verdict(const struct txt_table *table, const struct found *found,
                          struct txt_row *row)
{
    const struct sds_finding *f = found->worst ? found->worst : found->ignored;

    row->ink = SDS_INK_PLAIN;
    if (!table->of->row->is_checked)
        return strdup("");
    if (f)
        row->rule = f->rule;
    if (found->worst) {
        row->ink = sds_ink_of_severity(f->severity);
        return found->n > 1 ? sds_text_format("%s %s +%zu", sds_severity_name(f->severity),
                                              f->rule->id, found->n - 1)
                            : sds_text_format("%s %s", sds_severity_name(f->severity), f->rule->id);
    }
    if (f) {
        row->ink = SDS_INK_DIM;
        return sds_text_format("ignored %s", f->rule->id);
    }
    if (*row->declared || !has_list(table->of->check)) {
        row->ink = SDS_INK_GREEN;
        return strdup("ok");
    }
    return strdup(*row->key ? "undeclared" : "");
}

static const char *remark_of(const struct sds_txt_string *string)
{
    if (!string->bytes.len)
        return "(empty string)";
    if (!string->value.p)
        return string->is_truncated ? "(cut off)" : "(no value)";
    return string->value.len ? NULL : "(empty)";
}

/* The value of a string, or what stands in its place; of one that is too long to be sent, all. */
static char *make_value(const struct txt_table *table, const struct sds_txt_string *string)
{
    const struct sds_long_string *whole =
        table->record ? NULL : sds_service_long_string(table->of->row->service, string->offset);
    struct sds_span value = string->value;
    size_t before = string->bytes.len - value.len;

    if (remark_of(string))
        return NULL;
    if (whole && whole->bytes.len > before)
        value = (struct sds_span){whole->bytes.p + before, whole->bytes.len - before};
    return sds_text_dup(value.p, value.len);
}

static bool has_key(const struct txt_table *table, const char *key)
{
    for (size_t i = 0; i < table->rows.n; i++)
        if (sds_text_fold_equal(table->rows.v[i].key, key))
            return true;
    return false;
}

/* Add a row that is whole; false where memory is short. */
static bool add_row(struct txt_table *table, struct txt_row row)
{
    bool is_whole = row.key && row.declared && row.verdict && (row.value || row.remark);

    if (is_whole && sds_arr_push(&table->rows, row))
        return true;
    free(row.key);
    free(row.value);
    free(row.declared);
    free(row.verdict);
    return false;
}

static bool add_string(struct txt_table *table, const struct sds_txt_string *string)
{
    struct txt_row row = {
        .key = sds_text_dup(string->key.p, string->key.len),
        .value = make_value(table, string),
        .declared = string->key.len ? make_declared(table->of->check, string->key) : strdup(""),
        .remark = remark_of(string),
    };
    struct found found;

    if (row.key && row.declared) {
        found = find_at(table, (long)string->offset, row.key, !has_key(table, row.key));
        row.verdict = make_verdict(table, &found, &row);
    }
    return add_row(table, row);
}

/* Keys that findings miss in the record. */
static bool add_missing(struct txt_table *table)
{
    const struct sds_result *result = &table->of->row->result;

    for (size_t i = 0; i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[i];
        struct txt_row row = {.remark = "(missing)"};
        struct found found;

        if (!is_of_txt(f, table->record) || f->offset >= 0 || !f->key || has_key(table, f->key))
            continue;
        found = find_at(table, -1, f->key, true);
        row.key = strdup(f->key);
        row.declared = make_declared(table->of->check, sds_text_span(f->key));
        row.verdict = row.key && row.declared ? make_verdict(table, &found, &row) : NULL;
        if (!add_row(table, row))
            return false;
    }
    return true;
}

/* ---- where cells stand -------------------------------------------------------------------- */

struct layout {
    struct sds_page_cell key, value, verdict, declared;
    bool value_is_beneath, declared_is_beneath; /* in lines of their own */
};

static size_t widest(const struct txt_table *table, char *(*get)(const struct txt_row *row),
                     const char *title)
{
    size_t width = strlen(title);

    for (size_t i = 0; i < table->rows.n; i++) {
        const char *text = get(&table->rows.v[i]);
        size_t n = text ? sds_text_width(text) : 0;

        if (n > width)
            width = n;
    }
    return width;
}

static char *get_key(const struct txt_row *row)
{
    return row->key;
}

static char *get_value(const struct txt_row *row)
{
    return row->value ? row->value : (char *)row->remark;
}

static char *get_verdict(const struct txt_row *row)
{
    return row->verdict;
}

static char *get_declared(const struct txt_row *row)
{
    return row->declared;
}

static size_t at_most(size_t n, size_t most)
{
    return n < most ? n : most;
}

static size_t at_least(size_t n, size_t least)
{
    return n > least ? n : least;
}

static size_t behind(const struct sds_page_cell *cell)
{
    return cell->column + cell->width + GAP;
}

static size_t left(size_t width, size_t column)
{
    return width > column + CELL_MIN ? width - column : CELL_MIN;
}

/* One line a row where there is room: key, value, verdict, declaration. Else the declaration stands
 * beneath, and in a narrow page the value, too. */
static struct layout lay_out(const struct txt_table *table)
{
    size_t width = sds_page_width(table->of->page), room;
    size_t verdict = widest(table, get_verdict, "VERDICT");
    size_t value = widest(table, get_value, "VALUE");
    size_t declared = widest(table, get_declared, "");
    struct layout l = {
        .value_is_beneath = width < MIDDLE,
        .declared_is_beneath = width < MIDDLE,
        .key = {.column = INDENT, .ink = SDS_INK_CYAN},
        .declared.ink = SDS_INK_DIM,
    };

    l.key.width = at_most(widest(table, get_key, "KEY"), at_least(width / 4, CELL_MIN));
    l.verdict.width = verdict;
    if (l.value_is_beneath) {
        l.verdict.column = behind(&l.key);
        l.value.column = l.declared.column = INDENT + GAP;
        l.verdict.width = left(width, l.verdict.column);
        l.value.width = l.declared.width = left(width, l.value.column);
        return l;
    }
    l.value.column = behind(&l.key);
    room = left(width, l.value.column + verdict + GAP);
    l.declared_is_beneath =
        declared == 0 || (width < WIDE && value + GAP + at_most(declared, DECLARED_MIN) > room);
    l.value.width = at_most(value, width < WIDE ? room : room / 2);
    l.verdict.column = behind(&l.value);
    l.declared.column = l.declared_is_beneath ? l.value.column : behind(&l.verdict);
    l.declared.width = left(width, l.declared.column);
    return l;
}

/* ---- lines -------------------------------------------------------------------------------- */

static void put_row(struct sds_page *page, const struct layout *l)
{
    struct sds_page_cell cells[SDS_PAGE_CELLS_MAX] = {l->key};
    size_t n = 1;

    if (!l->value_is_beneath)
        cells[n++] = l->value;
    cells[n++] = l->verdict;
    if (!l->declared_is_beneath)
        cells[n++] = l->declared;
    sds_page_put_cells(page, cells, n);
    if (l->value_is_beneath && *l->value.text)
        sds_page_put_cells(page, &l->value, 1);
    if (l->declared_is_beneath && *l->declared.text)
        sds_page_put_cells(page, &l->declared, 1);
}

static void put_heads(struct sds_page *page, struct layout l)
{
    if (l.value_is_beneath)
        return;
    l.key.text = "KEY";
    l.value.text = "VALUE";
    l.verdict.text = "VERDICT";
    l.declared.text = l.declared_is_beneath ? "" : "DECLARED BY";
    l.key.ink = l.value.ink = l.verdict.ink = l.declared.ink = SDS_INK_DIM;
    put_row(page, &l);
}

static void put_rows(const struct txt_table *table)
{
    struct layout l = lay_out(table);
    struct sds_page *page = table->of->page;

    put_heads(page, l);
    for (size_t i = 0; i < table->rows.n; i++) {
        const struct txt_row *row = &table->rows.v[i];

        l.key.text = row->key;
        l.value.text = row->value ? row->value : row->remark;
        l.value.ink = row->value ? SDS_INK_PLAIN : SDS_INK_DIM;
        l.verdict.text = row->verdict;
        l.verdict.ink = row->ink;
        l.declared.text = row->declared;
        sds_page_set_rule(page, row->rule);
        put_row(page, &l);
    }
    sds_page_set_rule(page, NULL);
}

static void put_remark(struct sds_page *page, const char *text)
{
    sds_page_tab(page, INDENT);
    sds_page_put(page, SDS_INK_DIM, text, INDENT);
    sds_page_end_line(page);
}

/* What the registration says of all keys, where it does not list them. */
static void put_declaration(const struct sds_page_of *of)
{
    const struct sds_check *check = of->check;

    if (!check->registry)
        return;
    if (check->standing.declares_none && !check->standing.declares_keys && !check->profile)
        put_remark(of->page, "the registration says that there are no keys");
    else if (!has_list(check))
        put_remark(of->page, "nobody declares the keys of this type");
}

/* "TXT 2 of 3", and beside it "4 strings, 37 bytes". Returns how many strings there are. */
static size_t put_title(const struct sds_page_of *of, struct sds_span rdata, unsigned record)
{
    size_t n_records = of->row->service->n_more_txt + 1, n = 0;
    struct sds_txt_iter iter = sds_txt_begin(rdata.p, rdata.len);
    struct sds_txt_string string;
    SDS_CLEANUP(sds_freep) char *title = NULL;
    SDS_CLEANUP(sds_freep) char *note = NULL;

    while (sds_txt_next(&iter, &string))
        n++;
    title = n_records > 1 ? sds_text_format("TXT %u of %zu", record + 1, n_records) : strdup("TXT");
    note = sds_text_format("%zu string%s, %zu byte%s", n, n == 1 ? "" : "s", rdata.len,
                           rdata.len == 1 ? "" : "s");
    sds_page_put_title(of->page, title, note);
    return n;
}

/* Make the rows of a record that has @n strings; false where memory is short. */
static bool fill(struct txt_table *table, struct sds_span rdata, size_t n)
{
    struct sds_txt_iter iter = sds_txt_begin(rdata.p, rdata.len);
    struct sds_txt_string string;

    while (table->rows.n < ROWS_MAX && sds_txt_next(&iter, &string))
        if (!add_string(table, &string))
            return false;
    return n > ROWS_MAX || add_missing(table);
}

static void put_record(const struct sds_page_of *of, struct sds_span rdata, unsigned record)
{
    SDS_CLEANUP(table_done) struct txt_table table = {.record = record, .of = of};
    SDS_CLEANUP(sds_freep) char *more = NULL;
    size_t n = put_title(of, rdata, record);

    if (!fill(&table, rdata, n)) {
        sds_page_put(of->page, SDS_INK_PLAIN, NULL, 0);
        return;
    }
    if (n == 0)
        put_remark(of->page, "(zero bytes long)");
    if (table.rows.n > 0)
        put_rows(&table);
    if (n > ROWS_MAX) {
        more = sds_text_format("and %zu more strings", n - ROWS_MAX);
        put_remark(of->page, more);
    }
}

void sds_page_put_txt(const struct sds_page_of *of)
{
    const struct sds_service *s = of->row->service;

    if (sds_service_state(s, SDS_PART_TXT) != SDS_PRESENT) {
        sds_page_put_title(of->page, "TXT", NULL);
        put_remark(of->page,
                   sds_service_state(s, SDS_PART_TXT) == SDS_MISSING ? "(none)" : "(not known)");
        return;
    }
    put_record(of, s->txt, 0);
    for (size_t i = 0; i < s->n_more_txt; i++)
        put_record(of, s->more_txt[i], (unsigned)i + 1);
    put_declaration(of);
}
