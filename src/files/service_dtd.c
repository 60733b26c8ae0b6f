/* SPDX-License-Identifier: MIT */
#include "files/service_dtd.h"

#include <string.h>

static const struct sds_dtd_row rows[SDS_DTD__COUNT] = {
    [SDS_DTD_GROUP] = {.name = "service-group", .parent = SDS_DTD_NONE, .is_single = true},
    [SDS_DTD_NAME] = {.name = "name",
                      .parent = SDS_DTD_GROUP,
                      .is_single = true,
                      .has_text = true,
                      .attribute = "replace-wildcards",
                      .values = {"no", "yes"}},
    [SDS_DTD_SERVICE] = {.name = "service",
                         .parent = SDS_DTD_GROUP,
                         .attribute = "protocol",
                         .values = {"any", "ipv4", "ipv6"}},
    [SDS_DTD_TYPE] = {.name = "type",
                      .parent = SDS_DTD_SERVICE,
                      .is_single = true,
                      .has_text = true},
    [SDS_DTD_SUBTYPE] = {.name = "subtype", .parent = SDS_DTD_SERVICE, .has_text = true},
    [SDS_DTD_DOMAIN] = {.name = "domain-name",
                        .parent = SDS_DTD_SERVICE,
                        .is_single = true,
                        .has_text = true},
    [SDS_DTD_HOST] = {.name = "host-name",
                      .parent = SDS_DTD_SERVICE,
                      .is_single = true,
                      .has_text = true},
    [SDS_DTD_PORT] = {.name = "port",
                      .parent = SDS_DTD_SERVICE,
                      .is_single = true,
                      .has_text = true},
    [SDS_DTD_TXT] = {.name = "txt-record",
                     .parent = SDS_DTD_SERVICE,
                     .has_text = true,
                     .attribute = "value-format",
                     .values = {"text", "binary-hex", "binary-base64"}},
};

const struct sds_dtd_row *sds_dtd_row(enum sds_dtd_element element)
{
    return &rows[element];
}

enum sds_dtd_element sds_dtd_find(enum sds_dtd_element parent, const char *name)
{
    for (enum sds_dtd_element element = SDS_DTD_GROUP; element < SDS_DTD__COUNT; element++)
        if (rows[element].parent == parent && strcmp(rows[element].name, name) == 0)
            return element;
    return SDS_DTD_NONE;
}

int sds_dtd_value(enum sds_dtd_element element, const char *value)
{
    for (int i = 0; i < SDS_DTD_VALUES_MAX; i++)
        if (rows[element].values[i] && strcmp(rows[element].values[i], value) == 0)
            return i;
    return -1;
}
