/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/mem.h"
#include "files/service_json_parts.h"

/* ---- reading ------------------------------------------------------------------------------- */

int sds_read_srv_count(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    uint32_t n;
    int r = sds_json_read_number(value, at, UINT32_MAX, &n, error);

    if (r == 0)
        sds_service_set_n_srv(s, n);
    return r;
}

int sds_read_rival_host(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    const char *host;
    int r = sds_json_read_text(value, at, "a host name", &host, error);

    return r < 0 ? r : sds_service_set_rival_host(s, host);
}

/* The name, or only whether there is one. */
int sds_read_host_cname(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    const char *name = NULL;
    int r = 0;

    if (json_is_false(value)) {
        sds_service_set_missing(s, SDS_PART_HOST_CNAME);
        return 0;
    }
    if (!json_is_true(value))
        r = sds_json_read_text(value, at, "a host name, true or false", &name, error);
    return r < 0 ? r : sds_service_set_host_cname(s, name);
}

/* What an object tells of each record, by its kind. */
typedef int read_kind(struct sds_service *s, enum sds_record_kind kind, const json_t *value,
                      const struct sds_json_place *at, struct sds_json_error *error);

/* How they stand in zone files, which is as good. */
static const char *const capitals[] = {"PTR", "SRV", "TXT", "A", "AAAA"};
static_assert(SDS_COUNT(capitals) == SDS_KIND__COUNT, "one of each kind");

static int read_kinds(struct sds_service *s, const json_t *object, const struct sds_json_place *at,
                      read_kind *read, struct sds_json_error *error)
{
    const char *known[2 * SDS_KIND__COUNT];
    int r;

    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++) {
        known[2 * kind] = sds_record_kind_name(kind);
        known[2 * kind + 1] = capitals[kind];
    }
    r = sds_json_check_members(object, at, known, SDS_COUNT(known), error);
    for (size_t i = 0; i < SDS_COUNT(known) && r == 0; i++) {
        const struct sds_json_place kind_at = {at, known[i], 0};
        const json_t *value = json_object_get(object, known[i]);

        if (value && !json_is_null(value))
            r = read(s, (enum sds_record_kind)(i / 2), value, &kind_at, error);
    }
    return r;
}

static int read_record_ttl(struct sds_service *s, enum sds_record_kind kind, const json_t *value,
                           const struct sds_json_place *at, struct sds_json_error *error)
{
    uint32_t number;
    int r = sds_json_read_number(value, at, UINT32_MAX, &number, error);

    if (r == 0)
        sds_service_set_record_ttl(s, kind, number);
    return r;
}

/* A number is of some record. */
int sds_read_ttl(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                 struct sds_json_error *error)
{
    uint32_t number;
    int r;

    if (json_is_object(value))
        return read_kinds(s, value, at, read_record_ttl, error);
    r = sds_json_read_number(value, at, UINT32_MAX, &number, error);
    if (r == 0)
        sds_service_set_ttl(s, number);
    return r;
}

static int read_record_flush(struct sds_service *s, enum sds_record_kind kind, const json_t *value,
                             const struct sds_json_place *at, struct sds_json_error *error)
{
    if (!json_is_boolean(value))
        return sds_json_fail_kind(error, at, "true or false", value);
    sds_service_set_cache_flush(s, kind, json_is_true(value));
    return 0;
}

/* True and false are of the PTR. */
int sds_read_cache_flush(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    if (json_is_object(value))
        return read_kinds(s, value, at, read_record_flush, error);
    return read_record_flush(s, SDS_KIND_PTR, value, at, error);
}

int sds_read_ptr_type(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                      struct sds_json_error *error)
{
    const char *type;
    int r = sds_json_read_text(value, at, "a service type such as \"_ipp._tcp\"", &type, error);

    return r < 0 ? r : sds_service_set_ptr_type(s, type);
}

static int read_meta_ptr(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    const char *name;
    int r = sds_json_read_text(value, at, "a name such as \"_ipp._tcp.local\"", &name, error);

    return r < 0 ? r : sds_service_add_meta_ptr(s, name);
}

/* One name, or all of them; an empty set says that there is none. */
int sds_read_meta_ptrs(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    if (!json_is_array(value))
        return read_meta_ptr(s, value, at, error);
    sds_service_set_missing(s, SDS_PART_META_PTRS);
    return sds_json_read_items(s, value, at, read_meta_ptr, error);
}

/* ---- writing ------------------------------------------------------------------------------- */

int sds_json_set_srv_count(json_t *object, const struct sds_service *s)
{
    return s->srv_is_counted ? json_object_set_new(object, "srv_count", json_integer(s->n_srv)) : 0;
}

int sds_json_set_rival_host(json_t *object, const struct sds_service *s)
{
    return s->rival_host
               ? json_object_set_new(object, "rival_host", sds_name_to_json(s->rival_host))
               : 0;
}

json_t *sds_host_cname_to_json(const struct sds_service *s)
{
    return s->host_cname ? sds_name_to_json(s->host_cname) : json_true();
}

json_t *sds_ttl_to_json(const struct sds_service *s)
{
    json_auto_t *object = NULL;

    if (!s->ttl_kinds)
        return json_integer(s->ttl_s);
    object = json_object();
    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++)
        if (s->ttl_kinds & 1u << kind &&
            json_object_set_new(object, sds_record_kind_name(kind), json_integer(s->ttls_s[kind])))
            return NULL;
    return SDS_TAKE(object);
}

json_t *sds_cache_flush_to_json(const struct sds_service *s)
{
    json_auto_t *object = json_object();

    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++)
        if (s->flush_kinds & 1u << kind &&
            json_object_set_new(object, sds_record_kind_name(kind),
                                json_boolean(s->flushing_kinds & 1u << kind)))
            return NULL;
    return SDS_TAKE(object);
}

json_t *sds_ptr_type_to_json(const struct sds_service *s)
{
    return sds_name_to_json(s->ptr_type);
}

json_t *sds_meta_ptrs_to_json(const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_meta_ptrs; i++)
        if (json_array_append_new(array, sds_name_to_json(s->meta_ptrs[i])))
            return NULL;
    return SDS_TAKE(array);
}
