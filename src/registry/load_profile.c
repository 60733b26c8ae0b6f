/* SPDX-License-Identifier: MIT */
#include "registry/load_profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define TXT_STRING_MAX 255 /* bytes; RFC 1035 3.3 */
#define NAMES_MAX      32  /* of one family: each gets a profile of its own */

/* Zeroed items for an array's, in the table's arena; *ret is 0, or -EINVAL or -ENOMEM. */
static void *read_array(struct sds_reader *reader, const json_t *array, size_t size, size_t *ret_n,
                        int *ret)
{
    size_t n = json_array_size(array);
    void *items = sds_arena_alloc(&reader->load->table->arena, n * size);

    *ret = items ? 0 : -ENOMEM;
    if (array && !json_is_array(array))
        *ret = sds_reader_fault(reader, "not an array");
    if (items)
        memset(items, 0, n * size);
    *ret_n = n;
    return items;
}

static int read_source(struct sds_reader *reader, const json_t *object,
                       struct sds_profile_source *ret)
{
    int r = json_is_object(object) ? 0 : sds_reader_fault(reader, "not an object");

    if (r == 0)
        r = sds_reader_text(reader, object, "cite", &ret->cite);
    if (r == 0)
        r = sds_reader_text(reader, object, "backs", &ret->backs);
    if (r == 0 && (!ret->cite || !ret->backs))
        r = sds_reader_fault(reader, "a source without \"cite\" or \"backs\"");
    return r;
}

