/* SPDX-License-Identifier: MIT */
#ifndef SDS_BENCH_METER_H
#define SDS_BENCH_METER_H

#include <stdbool.h>
#include <stddef.h>

/* What work costs, all of it together. */
struct meter {
    double ns;
    double instructions; /* of the process, not the kernel; below 0 where nothing counts them */
    size_t allocations;  /* by sdscope's own calls */
};

/* Do @work once and measure it; returns what it returns. */
bool meter_run(bool (*work)(void *userdata), void *userdata, struct meter *ret);

#endif
