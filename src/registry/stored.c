/* SPDX-License-Identifier: MIT */
#include "registry/stored.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/folder.h"
#include "base/mem.h"
#include "base/text.h"
#include "registry/table.h"

#define RECEIPT_TEXT_MAX ((size_t)4096) /* bytes of a receipt's text */

SDS_DEFINE_FREEP(struct sds_registry, sds_registry_free)

/* ---- receipts ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset; /* of a text in struct sds_receipt */
} texts[] = {
    {"url", offsetof(struct sds_receipt, url)},
    {"etag", offsetof(struct sds_receipt, etag)},
    {"last_modified", offsetof(struct sds_receipt, last_modified)},
    {"updated", offsetof(struct sds_receipt, updated)},
};

static char **text_of(const struct sds_receipt *receipt, size_t i)
{
    return (char **)((char *)receipt + texts[i].offset);
}

void sds_receipt_done(struct sds_receipt *receipt)
{
    for (size_t i = 0; i < SDS_COUNT(texts); i++)
        free(*text_of(receipt, i));
    *receipt = (struct sds_receipt){0};
}

/* Text that may go into a request: a line of printable ASCII. */
static bool is_plain(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return len > 0 && len <= RECEIPT_TEXT_MAX;
}

int sds_receipt_read(const char *path, struct sds_receipt *ret)
{
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    json_int_t size = json_integer_value(json_object_get(object, "size"));
    int r = 0;

    *ret = (struct sds_receipt){.size = size > 0 ? (uint64_t)size : 0};
    for (size_t i = 0; i < SDS_COUNT(texts) && r == 0; i++) {
        const char *text = json_string_value(json_object_get(object, texts[i].name));

        if (!text || !is_plain(text))
            continue;
        *text_of(ret, i) = strdup(text);
        r = *text_of(ret, i) ? 0 : -ENOMEM;
    }
    json_decref(object);
    if (r < 0)
        sds_receipt_done(ret);
    return r;
}

static char *receipt_to_text(const struct sds_receipt *receipt)
{
    json_t *object = json_object();
    bool ok =
        object && !json_object_set_new(object, "size", json_integer((json_int_t)receipt->size));
    char *text = NULL;

    for (size_t i = 0; i < SDS_COUNT(texts) && ok; i++)
        if (*text_of(receipt, i))
            ok = !json_object_set_new(object, texts[i].name, json_string(*text_of(receipt, i)));
    if (ok)
        text = json_dumps(object, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(object);
    return text;
}

static int write_text(int fd, const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0)
            text += n, len -= (size_t)n;
    }
    return fsync(fd) < 0 ? -errno : 0;
}

int sds_receipt_write(const char *path, const struct sds_receipt *receipt)
{
    SDS_CLEANUP(sds_freep) char *text = receipt_to_text(receipt);
    SDS_CLEANUP(sds_freep) char *temporary = sds_text_format("%s.new", path);
    int fd, r;

    if (!text || !temporary)
        return -ENOMEM;
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return -errno;
    r = write_text(fd, text);
    close(fd);
    if (r == 0 && rename(temporary, path) < 0)
        r = -errno;
    if (r < 0)
        unlink(temporary);
    return r;
}

/* ---- where it lies ------------------------------------------------------------------------ */

char *sds_stored_folder(void)
{
    return sds_user_folder("XDG_DATA_HOME", ".local/share");
}

/* ---- dates -------------------------------------------------------------------------------- */

static const char *later(const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    return strcmp(a, b) < 0 ? b : a;
}

const char *sds_registry_newest(const struct sds_registry *registry)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record *record;
    const char *newest = NULL;

    while ((record = sds_record_next(&iter)))
        newest = later(newest, later(record->registered, record->modified));
    return newest;
}

/* The latest date of publication among the tables; NULL where one has none. */
static const char *published(const struct sds_registry *registry)
{
    const char *date = NULL;

    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);

        if (!table.updated)
            return NULL;
        date = later(date, table.updated);
    }
    return date;
}

