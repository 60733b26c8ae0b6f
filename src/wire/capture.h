/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_CAPTURE_H
#define SDS_WIRE_CAPTURE_H

#include <stdint.h>

#include "wire/frame.h"
#include "wire/socket.h"

/* A capture file of somebody's LAN, pcap or pcapng, and the mDNS datagrams in it. */
struct sds_capture;

#define SDS_CAPTURE_LINK_SIZE 16 /* IF_NAMESIZE */

/* A datagram, whose ifindex is a number that this program gives to the link that it was captured
 * on: there may be several in one file. */
struct sds_capture_packet {
    struct sds_wire_datagram datagram; /* its bytes are valid until the next packet */
    int64_t time_ms;                   /* since 1970; as captured, so it may go back */
};

struct sds_capture_counts {
    uint64_t packets; /* of any kind; the next two besides */
    uint64_t kinds[SDS_FRAME__COUNT];
    uint64_t cut;     /* mDNS datagrams of which the capture kept a part only */
    uint64_t damaged; /* packets that could not be told from the file */
};

/**
 * Open a capture.
 *
 * @path       "-" is standard input
 * @ret_error  set on failure: one clause that says why; malloc'ed
 * Returns 0, -EINVAL where it is no capture, -ENOTSUP where its format needs a library that this
 * program was built without, or another negative errno.
 */
int sds_capture_open(const char *path, struct sds_capture **ret, char **ret_error);

/* Returns NULL; @capture may be NULL. */
struct sds_capture *sds_capture_free(struct sds_capture *capture);

/* Read the next mDNS datagram, allocating nothing. Returns false at the end, which damage to the
 * file may bring early: see sds_capture_flaw(). */
bool sds_capture_next(struct sds_capture *capture, struct sds_capture_packet *ret);

/* Why there is nothing to be read behind what was: one clause; NULL: it is whole. Borrowed. */
const char *sds_capture_flaw(const struct sds_capture *capture);

/* What was read so far. */
struct sds_capture_counts sds_capture_counts(const struct sds_capture *capture);

/* The name of a link, of ASCII without spaces: of its interface where the file tells, such as
 * "eth0"; else made of its number, such as "link1". */
void sds_capture_link_name(const struct sds_capture *capture, int link,
                           char ret[SDS_CAPTURE_LINK_SIZE]);

#endif
