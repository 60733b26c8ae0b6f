/* SPDX-License-Identifier: MIT */

/* Any bytes as a line of a recording: what is read is written, and read again as the same. */

#include "fuzz.h"

#include <string.h>

#include "files/recording.h"

static void check_error(const char *error)
{
    MUST(*error && memchr(error, '\0', SDS_RECORDING_ERROR_SIZE));
    for (; *error; error++)
        MUST((unsigned char)*error >= ' ' && *error != 0x7f);
}

static char *text_of_line(const struct sds_recording_line *line)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    MUST(out && sds_recording_write_line(line, out) == 0 && fclose(out) == 0);
    return text;
}

static void check_line(const char *text, size_t size)
{
    char error[SDS_RECORDING_ERROR_SIZE] = "";
    struct sds_recording_line line, again;
    char *first, *second;

    if (sds_recording_read_line(text, size, &line, error) < 0) {
        check_error(error);
        return;
    }
    first = text_of_line(&line);
    MUST(strchr(first, '\n') == first + strlen(first) - 1);
    MUST(sds_recording_read_line(first, strlen(first), &again, error) == 0);
    second = text_of_line(&again);
    MUST(strcmp(first, second) == 0);
    sds_recording_line_done(&again);
    sds_recording_line_done(&line);
    free(first);
    free(second);
}

static void check_head(const char *text, size_t size)
{
    char error[SDS_RECORDING_ERROR_SIZE] = "";
    struct sds_recording_head head;
    char *written = NULL;
    size_t len;
    FILE *out;

    if (sds_recording_read_head(text, size, &head, error) < 0) {
        check_error(error);
        return;
    }
    out = open_memstream(&written, &len);
    MUST(out && sds_recording_write_head(&head, out) == 0 && fclose(out) == 0);
    sds_recording_head_done(&head);
    MUST(sds_recording_read_head(written, len, &head, error) == 0);
    sds_recording_head_done(&head);
    free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_line((const char *)data, size);
    check_head((const char *)data, size);
    return 0;
}
