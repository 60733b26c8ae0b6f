/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "wire/pcapng.h"

#define TIME_MAX_MS INT64_C(253402300799999)

static void must_be_sound(const struct sds_pcapng *pcapng, const struct sds_frame *frame)
{
    MUST(frame->bytes.len <= SDS_PCAPNG_FRAME_MAX);
    MUST(frame->time_ms >= 0 && frame->time_ms <= TIME_MAX_MS);
    MUST(frame->link >= 1 && frame->link <= SDS_PCAPNG_LINKS_MAX);
    MUST(strlen(sds_pcapng_link_name(pcapng, frame->link)) < SDS_PCAPNG_NAME_SIZE);
}

static void must_be_same(const struct sds_frame *a, const struct sds_frame *b)
{
    MUST(a->time_ms == b->time_ms && a->link == b->link && a->link_type == b->link_type);
    MUST(a->is_cut == b->is_cut && a->bytes.len == b->bytes.len);
    MUST(!memcmp(a->bytes.p, b->bytes.p, a->bytes.len));
}

/* A file that breaks off gives the packets that the whole file begins with. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *whole = size > 1 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    FILE *part = size > 1 ? fmemopen((void *)(uintptr_t)data, size - size / 4, "r") : NULL;
    struct sds_pcapng *of_whole, *of_part;
    struct sds_frame frame, again;
    int r, r_part = 1;

    if (!whole || !part) {
        MUST(!whole && !part);
        return 0;
    }
    of_whole = sds_pcapng_new(whole);
    of_part = sds_pcapng_new(part);
    MUST(of_whole && of_part);
    while ((r = sds_pcapng_next(of_whole, &frame)) == 1) {
        must_be_sound(of_whole, &frame);
        if (r_part == 1)
            r_part = sds_pcapng_next(of_part, &again);
        if (r_part == 1)
            must_be_same(&frame, &again);
    }
    MUST(r == 0 || r == -ENODATA || r == -EBADMSG);
    MUST(r_part != 1 || sds_pcapng_next(of_part, &again) != 1);
    MUST(sds_pcapng_next(of_whole, &frame) == r);
    sds_pcapng_free(of_whole);
    sds_pcapng_free(of_part);
    fclose(whole);
    fclose(part);
    return 0;
}
