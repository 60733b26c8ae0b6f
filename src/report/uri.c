/* SPDX-License-Identifier: MIT */
#include "report/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "report/subject.h"

/* RFC 3986 2.3 */
static bool is_unreserved(uint8_t c)
{
    return sds_is_letter(c) || sds_is_digit(c) || (c && strchr("-._~", c));
}

static void put_bytes(FILE *out, struct sds_span bytes, const char *kept)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.p[i];

        if (is_unreserved(c) || (c && strchr(kept, c)))
            fputc(c, out);
        else
            fprintf(out, "%%%02X", c);
    }
}

/* One segment of a path. "." and ".." would be other places (RFC 3986 5.2.4), and nothing would be
 * none. */
static void put_segment(FILE *out, struct sds_span bytes)
{
    size_t n_dots = 0;

    while (n_dots < bytes.len && bytes.p[n_dots] == '.')
        n_dots++;
    if (n_dots == bytes.len && n_dots <= 2)
        fputc('_', out);
    put_bytes(out, bytes, "");
}

static void put_path(FILE *out, const char *path)
{
    if (strcmp(path, "-") == 0) {
        fputs("stdin", out);
        return;
    }
    if (*path == '/')
        fputs("file://", out);
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    put_bytes(out, sds_text_span(path), "/");
}

char *sds_subject_uri(const struct sds_subject *subject)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    if (subject->file) {
        put_path(out, subject->file);
    } else {
        fputs("lan/", out);
        put_segment(out, sds_text_span(subject->service->type));
        if (sds_service_state(subject->service, SDS_PART_INSTANCE) == SDS_PRESENT) {
            fputc('/', out);
            put_segment(out, subject->service->instance);
        }
    }
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}
