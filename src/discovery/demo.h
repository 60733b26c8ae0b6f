/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_DEMO_H
#define SDS_DISCOVERY_DEMO_H

#include <stddef.h>

/* The recording of a home office that is compiled in: registry/demo.ndjson. */
extern const char sds_demo_text[];
extern const size_t sds_demo_len;

#endif
