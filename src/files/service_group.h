/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_SERVICE_GROUP_H
#define SDS_FILES_SERVICE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arr.h"
#include "files/input.h"
#include "files/service_dtd.h"
#include "files/txt_strings.h"

/* What the elements of an Avahi service file mean, element after element. */

/* Rules about the file, by their numbers. */
enum sds_group_rule {
    SDS_GROUP_SUBTYPE_FORM = 121,
    SDS_GROUP_INSTANCE_REPEATED = 706,
    SDS_GROUP_PORT_MISSING = 901,
    SDS_GROUP_PORT_INVALID = 902,
    SDS_GROUP_TEXT_WHITESPACE = 904,
    SDS_GROUP_WILDCARD_INERT = 905,
    SDS_GROUP_STRUCTURE = 906,
    SDS_GROUP_VALUE_FORMAT = 907,
};

/* An element whose content is text. */
struct sds_group_element {
    enum sds_dtd_element element;
    int value; /* of its attribute: which one of the DTD's row */
    const char *text;
    struct sds_input_place place; /* of its tag */
};

/* Zero it and set the input to begin, sds_group_done() to end. The members are private. */
struct sds_group {
    struct sds_input *input;
    size_t n_services;      /* of the group; they are the last ones of the input */
    SDS_ARR(int) protocols; /* of each: which value of the attribute */
    char *name;             /* NULL: not given, or empty */
    struct sds_input_place place, name_place;
    bool has_service;

    /* The service that is open. */
    int protocol;
    char *text[SDS_DTD__COUNT]; /* of the elements that occur once; NULL: not given, or empty */
    struct sds_input_place places[SDS_DTD__COUNT]; /* of their tags, and the service's own */
    SDS_ARR(char *) subtypes;
    struct sds_txt_strings txt;
    size_t txt_at; /* where the length byte of the next string comes to stand in the RDATA */
    SDS_ARR(struct sds_input_mark) marks;
};

/* Each returns 0 or -ENOMEM, and adds a fault to the input for what is wrong. */

void sds_group_begin(struct sds_group *group, struct sds_input_place place);
void sds_group_begin_service(struct sds_group *group, struct sds_input_place place);

/* The protocol of the service, which value of its attribute. */
void sds_group_set_protocol(struct sds_group *group, int value);

/* Take in an element, whose text is borrowed. */
int sds_group_add(struct sds_group *group, const struct sds_group_element *element);

/* The service is complete: it goes to the input. */
int sds_group_end_service(struct sds_group *group);

/* The group is complete. */
int sds_group_end(struct sds_group *group);

/* Give the services their name, which may stand behind them, also when the group is not complete.
 */
int sds_group_name_services(struct sds_group *group);

void sds_group_done(struct sds_group *group);

#endif
