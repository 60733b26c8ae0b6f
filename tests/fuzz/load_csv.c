/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_load("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
                     "Registration Date,Modification Date,Reference,Service Code,"
                     "Unauthorized Use Reported,Assignment Notes\n",
                     data, size);
}
