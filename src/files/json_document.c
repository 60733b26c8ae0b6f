/* SPDX-License-Identifier: MIT */
#include "files/json_document.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Some editors begin a file with it; a reader may ignore it (RFC 8259 8.1). */
static const char byte_order_mark[] = "\xEF\xBB\xBF";

static size_t mark_len(const char *text, size_t len)
{
    size_t n = sizeof(byte_order_mark) - 1;

    return len >= n && memcmp(text, byte_order_mark, n) == 0 ? n : 0;
}

int sds_json_document_read(const char *text, size_t len, json_t **ret,
                           struct sds_input_error *error)
{
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    size_t skipped = mark_len(text, len);
    json_t *json;
    json_error_t e;

    *error = (struct sds_input_error){0};
    if (len > INT_MAX) /* jansson counts in int */
        return sds_input_fail(error, SDS_INPUT_NOWHERE, "larger than 2 GiB");
    json = json_loadb(text + skipped, len - skipped, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &e);
    if (json) {
        *ret = json;
        return 0;
    }
    if (!*e.text || json_error_code(&e) == json_error_out_of_memory)
        return -ENOMEM; /* jansson is mostly silent about it */
    safe = sds_text_dup(e.text, strlen(e.text));
    if (!safe)
        return -ENOMEM;
    return sds_input_fail(error, (struct sds_input_place){e.line, e.column > 0 ? e.column : 1},
                          "%s", safe);
}

struct sds_input_place sds_json_document_place(const char *text, size_t len,
                                               const struct sds_json_path *path)
{
    struct sds_input_place place = {1, 1};
    size_t at = mark_len(text, len), end = at + sds_json_find(text + at, len - at, path);

    for (; at < end; at++) {
        if (text[at] == '\n')
            place = (struct sds_input_place){place.line + 1, 1};
        else if (((unsigned char)text[at] & 0xc0) != 0x80) /* not inside a character */
            place.column++;
    }
    return place;
}

int sds_json_document_fail(const char *text, size_t len, const struct sds_json_error *fault,
                           struct sds_input_error *error)
{
    return sds_input_fail(error, sds_json_document_place(text, len, &fault->path), "%s",
                          fault->text);
}
