/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_FAULT_H
#define SDS_WIRE_FAULT_H

#include <stddef.h>

/* What can be wrong with a message as bytes. */
enum sds_wire_fault {
    SDS_WIRE_FAULT_NONE,
    SDS_WIRE_FAULT_NAME_CUT,     /* the message, or the RDATA, ends within a name */
    SDS_WIRE_FAULT_NAME_LABEL,   /* a length byte of 64 to 191 (RFC 1035 4.1.4: reserved) */
    SDS_WIRE_FAULT_NAME_POINTER, /* compression that does not point back to a name */
    SDS_WIRE_FAULT_NAME_LONG,    /* more than SDS_NAME_MAX bytes */
    SDS_WIRE_FAULT_RECORD_CUT,   /* the message ends within a question or a record's header */
    SDS_WIRE_FAULT_RDATA_CUT,    /* RDLENGTH runs past the end of the message */
    SDS_WIRE_FAULT_RDATA_SHORT,  /* fewer bytes than the type needs */
    SDS_WIRE_FAULT_RDATA_LONG,   /* bytes behind what the type needs */
    SDS_WIRE_FAULT_COUNT,        /* fewer records than the header counts */
    SDS_WIRE_FAULT_TRAILING,     /* bytes behind the last record */
    SDS_WIRE_FAULT__COUNT
};

/* A fault and the byte of the message where it shows. */
struct sds_wire_flaw {
    enum sds_wire_fault fault;
    size_t at;
};

/* Note a fault, unless one was found before. */
static inline void sds_wire_note(struct sds_wire_flaw *flaw, enum sds_wire_fault fault, size_t at)
{
    if (flaw->fault == SDS_WIRE_FAULT_NONE)
        *flaw = (struct sds_wire_flaw){fault, at};
}

/* One clause, lower case; "?" for what is no fault of the list. */
const char *sds_wire_fault_text(enum sds_wire_fault fault);

#endif
