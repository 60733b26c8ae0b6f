/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_SERVICE_XML_H
#define SDS_FILES_SERVICE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "files/input.h"

/* The host name in place of `%h`, which differs from host to host; short, so that no name gets too
 * long by it. */
#define SDS_XML_HOST "host"

/* Whether a text begins as XML does, after a byte order mark and blanks. */
bool sds_text_is_xml(const char *text, size_t len);

/**
 * Read the services of an Avahi service file (avahi.service(5)), as avahi-daemon 0.8 understands
 * it. As sds_input_read(); whatever is wrong with the XML is a fault of the file, and what could be
 * read of it is kept: every service that is complete.
 *
 * Priority, weight and addresses are unknown, and so are host and domain where they are not given:
 * the daemon fills them in. A service without TXT strings has the one empty string that the daemon
 * publishes.
 */
int sds_services_read_xml(const char *text, size_t len, struct sds_input *ret,
                          struct sds_input_error *error);

#endif
