/* SPDX-License-Identifier: MIT */
#include "cmd/services.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/cmd.h"

#define FILE_SIZE_MAX    ((size_t)64 * 1024 * 1024)
#define FILE_SIZE_LABEL  "64 MiB"
#define FOLDER_DEPTH_MAX 16

/* Names of files that may describe services; others in a folder are none of our business. */
static const char *const endings[] = {".json", ".ndjson", ".service", ".zone", ".db"};

static void file_done(struct sds_file *file)
{
    free(file->path);
    sds_input_done(&file->input);
}

void sds_files_done(struct sds_files *files)
{
    for (size_t i = 0; i < files->list.n; i++)
        file_done(&files->list.v[i]);
    free(files->list.v);
    *files = (struct sds_files){0};
}

const char *sds_file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

int sds_file_read_all(const char *path, char **ret, size_t *ret_len)
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
        if (len > FILE_SIZE_MAX)
            return -EFBIG;
        if (feof(in))
            break;
    }
    *ret = SDS_TAKE(text);
    *ret_len = len;
    return 0;
}

static int stat_file(const char *path, struct stat *ret)
{
    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, ret) : stat(path, ret);
}

bool sds_file_is_same(const char *a, const char *b)
{
    struct stat st, other;

    return stat_file(a, &st) == 0 && stat_file(b, &other) == 0 && S_ISREG(st.st_mode) &&
           st.st_dev == other.st_dev && st.st_ino == other.st_ino;
}

const char *sds_file_strerror(int r)
{
    return r == -EFBIG ? "it has more than " FILE_SIZE_LABEL : strerror(-r);
}

int sds_file_fail(const char *path, const struct sds_input_error *error)
{
    const char *name = sds_file_name(path);

    if (error->place.line && error->place.column)
        return sds_fail(-EINVAL, "%s:%d:%d: %s", name, error->place.line, error->place.column,
                        error->text);
    if (error->place.line)
        return sds_fail(-EINVAL, "%s:%d: %s", name, error->place.line, error->text);
    return sds_fail(-EINVAL, "%s: %s", name, error->text);
}

static int read_input(const char *path, const char *origin, struct sds_input *ret)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_input_error error;
    size_t len = 0;
    int r = sds_file_read_all(path, &text, &len);

    if (r == -ENOMEM)
        return r;
    if (r < 0)
        return sds_fail(-EINVAL, "cannot read '%s': %s", sds_file_name(path), sds_file_strerror(r));
    r = sds_input_read(text, len, origin, ret, &error);
    if (r == -EINVAL)
        r = sds_file_fail(path, &error);
    if (r < 0)
        sds_input_done(ret); /* some of its services are not its services */
    return r;
}

/* Takes @path. */
static int read_file(struct sds_files *files, char *path)
{
    struct sds_file file = {.path = path};
    int r = path ? read_input(path, files->origin, &file.input) : -ENOMEM;

    if (r != -ENOMEM && sds_arr_push(&files->list, file))
        return r;
    file_done(&file);
    return -ENOMEM;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool has_ending(const char *path)
{
    size_t len = strlen(path);

    for (size_t i = 0; i < SDS_COUNT(endings); i++) {
        size_t n = strlen(endings[i]);

        if (len > n && strcmp(path + len - n, endings[i]) == 0)
            return true;
    }
    return false;
}

/* A folder that is being read, inside another one: a link may lead back to it. */
struct folder {
    const char *path;
    const struct folder *parent; /* NULL: it was given */
    dev_t device;
    ino_t inode;
    int depth;
};

static bool is_inside_itself(const struct folder *folder)
{
    for (const struct folder *at = folder->parent; at; at = at->parent)
        if (at->device == folder->device && at->inode == folder->inode)
            return true;
    return false;
}

static int read_folder(struct sds_files *files, const struct folder *folder);

static int read_inner(struct sds_files *files, const char *path, const struct stat *st,
                      const struct folder *parent)
{
    const struct folder folder = {path, parent, st->st_dev, st->st_ino, parent->depth + 1};

    if (is_inside_itself(&folder))
        return 0;
    return folder.depth > FOLDER_DEPTH_MAX ? sds_fail(-EINVAL, "'%s': too many folders", path)
                                           : read_folder(files, &folder);
}

/* Takes @path, which stands in a folder. What is neither file nor folder is not read: nobody may
 * ever write to the pipe. */
static int read_entry(struct sds_files *files, char *path, const struct folder *parent)
{
    struct stat st = {0};
    int r = 0;

    if (!path)
        return -ENOMEM;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        r = read_inner(files, path, &st, parent);
    else if (has_ending(path) && (!st.st_mode || S_ISREG(st.st_mode)))
        return read_file(files, path);
    free(path);
    return r;
}

static int read_folder(struct sds_files *files, const struct folder *folder)
{
    struct dirent **entries = NULL;
    int n = scandir(folder->path, &entries, is_visible, alphasort), r = 0;

    if (n < 0)
        return sds_fail(-EINVAL, "cannot read '%s': %s", folder->path, strerror(errno));
    for (int i = 0; i < n; i++) {
        int one =
            read_entry(files, sds_text_format("%s/%s", folder->path, entries[i]->d_name), folder);

        free(entries[i]);
        if (one < 0 && r != -ENOMEM)
            r = one;
    }
    free(entries);
    return r;
}

int sds_files_read(struct sds_files *files, const char *path)
{
    size_t n = files->list.n;
    struct stat st;
    int r;

    if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
        return read_file(files, strdup(path));
    r = read_folder(files, &(struct folder){path, NULL, st.st_dev, st.st_ino, 0});
    if (r == 0 && files->list.n == n)
        return sds_fail(-EINVAL, "'%s': no file in this folder describes services", path);
    return r;
}
