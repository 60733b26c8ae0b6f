/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_XML_H
#define SDS_REPORT_XML_H

#include <stdio.h>

/* Text as XML 1.0 takes it, in an element or in an attribute between double quotes. @text is UTF-8
 * and safe to print but for line ends; what XML has no character for, \xNN stands for. */
void sds_xml_text(FILE *out, const char *text);

/* ` name="text"` */
void sds_xml_attribute(FILE *out, const char *name, const char *text);

#endif
