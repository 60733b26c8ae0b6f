/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_TEXT_REGISTRY_H
#define SDS_REPORT_TEXT_REGISTRY_H

#include "sdscope/registry.h"

/* What a registry says, in words for people. All is malloc'ed and safe to print; NULL when out of
 * memory. */

/* Ids of contacts, each in the words that the registries have for it; "" for none. */
char *sds_text_of_persons(const struct sds_registry *registry, const char *ids);

/* What a declaration says of the value of a key, and whether clients need it. */
char *sds_text_of_key(const struct sds_txt_key *key);

#endif
