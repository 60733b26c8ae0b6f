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
#include "files/foreign.h"

#define FILE_SIZE_MAX    ((size_t)64 * 1024 * 1024)
#define FILE_SIZE_LABEL  "64 MiB"
#define FOLDER_DEPTH_MAX 16

/* Names of files that may describe services; others in a folder are none of our business. */
static const struct ending {
    const char *text;
    bool is_shared; /* with files of other programs, of any content */
} endings[] = {
    {".json", false}, {".ndjson", false}, {".service", true}, {".zone", false}, {".db", true},
};

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
    for (size_t i = 0; i < files->passed.n; i++)
        free(files->passed.v[i].first);
    free(files->passed.v);
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

/* Takes @path, of a file of another program. */
static int pass_over(struct sds_files *files, const struct sds_foreign *kind, char *path)
{
    struct sds_files_passed passed = {kind, 1, path};

    for (size_t i = 0; i < files->passed.n; i++) {
        if (files->passed.v[i].kind != kind)
            continue;
        files->passed.v[i].n++;
        free(path);
        return 0;
    }
    if (sds_arr_push(&files->passed, passed))
        return 0;
    free(path);
    return -ENOMEM;
}

/* Takes @file, whose text is read; @ending is NULL where the file was named, not found. */
static int add_file(struct sds_files *files, struct sds_file *file, const struct ending *ending,
                    const char *text, size_t len)
{
    const struct sds_foreign *foreign = NULL;
    struct sds_input_error error;
    int r = sds_input_read(text, len, files->origin, &file->input, &error);

    if (r < 0)
        sds_input_done(&file->input); /* some of its services are not its services */
    if (r == -EINVAL && ending)
        foreign = sds_foreign_find(text, len, ending->is_shared);
    if (foreign)
        return pass_over(files, foreign, SDS_TAKE(file->path));
    if (r == -EINVAL)
        r = sds_file_fail(file->path, &error);
    if (r != -ENOMEM && sds_arr_push(&files->list, *file))
        return r;
    file_done(file);
    return -ENOMEM;
}

/* Takes @path. */
static int read_file(struct sds_files *files, char *path, const struct ending *ending)
{
    struct sds_file file = {.path = path};
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t len = 0;
    int r = path ? sds_file_read_all(path, &text, &len) : -ENOMEM;

    if (r == 0)
        return add_file(files, &file, ending, text, len);
    if (r != -ENOMEM) {
        r = sds_fail(-EINVAL, "cannot read '%s': %s", sds_file_name(path), sds_file_strerror(r));
        if (sds_arr_push(&files->list, file))
            return r;
    }
    file_done(&file);
    return -ENOMEM;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static const struct ending *ending_of(const char *path)
{
    size_t len = strlen(path);

    for (size_t i = 0; i < SDS_COUNT(endings); i++) {
        size_t n = strlen(endings[i].text);

        if (len > n && strcmp(path + len - n, endings[i].text) == 0)
            return &endings[i];
    }
    return NULL;
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
    const struct ending *ending = path ? ending_of(path) : NULL;
    struct stat st = {0};
    int r = 0;

    if (!path)
        return -ENOMEM;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        r = read_inner(files, path, &st, parent);
    else if (ending && (!st.st_mode || S_ISREG(st.st_mode)))
        return read_file(files, path, ending);
    free(path);
    return r;
}

/* Malloc'ed; NULL when out of memory. */
static char *path_in(const struct folder *folder, const char *name)
{
    size_t len = strlen(folder->path);
    bool has_slash = len > 0 && folder->path[len - 1] == '/'; /* as of the root it is given */

    return sds_text_format("%s%s%s", folder->path, has_slash ? "" : "/", name);
}

static int read_folder(struct sds_files *files, const struct folder *folder)
{
    struct dirent **entries = NULL;
    int n = scandir(folder->path, &entries, is_visible, alphasort), r = 0;

    if (n < 0)
        return sds_fail(-EINVAL, "cannot read '%s': %s", folder->path, strerror(errno));
    for (int i = 0; i < n; i++) {
        int one = read_entry(files, path_in(folder, entries[i]->d_name), folder);

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
        return read_file(files, strdup(path), NULL);
    r = read_folder(files, &(struct folder){path, NULL, st.st_dev, st.st_ino, 0});
    if (r == 0 && files->list.n == n)
        return sds_fail(-EINVAL, "'%s': no file in this folder describes services", path);
    return r;
}

static char *note_of(const struct sds_files_passed *passed)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup_name(passed->first);

    if (!safe)
        return NULL;
    if (passed->n == 1)
        return sds_text_format("passed over 1 %s: '%s'", passed->kind->one, safe);
    return sds_text_format("passed over %zu %s, such as '%s'", passed->n, passed->kind->many, safe);
}

char **sds_files_notes(const struct sds_files *files)
{
    char **notes = calloc(files->passed.n + 1, sizeof(*notes));

    for (size_t i = 0; i < files->passed.n && notes; i++) {
        notes[i] = note_of(&files->passed.v[i]);
        if (!notes[i])
            notes = sds_files_notes_free(notes);
    }
    return notes;
}

char **sds_files_notes_free(char **notes)
{
    for (size_t i = 0; notes && notes[i]; i++)
        free(notes[i]);
    free(notes);
    return NULL;
}
