/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_SERVICE_JSON_PARTS_H
#define SDS_FILES_SERVICE_JSON_PARTS_H

#include "files/service_json.h"

/* The members of a service's JSON that have a file of their own. */

/* One function a member; each gets a value that is not null. */
typedef int sds_read_member(struct sds_service *s, const json_t *value,
                            const struct sds_json_place *at, struct sds_json_error *error);

/* Read each item of an array. */
int sds_json_read_items(struct sds_service *s, const json_t *array, const struct sds_json_place *at,
                        sds_read_member *read, struct sds_json_error *error);

sds_read_member sds_read_txt, sds_read_txt_hex, sds_read_txt_strings, sds_read_txt_records;
sds_read_member sds_read_srv_count, sds_read_host_cname, sds_read_ttl, sds_read_cache_flush,
    sds_read_ptr_type, sds_read_meta_ptrs, sds_read_packet_faults, sds_read_packet_senders,
    sds_read_rival_host;
sds_read_member sds_read_sightings, sds_read_interfaces;

/* The name of an interface into @ret, which is zeroed and holds 16 bytes. */
int sds_json_read_interface(const json_t *value, const struct sds_json_place *at, char *ret,
                            struct sds_json_error *error);

/* Text in presentation format, which is UTF-8 unless somebody typed other bytes: those become \DDD,
 * which means the same name. NULL when out of memory, as all below. */
json_t *sds_name_to_json(const char *text);
json_t *sds_hex_to_json(struct sds_span bytes);

/* Set a member to bytes: as text under @name, or under @name_hex where they are not UTF-8. Returns
 * 0 or -1. */
int sds_json_set_bytes(json_t *object, const char *name, const char *name_hex,
                       struct sds_span bytes);

/* One function a member that the part has when it is present. */
json_t *sds_txt_to_json(const struct sds_service *s);
json_t *sds_txt_hex_to_json(const struct sds_service *s);
json_t *sds_host_cname_to_json(const struct sds_service *s);
json_t *sds_ttl_to_json(const struct sds_service *s);
json_t *sds_cache_flush_to_json(const struct sds_service *s);
json_t *sds_ptr_type_to_json(const struct sds_service *s);
json_t *sds_meta_ptrs_to_json(const struct sds_service *s);

/* Set the members that no part has. Each returns 0, or -1 when out of memory. */
int sds_json_set_txt_records(json_t *object, const struct sds_service *s);
int sds_json_set_srv_count(json_t *object, const struct sds_service *s);
int sds_json_set_packets(json_t *object, const struct sds_service *s);
int sds_json_set_rival_host(json_t *object, const struct sds_service *s);
int sds_json_set_links(json_t *object, const struct sds_service *s);

#endif
