/* SPDX-License-Identifier: MIT */
#include "registry/gzip.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "config.h"

bool sds_is_gzip(const char *bytes, size_t len)
{
    return len >= 3 && (uint8_t)bytes[0] == 0x1F && (uint8_t)bytes[1] == 0x8B && bytes[2] == 8;
}

#if SDS_HAVE_ZLIB

#include <zlib.h>

#include "base/mem.h"
#include "registry/load.h"

#define GZIP_ONLY (16 + MAX_WBITS) /* windowBits of inflateInit2() */

/* Inflate until the input ends or is damaged. */
static int inflate_all(z_stream *stream, size_t max, char **ret, size_t *ret_len,
                       const char **ret_fault)
{
    SDS_CLEANUP(sds_freep) char *bytes = NULL;
    size_t size = 0, len = 0;
    int r = Z_OK, room;

    while (r == Z_OK ||
           (r == Z_STREAM_END && sds_is_gzip((const char *)stream->next_in, stream->avail_in))) {
        if (r == Z_STREAM_END)
            inflateReset(stream);
        room = sds_bytes_room(&bytes, &size, len, max);
        if (room < 0)
            return room;
        stream->next_out = (Bytef *)bytes + len;
        stream->avail_out = (uInt)(size - len);
        r = inflate(stream, Z_NO_FLUSH);
        len = size - stream->avail_out;
    }
    if (r == Z_MEM_ERROR)
        return -ENOMEM;
    if (len > max)
        return -EFBIG;
    *ret_fault = r == Z_STREAM_END  ? NULL
                 : r == Z_BUF_ERROR ? "the compressed file breaks off"
                                    : "the compressed file is damaged";
    *ret = SDS_TAKE(bytes);
    *ret_len = len;
    return 0;
}

int sds_gunzip(const char *bytes, size_t len, size_t max, char **ret, size_t *ret_len,
               const char **ret_fault)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len};
    int r;

    if (len > UINT32_MAX)
        return -EFBIG;
    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return -ENOMEM;
    r = inflate_all(&stream, max, ret, ret_len, ret_fault);
    inflateEnd(&stream);
    return r;
}

#else

int sds_gunzip(const char *bytes, size_t len, size_t max, char **ret, size_t *ret_len,
               const char **ret_fault)
{
    return -EOPNOTSUPP;
}

#endif
