/* SPDX-License-Identifier: MIT */
#include "discovery/drops.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"

#define MDNS_PORT 5353

/* Of the columns `sl local remote st queues timer retransmit uid timeout inode ref pointer drops`.
 */
static uint64_t drops_of_line(const char *line)
{
    unsigned port;
    uint64_t drops;

    if (sscanf(line, " %*d: %*[0-9A-F]:%x %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64, &port,
               &drops) != 2 ||
        port != MDNS_PORT)
        return 0;
    return drops;
}

static uint64_t drops_of_file(const char *path)
{
    SDS_CLEANUP(sds_fclosep) FILE *in = fopen(path, "re");
    uint64_t drops = 0;
    char line[512];

    while (in && fgets(line, sizeof(line), in))
        drops += drops_of_line(line);
    return drops;
}

uint64_t sds_mdns_drops(void)
{
    return drops_of_file("/proc/net/udp") + drops_of_file("/proc/net/udp6");
}