static int read_sources(struct sds_reader *reader, const json_t *record, struct sds_profile *ret)
{
    const json_t *array = sds_reader_enter(reader, record, "source");
    int r;
    struct sds_profile_source *sources =
        read_array(reader, array, sizeof(*sources), &ret->n_sources, &r);

    for (size_t i = 0; r == 0 && i < ret->n_sources; i++) {
        r = read_source(reader, sds_reader_enter_item(reader, array, i), &sources[i]);
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    if (r == 0)
        ret->sources = sources;
    return r;
}

static int read_subtype(struct sds_reader *reader, const json_t *object,
                        struct sds_profile_subtype *ret)
{
    int r = json_is_object(object) ? 0 : sds_reader_fault(reader, "not an object");

    if (r == 0)
        r = sds_reader_regex(reader, object, "regex", &ret->regex);
    if (r == 0)
        r = sds_reader_text(reader, object, "about", &ret->about);
    if (r == 0)
        r = sds_reader_bool(reader, object, "required", &ret->is_required);
    if (r == 0 && !ret->regex)
        r = sds_reader_fault(reader, "a subtype without \"regex\"");
    return r;
}

static int read_subtypes(struct sds_reader *reader, const json_t *record, struct sds_profile *ret)
{
    const json_t *array = sds_reader_enter(reader, record, "subtypes");
    int r;
    struct sds_profile_subtype *subtypes =
        read_array(reader, array, sizeof(*subtypes), &ret->n_subtypes, &r);

    for (size_t i = 0; r == 0 && i < ret->n_subtypes; i++) {
        r = read_subtype(reader, sds_reader_enter_item(reader, array, i), &subtypes[i]);
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    if (r == 0)
        ret->subtypes = subtypes;
    return r;
}

static int read_instance_form(struct sds_reader *reader, const json_t *record,
                              struct sds_profile *ret)
{
    const json_t *object = sds_reader_enter(reader, record, "instance_form");
    int r = 0;

    if (object && !json_is_object(object))
        r = sds_reader_fault(reader, "not an object");
    if (r == 0 && object)
        r = sds_reader_regex(reader, object, "regex", &ret->instance_regex);
    if (r == 0 && object)
        r = sds_reader_text(reader, object, "about", &ret->instance_about);
    if (r == 0 && object && (!ret->instance_regex || !ret->instance_about))
        r = sds_reader_fault(reader, "an instance form without \"regex\" or \"about\"");
    sds_reader_leave(reader);
    return r;
}

/* Append a string to TXT RDATA, which has room for it. */
static int put_string(struct sds_reader *reader, const void *bytes, size_t len, uint8_t *rdata,
                      size_t *used)
{
    if (len > TXT_STRING_MAX)
        return sds_reader_fault(reader, "longer than a TXT string, which has at most 255 bytes");
    rdata[*used] = (uint8_t)len;
    memcpy(rdata + *used + 1, bytes, len);
    *used += len + 1;
    return 0;
}

static int put_hex(struct sds_reader *reader, const char *hex, uint8_t *rdata, size_t *used)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = sds_hex_decode(hex, &bytes, &len);

    if (r == -EINVAL)
        return sds_reader_fault(reader, "not pairs of hex digits");
    return r < 0 ? r : put_string(reader, bytes, len, rdata, used);
}

/* The strings in "txt", then those in "hex", which holds what JSON cannot. */
static int read_rdata(struct sds_reader *reader, const json_t *object,
                      struct sds_profile_example *ret)
{
    static const char *const members[] = {"txt", "hex"};
    const char *const *strings[SDS_COUNT(members)] = {NULL};
    size_t n[SDS_COUNT(members)] = {0}, size = 1;
    uint8_t *rdata;
    int r = 0;

    for (size_t m = 0; r == 0 && m < SDS_COUNT(members); m++) {
        r = sds_reader_texts(reader, object, members[m], &strings[m], &n[m]);
        for (size_t i = 0; r == 0 && i < n[m]; i++)
            size += strlen(strings[m][i]) + 1;
    }
    if (r < 0)
        return r;
    rdata = sds_arena_alloc(&reader->load->table->arena, size);
    if (!rdata)
        return -ENOMEM;
    for (size_t m = 0; r == 0 && m < SDS_COUNT(members); m++)
        for (size_t i = 0; r == 0 && i < n[m]; i++)
            r = m == 0
                    ? put_string(reader, strings[m][i], strlen(strings[m][i]), rdata, &ret->txt_len)
                    : put_hex(reader, strings[m][i], rdata, &ret->txt_len);
    if (ret->txt_len == 0)
        rdata[ret->txt_len++] = 0; /* one empty string: RFC 6763 6.1 */
    ret->txt = rdata;
    return r;
}

/* One of the examples, if it is the profile's; the first name has those that tell none. */
static int read_example(struct sds_reader *reader, const json_t *object,
                        const struct sds_profile *profile, struct sds_profile_example *ret,
                        bool *ret_is_its)
{
    const char *of = profile->is_first ? profile->name : NULL;
    int r = json_is_object(object) ? 0 : sds_reader_fault(reader, "not an object");

    if (r == 0)
        r = sds_reader_text(reader, object, "name", &of);
    *ret_is_its = r == 0 && of && !strcmp(of, profile->name);
    if (r < 0 || !*ret_is_its)
        return r;
    r = sds_reader_text(reader, object, "instance", &ret->instance);
    if (r == 0)
        r = sds_reader_texts(reader, object, "subtypes", &ret->subtypes, &ret->n_subtypes);
    if (r == 0)
        r = sds_reader_texts(reader, object, "breaks", &ret->breaks, &ret->n_breaks);
    return r == 0 ? read_rdata(reader, object, ret) : r;
}

static int read_examples(struct sds_reader *reader, const json_t *record, struct sds_profile *ret)
{
    const json_t *array = sds_reader_enter(reader, record, "examples");
    size_t n, n_its = 0;
    int r;
    struct sds_profile_example *examples = read_array(reader, array, sizeof(*examples), &n, &r);

    for (size_t i = 0; r == 0 && i < n; i++) {
        bool is_its;

        examples[n_its].number = i;
        r = read_example(reader, sds_reader_enter_item(reader, array, i), ret, &examples[n_its],
                         &is_its);
        n_its += is_its;
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    if (r == 0) {
        ret->examples = examples;
        ret->n_examples = n_its;
    }
    return r;
}

static bool has_word(const json_t *array, const char *word)
{
    const json_t *item;
    size_t i;

    json_array_foreach(array, i, item)
    {
        if (json_is_string(item) && !strcmp(json_string_value(item), word))
            return true;
    }
    return false;
}

/* Keys of a family differ by type only in whether they are required. */
static int choose_required(struct sds_reader *reader, const json_t *record, struct sds_profile *ret)
{
    const json_t *keys = json_object_get(json_object_get(record, "txt"), "keys");
    size_t n = ret->txt.n_keys;
    struct sds_txt_key *own =
        sds_arena_copy(&reader->load->table->arena, ret->txt.keys, n * sizeof(*own));

    if (!own)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const json_t *names = json_object_get(json_array_get(keys, i), "required");

        if (json_is_array(names))
            own[i].is_required = has_word(names, ret->name);
    }
    ret->txt.keys = own;
    return 0;
}

static int add_profile(struct sds_reader *reader, const json_t *record, struct sds_profile profile)
{
    int r;

    if (reader->load->profiles.n >= SDS_REGISTRY_ROWS_MAX)
        return -E2BIG;
    r = choose_required(reader, record, &profile);
    if (r == 0)
        r = read_examples(reader, record, &profile);
    if (r < 0)
        return r;
    return sds_arr_push(&reader->load->profiles, profile) ? 0 : -ENOMEM;
}

int sds_load_profile(struct sds_reader *reader, const json_t *record)
{
    /* the way here is records, then an item of it */
    struct sds_profile profile = {.number = reader->path.steps[reader->path.n - 1].item};
    const char *const *names = NULL;
    size_t n_names = 0;
    int r = sds_reader_text(reader, record, "name", &profile.name);

    if (r == 0)
        r = sds_reader_texts(reader, record, "names", &names, &n_names);
    if (r == 0 && !profile.name == !n_names)
        r = sds_reader_fault(reader, "a profile has either \"name\" or \"names\"");
    if (r == 0 && n_names > NAMES_MAX)
        r = sds_reader_fault(reader, "more than 32 names in one profile");
    if (r == 0)
        r = sds_reader_transport(reader, record, &profile.transport);
    if (r == 0)
        r = sds_reader_text(reader, record, "description", &profile.description);
    if (r == 0)
        r = sds_reader_decl(reader, record, &profile.txt);
    if (r == 0)
        r = read_instance_form(reader, record, &profile);
    if (r == 0)
        r = sds_reader_bool(reader, record, "any_port", &profile.any_port);
    if (r == 0)
        r = read_subtypes(reader, record, &profile);
    if (r == 0)
        r = read_sources(reader, record, &profile);
    if (r == 0 && profile.name) {
        names = &profile.name;
        n_names = 1;
    }
    for (size_t i = 0; r == 0 && i < n_names; i++) {
        profile.name = names[i];
        profile.is_first = i == 0;
        r = add_profile(reader, record, profile);
    }
    return r;
}

static int compare_profiles(const void *a, const void *b)
{
    const struct sds_profile *x = a, *y = b;
    int order = sds_fold_cmp(x->name, strlen(x->name), y->name, strlen(y->name));

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

int sds_profiles_take(struct sds_load *load)
{
    size_t n = load->profiles.n;
    struct sds_profile *profiles =
        sds_arena_copy(&load->table->arena, load->profiles.v, n * sizeof(*profiles));

    if (!profiles)
        return -ENOMEM;
    if (n > 0)
        qsort(profiles, n, sizeof(*profiles), compare_profiles);
    load->table->profiles = (struct sds_profiles){profiles, n};
    return 0;
}
