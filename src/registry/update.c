/* SPDX-License-Identifier: MIT */
#include "registry/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <expat.h>
#include <jansson.h>

#include "base/text.h"
#include "registry/fetch.h"
#include "registry/gzip.h"
#include "registry/load.h"
#include "registry/stored.h"

SDS_DEFINE_FREEP(struct sds_registry, sds_registry_free)

/* An update that runs. */
struct run {
    const struct sds_update *update;
    struct sds_update_result *result;
    char *file, *receipt, *part, *part_receipt; /* paths */
    int folder, lock, fd; /* the folder, its lock, and the part; -1 where it is not open */
    char message[256];    /* the first that loading gave */
};

static int __attribute__((format(printf, 3, 4)))
give_up(struct run *run, enum sds_update_outcome outcome, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(run->result->text, sizeof(run->result->text), format, args);
    va_end(args);
    run->result->outcome = outcome;
    return -ECANCELED;
}

/* ---- the folder --------------------------------------------------------------------------- */

/* mkdir -p; of the last part, that it is there is enough. */
static int make_folder(const char *path)
{
    SDS_CLEANUP(sds_freep) char *whole = strdup(path);

    if (!whole)
        return -ENOMEM;
    for (char *slash = whole + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(whole, 0700);
    }
    return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int name_files(struct run *run)
{
    const char *folder = run->update->folder;

    run->file = sds_text_format("%s/" SDS_STORED_FILE, folder);
    run->receipt = sds_text_format("%s/" SDS_STORED_RECEIPT, folder);
    run->part = sds_text_format("%s/" SDS_STORED_PART, folder);
    run->part_receipt = sds_text_format("%s/" SDS_PART_RECEIPT, folder);
    return run->file && run->receipt && run->part && run->part_receipt ? 0 : -ENOMEM;
}

/* Hold the folder, so that no other update runs in it. */
static int take_folder(struct run *run)
{
    const char *folder = run->update->folder;
    int r = make_folder(folder);

    if (r == -ENOMEM)
        return r;
    if (r < 0)
        return give_up(run, SDS_UPDATE_FAILED, "cannot make '%s': %s", folder, strerror(-r));
    run->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run->folder >= 0)
        run->lock = openat(run->folder, SDS_STORED_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (run->lock < 0)
        return give_up(run, SDS_UPDATE_FAILED, "cannot write in '%s': %s", folder, strerror(errno));
    if (flock(run->lock, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return give_up(run, SDS_UPDATE_BUSY, "another update runs in '%s'", folder);
    return 0;
}

static void drop_part(struct run *run)
{
    unlink(run->part);
    unlink(run->part_receipt);
}

/* ---- fetching ----------------------------------------------------------------------------- */

static int on_begin(void *userdata, const struct sds_receipt *coming)
{
    struct run *run = userdata;

    return sds_receipt_write(run->part_receipt, coming);
}

static void on_progress(void *userdata, uint64_t bytes, uint64_t total)
{
    struct run *run = userdata;

    if (run->update->progress)
        run->update->progress(run->update->userdata, bytes, total);
}

/* Whether the stored registry serves: of one that is damaged or outdated, nobody needs to know
 * whether it is still current. */
static bool is_stored_serving(const struct run *run)
{
    return strcmp(sds_registry_table_at(run->update->serving, 0).origin, run->file) == 0;
}

static bool is_of(const struct sds_receipt *receipt, const char *url)
{
    return receipt->url && strcmp(receipt->url, url) == 0;
}

/* Say what became of the transfer; 0 when there is a whole file to examine. */
static int judge_fetch(struct run *run, const struct sds_fetch_result *fetched)
{
    const char *url = run->update->url;

    switch (fetched->outcome) {
    case SDS_FETCH_WHOLE:
        return 0;
    case SDS_FETCH_CURRENT:
        drop_part(run);
        run->result->outcome = SDS_UPDATE_CURRENT;
        return -ECANCELED;
    case SDS_FETCH_CUT:
        return give_up(run, SDS_UPDATE_CUT, "cannot fetch '%s': %s", url, fetched->text);
    case SDS_FETCH_REFUSED:
        drop_part(run);
        return give_up(run, SDS_UPDATE_REFUSED, "cannot take '%s': %s", url, fetched->text);
    case SDS_FETCH_NO_ROOM:
        drop_part(run); /* a full disk gets back what was taken of it */
        return give_up(run, SDS_UPDATE_FAILED, "cannot write '%s': %s", run->part, fetched->text);
    default:
        if (lseek(run->fd, 0, SEEK_END) == 0)
            drop_part(run);
        return give_up(run, SDS_UPDATE_NO_ANSWER, "cannot fetch '%s': %s", url, fetched->text);
    }
}

/* Fetch into the part, going on with what it holds. */
static int fetch_once(struct run *run, struct sds_fetch_result *fetched)
{
    SDS_CLEANUP(sds_receipt_done) struct sds_receipt has = {0};
    SDS_CLEANUP(sds_receipt_done) struct sds_receipt begun = {0};
    const struct sds_update *update = run->update;
    struct sds_fetch fetch = {
        .url = update->url,
        .ca_file = update->ca_file,
        .timeout_ms = update->timeout_ms,
        .has = &has,
        .fd = run->fd,
        .begun = &begun,
        .begin = on_begin,
        .progress = on_progress,
        .userdata = run,
    };
    struct stat st;
    int r = sds_stored_receipt(update->folder, &has);

    if (r == 0)
        r = sds_receipt_read(run->part_receipt, &begun);
    if (r < 0)
        return r;
    if (!is_of(&has, update->url) || !is_stored_serving(run))
        sds_receipt_done(&has);
    if (is_of(&begun, update->url) && fstat(run->fd, &st) == 0)
        fetch.offset = (uint64_t)st.st_size;
    return sds_fetch(&fetch, fetched);
}

static int fetch(struct run *run, struct sds_fetch_result *fetched)
{
    int r;

    run->fd = open(run->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (run->fd < 0)
        return give_up(run, SDS_UPDATE_FAILED, "cannot write '%s': %s", run->part, strerror(errno));
    r = fetch_once(run, fetched);
    if (r == 0 && fetched->outcome == SDS_FETCH_BAD_RANGE) {
        unlink(run->part_receipt);
        sds_receipt_done(&fetched->receipt);
        r = fetch_once(run, fetched);
    }
    if (r == -ELIBACC)
        return give_up(run, SDS_UPDATE_FAILED, "libcurl is not installed, which fetches");
    return r < 0 ? r : judge_fetch(run, fetched);
}

/* ---- examining ---------------------------------------------------------------------------- */

static void on_message(void *userdata, const struct sds_load_message *message)
{
    struct run *run = userdata;

    if (run->result->n_messages++ == 0)
        snprintf(run->message, sizeof(run->message), "line %zu: %s", message->line, message->text);
}

static bool is_whole_xml(const char *bytes, size_t len)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    bool ok = parser && XML_Parse(parser, bytes, (int)len, XML_TRUE) == XML_STATUS_OK;

    if (parser)
        XML_ParserFree(parser);
    return ok;
}

static bool is_whole_json(const char *bytes, size_t len)
{
    json_t *value = json_loadb(bytes, len, 0, NULL);

    json_decref(value);
    return value != NULL;
}

static bool is_whole_plain(const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && strchr(" \t\r\n\xEF\xBB\xBF", bytes[at]) && bytes[at])
        at++;
    if (at < len && bytes[at] == '<')
        return is_whole_xml(bytes, len);
    if (at < len && bytes[at] == '{')
        return is_whole_json(bytes + at, len - at);
    return len > 0 && bytes[len - 1] == '\n';
}

static bool is_whole_gzip(const char *bytes, size_t len)
{
    SDS_CLEANUP(sds_freep) char *plain = NULL;
    const char *fault = NULL;
    size_t plain_len;

    return sds_gunzip(bytes, len, SDS_REGISTRY_BYTES_MAX, &plain, &plain_len, &fault) == 0 &&
           !fault && is_whole_plain(plain, plain_len);
}

/* Loading gives what stands before a break; an update wants to know whether there is one. */
static bool is_whole(const char *bytes, size_t len)
{
    return sds_is_gzip(bytes, len) ? is_whole_gzip(bytes, len) : is_whole_plain(bytes, len);
}

static size_t count_records(const struct sds_registry *registry)
{
    size_t n = 0;

    for (size_t i = 0; i < sds_registry_n_tables(registry); i++)
        n += sds_registry_table_at(registry, i).n_records;
    return n;
}

/* Whether the new registry may replace what serves. */
static int compare(struct run *run, const struct sds_registry *fresh)
{
    const struct sds_registry *serving = run->update->serving;
    size_t n = count_records(fresh), n_serving = count_records(serving);

    if (n * 100 < n_serving * SDS_UPDATE_LEAST_PERCENT)
        return give_up(
            run, SDS_UPDATE_REFUSED,
            "it has %zu records, and what serves %zu: more than 5 %% of them are missing", n,
            n_serving);
    if (sds_registry_date_cmp(fresh, serving) < 0) {
        const char *date = sds_registry_table_at(fresh, 0).updated;

        if (!date)
            date = sds_registry_newest(fresh);
        return give_up(run, SDS_UPDATE_REFUSED, "its date, %s, is older than that of what serves",
                       date ? date : "none");
    }
    return 0;
}

static int examine(struct run *run, struct sds_registry **ret)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *fresh = sds_registry_new();
    SDS_CLEANUP(sds_freep) char *bytes = NULL;
    size_t len;
    int r = fresh ? sds_read_file(run->part, &bytes, &len) : -ENOMEM;

    if (r == -ENOMEM)
        return r;
    if (r < 0)
        return give_up(run, SDS_UPDATE_FAILED, "cannot read '%s': %s", run->part, strerror(-r));
    r = sds_registry_load_bytes(fresh, run->file, bytes, len, on_message, run);
    if (r == -ENOMEM)
        return r;
    if (r < 0 || !is_whole(bytes, len))
        return give_up(run, SDS_UPDATE_REFUSED, "it is no whole registry: %s",
                       *run->message ? run->message : "it ends too early");
    sds_registry_lend_profiles(fresh);
    r = compare(run, fresh);
    if (r == 0)
        *ret = SDS_TAKE(fresh);
    return r;
}

/* ---- storing ------------------------------------------------------------------------------ */

/* The receipt comes last: an old one beside a new file costs a transfer, a new one beside an old
 * file would keep it for good. */
static int store(struct run *run, const struct sds_registry *fresh, struct sds_receipt *receipt)
{
    const char *date = sds_registry_table_at(fresh, 0).updated;
    int r;

    if (date && !(receipt->updated = strdup(date)))
        return -ENOMEM;
    if (fsync(run->fd) < 0 || rename(run->part, run->file) < 0)
        return give_up(run, SDS_UPDATE_FAILED, "cannot write '%s': %s", run->file, strerror(errno));
    unlink(run->part_receipt);
    r = sds_receipt_write(run->receipt, receipt);
    if (r == -ENOMEM)
        return r;
    if (r < 0)
        unlink(run->receipt);
    fsync(run->folder);
    run->result->outcome = SDS_UPDATE_DONE;
    return 0;
}

static int update_files(struct run *run, struct sds_fetch_result *fetched)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *fresh = NULL;
    int r = name_files(run);

    if (r == 0)
        r = take_folder(run);
    if (r == 0)
        r = fetch(run, fetched);
    if (r < 0)
        return r;
    r = examine(run, &fresh);
    if (r == 0)
        r = store(run, fresh, &fetched->receipt);
    else if (r == -ECANCELED)
        drop_part(run);
    if (r == 0)
        run->result->registry = SDS_TAKE(fresh);
    return r;
}

int sds_registry_update(const struct sds_update *update, struct sds_update_result *ret)
{
    struct run run = {.update = update, .result = ret, .folder = -1, .lock = -1, .fd = -1};
    struct sds_fetch_result fetched = {0};
    int r;

    *ret = (struct sds_update_result){.outcome = SDS_UPDATE_FAILED};
    r = update_files(&run, &fetched);
    sds_receipt_done(&fetched.receipt);
    for (size_t i = 0; i < 3; i++) {
        int fd = (int[]){run.fd, run.folder, run.lock}[i];

        if (fd >= 0)
            close(fd);
    }
    free(run.file);
    free(run.receipt);
    free(run.part);
    free(run.part_receipt);
    return r == -ECANCELED ? 0 : r;
}
