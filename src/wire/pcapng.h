/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_PCAPNG_H
#define SDS_WIRE_PCAPNG_H

#include <stdint.h>
#include <stdio.h>

#include "wire/frame.h"

/* A capture in the pcapng format (draft-ietf-opsawg-pcapng). libpcap tells neither which interface
 * a packet came from nor its name, and gives up on files whose interfaces differ. */
struct sds_pcapng;

#define SDS_PCAPNG_FIRST_BYTE 0x0A /* of every such file, and of no pcap file */

#define SDS_PCAPNG_FRAME_MAX      262144 /* bytes; as libpcap has it. Longer ones count as damaged. */
#define SDS_PCAPNG_INTERFACES_MAX 256    /* of a section; packets of others count as damaged */
#define SDS_PCAPNG_LINKS_MAX      256    /* interfaces of all sections; all beyond count as one */
#define SDS_PCAPNG_NAME_SIZE      16

/* Borrows @in, which stands at the file's first byte. NULL when out of memory. */
struct sds_pcapng *sds_pcapng_new(FILE *in);
struct sds_pcapng *sds_pcapng_free(struct sds_pcapng *pcapng);

/**
 * Read the next packet.
 *
 * @ret  valid until the next call; its link is from 1 to SDS_PCAPNG_LINKS_MAX, the same for
 *       interfaces of one name
 * Returns 1, 0 at the end, -ENODATA when the file ends within a block, -EBADMSG where it is not
 * pcapng, or what reading says. After an error there is no more to read.
 */
int sds_pcapng_next(struct sds_pcapng *pcapng, struct sds_frame *ret);

/* Packets so far that could not be told, because their blocks are damaged. */
uint64_t sds_pcapng_damaged(const struct sds_pcapng *pcapng);

/* The name of a link, such as "eth0"; "" where there is none that is short and of ASCII. */
const char *sds_pcapng_link_name(const struct sds_pcapng *pcapng, int link);

#endif
