/* SPDX-License-Identifier: MIT */
#include "wire/capture.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "wire/pcap_file.h"
#include "wire/pcapng.h"

/* Numbers of links: those of the file first, then the interfaces of the host that captured "any".
 */
#define COOKED_LINKS SDS_PCAPNG_LINKS_MAX

struct sds_capture {
    FILE *in;                   /* NULL: standard input, or taken by @pcap */
    struct sds_pcapng *pcapng;  /* one of these */
    struct sds_pcap_file *pcap; /* is NULL */
    struct sds_capture_counts counts;
    const char *flaw;
};

/* ---- opening ------------------------------------------------------------------------------- */

/* Set the error, unless there is a better one. Returns @r, or -ENOMEM. */
static int explain(int r, char **ret_error)
{
    if (!*ret_error && r == -ENOTSUP)
        *ret_error = sds_text_format("no pcapng; pcap cannot be read, as this program was built "
                                     "without libpcap");
    else if (!*ret_error)
        *ret_error = sds_text_format("%s", strerror(-r));
    return *ret_error ? r : -ENOMEM;
}

/* The first byte tells the formats apart, and one byte is what any file can take back. */
static int open_format(struct sds_capture *capture, FILE *in, char **ret_error)
{
    int first = getc(in), r;

    if (first == EOF) {
        *ret_error = sds_text_format(ferror(in) ? "it cannot be read" : "it is empty");
        return -EINVAL;
    }
    ungetc(first, in);
    if (first == SDS_PCAPNG_FIRST_BYTE) {
        capture->pcapng = sds_pcapng_new(in);
        return capture->pcapng ? 0 : -ENOMEM;
    }
    r = sds_pcap_file_open(in, &capture->pcap, ret_error);
    if (r == 0)
        capture->in = NULL;
    return r;
}

int sds_capture_open(const char *path, struct sds_capture **ret, char **ret_error)
{
    struct sds_capture *capture = calloc(1, sizeof(*capture));
    bool is_stdin = strcmp(path, "-") == 0;
    int r = -ENOMEM;

    *ret_error = NULL;
    if (capture && !is_stdin)
        capture->in = fopen(path, "re");
    if (capture)
        r = capture->in || is_stdin
                ? open_format(capture, is_stdin ? stdin : capture->in, ret_error)
                : -errno;
    if (r == 0)
        *ret = SDS_TAKE(capture);
    sds_capture_free(capture);
    return r < 0 ? explain(r, ret_error) : 0;
}

struct sds_capture *sds_capture_free(struct sds_capture *capture)
{
    if (!capture)
        return NULL;
    sds_pcap_file_free(capture->pcap);
    sds_pcapng_free(capture->pcapng);
    if (capture->in)
        fclose(capture->in);
    free(capture);
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------------- */

static const char *pcapng_flaw(int r)
{
    return r == -ENODATA   ? "the file breaks off within a block"
           : r == -EBADMSG ? "the file is damaged: a block's length or header makes no sense"
                           : strerror(-r);
}

static bool next_frame(struct sds_capture *capture, struct sds_frame *ret)
{
    int r;

    if (capture->flaw)
        return false;
    r = capture->pcapng ? sds_pcapng_next(capture->pcapng, ret)
                        : sds_pcap_file_next(capture->pcap, ret);
    if (r < 0)
        capture->flaw = capture->pcapng ? pcapng_flaw(r) : sds_pcap_file_error(capture->pcap);
    return r > 0;
}

/* What the capturing host calls the interface tells more than the file does. */
static int link_of(const struct sds_frame *frame, int ifindex)
{
    return ifindex > 0 && ifindex <= INT_MAX - COOKED_LINKS ? COOKED_LINKS + ifindex : frame->link;
}

bool sds_capture_next(struct sds_capture *capture, struct sds_capture_packet *ret)
{
    struct sds_capture_counts *counts = &capture->counts;
    struct sds_wire_datagram *datagram = &ret->datagram;
    struct sds_frame frame;
    enum sds_frame_kind kind;

    while (next_frame(capture, &frame)) {
        kind = sds_frame_read(&frame, datagram);
        counts->packets++;
        counts->kinds[kind]++;
        if (kind != SDS_FRAME_MDNS)
            continue;
        counts->cut += datagram->is_cut;
        datagram->ifindex = link_of(&frame, datagram->ifindex);
        ret->time_ms = frame.time_ms;
        return true;
    }
    return false;
}

const char *sds_capture_flaw(const struct sds_capture *capture)
{
    return capture->flaw;
}

struct sds_capture_counts sds_capture_counts(const struct sds_capture *capture)
{
    struct sds_capture_counts counts = capture->counts;

    if (capture->pcapng)
        counts.damaged = sds_pcapng_damaged(capture->pcapng);
    return counts;
}

void sds_capture_link_name(const struct sds_capture *capture, int link,
                           char ret[SDS_CAPTURE_LINK_SIZE])
{
    const char *name = capture->pcapng ? sds_pcapng_link_name(capture->pcapng, link) : "";

    if (link > COOKED_LINKS)
        snprintf(ret, SDS_CAPTURE_LINK_SIZE, "if%d", link - COOKED_LINKS);
    else if (*name)
        snprintf(ret, SDS_CAPTURE_LINK_SIZE, "%s", name);
    else
        snprintf(ret, SDS_CAPTURE_LINK_SIZE, "link%d", link);
}