/* The date of a registry's newest record is never later than that of its publication, and often a
 * few days before: two registries are compared by the same of both as far as that goes. */
int sds_registry_date_cmp(const struct sds_registry *a, const struct sds_registry *b)
{
    const char *x = published(a), *y = published(b);

    if (!x || !y) {
        const char *x_newest = sds_registry_newest(a), *y_newest = sds_registry_newest(b);
        bool is_same = x_newest && y_newest;

        x = is_same || !x ? x_newest : x;
        y = is_same || !y ? y_newest : y;
    }
    return x && y ? strcmp(x, y) : (x != NULL) - (y != NULL);
}

bool sds_date_is_old(const char *date, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    char limit[32];
    struct tm tm;

    gmtime_r(&seconds, &tm);
    tm.tm_year--;
    strftime(limit, sizeof(limit), "%Y-%m-%d", &tm);
    return strcmp(date, limit) < 0;
}

/* ---- which serves ------------------------------------------------------------------------- */

int sds_stored_receipt(const char *folder, struct sds_receipt *ret)
{
    SDS_CLEANUP(sds_freep) char *file = sds_text_format("%s/" SDS_STORED_FILE, folder);
    SDS_CLEANUP(sds_freep) char *path = sds_text_format("%s/" SDS_STORED_RECEIPT, folder);
    struct stat st;
    int r = file && path ? sds_receipt_read(path, ret) : -ENOMEM;

    if (r == 0 && (stat(file, &st) < 0 || (uint64_t)st.st_size != ret->size))
        sds_receipt_done(ret);
    return r;
}

/* Whether the receipt alone tells that the file is older than what is compiled in: it is not read
 * then. */
static int is_outdated(const char *folder, const struct sds_registry *builtin, bool *ret)
{
    SDS_CLEANUP(sds_receipt_done) struct sds_receipt receipt = {0};
    const char *date = published(builtin);
    int r = sds_stored_receipt(folder, &receipt);

    *ret = r == 0 && date && receipt.updated && strcmp(receipt.updated, date) < 0;
    return r;
}

int sds_registry_add_stored(struct sds_registry *registry, const char *folder, sds_load_log *log,
                            void *userdata)
{
    SDS_CLEANUP(sds_freep) char *path = sds_text_format("%s/" SDS_STORED_FILE, folder);
    int r = path ? sds_registry_load(registry, path, log, userdata) : -ENOMEM;

    if (r == 0)
        sds_registry_lend_profiles(registry);
    return r;
}

/* The updated registry, or none: *ret is NULL then. */
static int load_stored(const char *folder, sds_load_log *log, void *userdata,
                       struct sds_registry **ret)
{
    SDS_CLEANUP(sds_freep) char *path = sds_text_format("%s/" SDS_STORED_FILE, folder);
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *stored = sds_registry_new();
    int r;

    if (!path || !stored)
        return -ENOMEM;
    r = sds_registry_add_stored(stored, folder, log, userdata);
    if (r == 0)
        *ret = SDS_TAKE(stored);
    else if (r != -ENOENT && r != -ENOTDIR && r != -EINVAL && r != -ENOMEM && log)
        log(userdata, &(struct sds_load_message){.file = path, .text = strerror(-r)});
    return r == -ENOMEM ? r : 0; /* of -EINVAL, @log was told */
}

int sds_registry_default(const char *folder, sds_load_log *log, void *userdata,
                         struct sds_registry **ret)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *builtin = sds_registry_new();
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *stored = NULL;
    bool outdated = !folder;
    int r = builtin ? sds_registry_add_builtin(builtin) : -ENOMEM;

    if (r == 0 && folder)
        r = is_outdated(folder, builtin, &outdated);
    if (r == 0 && !outdated)
        r = load_stored(folder, log, userdata, &stored);
    if (r < 0)
        return r;
    /* of two that are equally new, the updated one tells more: notes and contacts */
    if (stored && sds_registry_date_cmp(stored, builtin) >= 0)
        *ret = SDS_TAKE(stored);
    else
        *ret = SDS_TAKE(builtin);
    return 0;
}
