/* SPDX-License-Identifier: MIT */
#include "wire/fault.h"

#include "base/mem.h"

const char *sds_wire_fault_text(enum sds_wire_fault fault)
{
    static const char *const texts[] = {
        [SDS_WIRE_FAULT_NONE] = "no fault",
        [SDS_WIRE_FAULT_NAME_CUT] = "name runs past its end",
        [SDS_WIRE_FAULT_NAME_LABEL] = "label has a reserved length byte",
        [SDS_WIRE_FAULT_NAME_POINTER] = "compression points to no earlier name",
        [SDS_WIRE_FAULT_NAME_LONG] = "name exceeds 255 bytes",
        [SDS_WIRE_FAULT_RECORD_CUT] = "record runs past the end of the message",
        [SDS_WIRE_FAULT_RDATA_CUT] = "RDATA runs past the end of the message",
        [SDS_WIRE_FAULT_RDATA_SHORT] = "RDATA is too short for its type",
        [SDS_WIRE_FAULT_RDATA_LONG] = "RDATA is too long for its type",
        [SDS_WIRE_FAULT_COUNT] = "fewer records than the header counts",
        [SDS_WIRE_FAULT_TRAILING] = "bytes behind the last record",
    };

    return (size_t)fault < SDS_COUNT(texts) ? texts[fault] : "?";
}
