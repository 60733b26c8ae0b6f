/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_PCAP_FILE_H
#define SDS_WIRE_PCAP_FILE_H

#include <stdio.h>

#include "wire/frame.h"

/* A capture in the pcap format, by libpcap. */
struct sds_pcap_file;

/**
 * Open a capture.
 *
 * @in         stands at the file's first byte; taken on success
 * @ret_error  set on failure where there is more to say: one clause; malloc'ed
 * Returns 0, -EINVAL where it is no capture, -ENOTSUP where this program was built without libpcap,
 * -ENOMEM.
 */
int sds_pcap_file_open(FILE *in, struct sds_pcap_file **ret, char **ret_error);
struct sds_pcap_file *sds_pcap_file_free(struct sds_pcap_file *file);

/* Read the next packet, which is valid until the next call; its link is 1. Returns 1, 0 at the end,
 * -ENODATA where the rest cannot be read. */
int sds_pcap_file_next(struct sds_pcap_file *file, struct sds_frame *ret);

/* Why it cannot be read: one clause of libpcap's; borrowed. */
const char *sds_pcap_file_error(struct sds_pcap_file *file);

#endif
