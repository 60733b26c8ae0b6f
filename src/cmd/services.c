/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "files/service_json.h"

#define FILE_SIZE_MAX ((size_t)64 * 1024 * 1024)

/* All of a file, malloc'ed. */
static int read_all(const char *path, char **ret, size_t *ret_len)
{
    bool is_stdin = strcmp(path, "-") == 0;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    SDS_CLEANUP(sds_fclosep) FILE *opened = is_stdin ? NULL : fopen(path, "re");
    FILE *in = is_stdin ? stdin : opened;
    size_t len = 0, cap = 0;

    if (!in)
        return -errno;
    for (;;) {
        char *grown = sds_arr_room(text, &cap, len, 1);

        if (!grown)
            return -ENOMEM;
        text = grown;
        len += fread(text + len, 1, cap - len, in);
        if (ferror(in))
            return errno ? -errno : -EIO;
        if (feof(in))
            break;
        if (len > FILE_SIZE_MAX)
            return -EFBIG;
    }
    *ret = SDS_TAKE(text);
    *ret_len = len;
    return 0;
}

int sds_read_services(const char *path, struct sds_service ***ret, size_t *ret_n)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_json_error error;
    size_t len = 0;
    int r = read_all(path, &text, &len);

    if (r < 0)
        return sds_fail(-EINVAL, "cannot read '%s': %s", name, strerror(-r));
    r = sds_services_read_json(text, len, ret, ret_n, &error);
    if (r == -EINVAL && error.line && error.column)
        return sds_fail(r, "%s:%d:%d: %s", name, error.line, error.column, error.text);
    if (r == -EINVAL && error.line)
        return sds_fail(r, "%s:%d: %s", name, error.line, error.text);
    if (r == -EINVAL)
        return sds_fail(r, "%s: %s", name, error.text);
    return r;
}
