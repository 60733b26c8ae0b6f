/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WIRE_NAMING_H
#define SDS_TESTS_WIRE_NAMING_H

/* Names as the wire has them, for its tests; include it after cmocka.h. */

#include "wire/name.h"

static inline struct sds_wire_name name_of(const char *text)
{
    struct sds_wire_name name;
    struct sds_name labels;

    sds_name_parse(text, &labels);
    assert_true(sds_wire_name_from(&labels, &name));
    return name;
}

#endif
