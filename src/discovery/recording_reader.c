/* SPDX-License-Identifier: MIT */
#include "discovery/recording_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"

#define TAIL_BYTES (64 * 1024) /* of a recording, to find its last event in */

int sds_recording_reader_init(struct sds_recording_reader *reader, const char *name, FILE *in,
                              struct sds_source *source)
{
    *reader =
        (struct sds_recording_reader){.in = in, .name = sds_text_dup_name(name), .source = source};
    return reader->name ? 0 : -ENOMEM;
}

void sds_recording_reader_done(struct sds_recording_reader *reader)
{
    if (reader->in)
        fclose(reader->in);
    free(reader->text);
    free(reader->name);
}

int sds_recording_reader_line(struct sds_recording_reader *reader)
{
    bool is_long = false;
    int c = EOF;

    reader->at = reader->next;
    reader->len = 0;
    while ((c = getc_unlocked(reader->in)) != EOF) {
        char *grown = reader->len < reader->cap
                          ? reader->text
                          : sds_arr_room(reader->text, &reader->cap, reader->len, 1);

        if (!grown)
            return -ENOMEM;
        reader->text = grown;
        reader->next.offset++;
        is_long |= reader->len == SDS_RECORDING_LINE_MAX;
        if (!is_long)
            reader->text[reader->len++] = (char)c;
        if (c == '\n')
            break;
    }
    if (ferror(reader->in))
        return errno ? -errno : -EIO;
    reader->next.line += reader->len > 0;
    if (is_long)
        return -E2BIG;
    return reader->len > 0;
}

static bool is_blank(const struct sds_recording_reader *reader)
{
    for (size_t i = 0; i < reader->len; i++)
        if (!memchr(" \t\r\n", reader->text[i], 4))
            return false;
    return true;
}

static bool is_cut(const struct sds_recording_reader *reader)
{
    return reader->len > 0 && reader->text[reader->len - 1] != '\n';
}

void sds_recording_reader_fault(struct sds_recording_reader *reader, const char *what)
{
    SDS_CLEANUP(sds_freep)
    char *reason = sds_text_format("%s:%lu: %s", reader->name, reader->next.line, what);

    sds_source_add_reason(reader->source,
                          reason ? reason : "out of memory: some events were dropped");
}

static void add_error(struct sds_recording_reader *reader, int error)
{
    SDS_CLEANUP(sds_freep)
    char *what = error == -E2BIG
                     ? sds_text_format("the line is longer than %zu bytes", SDS_RECORDING_LINE_MAX)
                     : sds_text_format("cannot read on: %s", strerror(-error));

    sds_recording_reader_fault(reader, what ? what : "out of memory");
}

bool sds_recording_reader_event(struct sds_recording_reader *reader, struct sds_recording_line *ret)
{
    char error[SDS_RECORDING_ERROR_SIZE];

    for (;;) {
        int status = sds_recording_reader_line(reader);

        if (status != 1) {
            if (status < 0)
                add_error(reader, status);
            if (status == -E2BIG)
                continue;
            return false;
        }
        if (is_blank(reader))
            continue;
        status = sds_recording_read_line(reader->text, reader->len, ret, error);
        if (status == 0)
            return true;
        if (status == -ENOMEM)
            add_error(reader, status);
        else
            sds_recording_reader_fault(
                reader, is_cut(reader) ? "the recording breaks off within this line" : error);
    }
}

bool sds_recording_reader_can_seek(const struct sds_recording_reader *reader)
{
    return ftello(reader->in) >= 0;
}

/* From where on to look for the last event. */
static int seek_tail(struct sds_recording_reader *reader)
{
    struct sds_recording_place tail = reader->next;
    off_t size = fseeko(reader->in, 0, SEEK_END) < 0 ? -1 : ftello(reader->in);

    if (size < 0)
        return -errno;
    if (size - TAIL_BYTES > tail.offset)
        tail.offset = size - TAIL_BYTES;
    return sds_recording_reader_seek(reader, tail);
}

int sds_recording_reader_find_end(struct sds_recording_reader *reader, int64_t *ret_ms)
{
    const struct sds_recording_place here = reader->next;
    char error[SDS_RECORDING_ERROR_SIZE];
    int64_t last_ms = 0;
    int r = seek_tail(reader);

    while (r == 0 && sds_recording_reader_line(reader) == 1) {
        struct sds_recording_line line;

        if (sds_recording_read_line(reader->text, reader->len, &line, error) < 0)
            continue; /* whoever reads it in its turn says so */
        if (line.time_ms > last_ms)
            last_ms = line.time_ms;
        sds_recording_line_done(&line);
    }
    r = sds_recording_reader_seek(reader, here);
    if (r == 0)
        *ret_ms = last_ms;
    return r;
}

int sds_recording_reader_seek(struct sds_recording_reader *reader, struct sds_recording_place place)
{
    if (fseeko(reader->in, (off_t)place.offset, SEEK_SET) < 0)
        return -errno;
    clearerr(reader->in);
    reader->next = place;
    return 0;
}
