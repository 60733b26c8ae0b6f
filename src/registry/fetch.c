/* SPDX-License-Identifier: MIT */
#include "registry/fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/text.h"
#include "config.h"
#include "registry/libcurl.h"
#include "registry/table.h"

#define REDIRECTS_MAX    5L
#define CONNECT_MAX_S    30L
#define STALL_BYTES      100L /* a second; fewer of them for STALL_S seconds is no transfer */
#define STALL_S          60L
#define HEADER_MAX       ((size_t)1024) /* bytes of one that counts; longer ones do not */
#define HTTP_OK          200
#define HTTP_PARTIAL     206
#define HTTP_NOT_CHANGED 304
#define HTTP_BAD_RANGE   416

static struct sds_libcurl lib; /* loaded by sds_fetch() */

struct transfer {
    const struct sds_fetch *fetch;
    struct sds_fetch_result *result;
    CURL *curl;
    struct curl_slist *headers;
    uint64_t first; /* byte of the whole with which a partial answer begins */
    uint64_t total; /* bytes of the whole that it is a part of; 0: not told */
    uint64_t size;  /* bytes in the file */
    bool has_begun;
    int error; /* negative errno of ours that ended it */
    char curl_text[CURL_ERROR_SIZE];
};

/* ---- what is asked ------------------------------------------------------------------------ */

static bool add_header(struct transfer *transfer, const char *name, const char *value)
{
    SDS_CLEANUP(sds_freep) char *line = sds_text_format("%s: %s", name, value);
    struct curl_slist *longer = line ? lib.slist_append(transfer->headers, line) : NULL;

    if (longer)
        transfer->headers = longer;
    return longer != NULL;
}

/* What the server may compare byte ranges by; a weak tag will not do (RFC 9110 13.1.5). */
static const char *range_validator(const struct sds_receipt *begun)
{
    if (begun->etag && strncmp(begun->etag, "W/", 2) != 0)
        return begun->etag;
    return begun->last_modified;
}

static bool ask(struct transfer *transfer)
{
    const struct sds_fetch *fetch = transfer->fetch;
    const char *validator = range_validator(fetch->begun);
    bool ok = true;
    char range[32];

    if (fetch->has->etag)
        ok = add_header(transfer, "If-None-Match", fetch->has->etag);
    if (ok && fetch->has->last_modified)
        ok = add_header(transfer, "If-Modified-Since", fetch->has->last_modified);
    if (ok && fetch->offset > 0 && validator) {
        snprintf(range, sizeof(range), "%" PRIu64 "-", fetch->offset);
        ok = add_header(transfer, "If-Range", validator) &&
             lib.easy_setopt(transfer->curl, CURLOPT_RANGE, range) == CURLE_OK;
    }
    return ok && (!transfer->headers || lib.easy_setopt(transfer->curl, CURLOPT_HTTPHEADER,
                                                        transfer->headers) == CURLE_OK);
}

/* ---- what comes --------------------------------------------------------------------------- */

/* The value of a header line, if it is this header. */
static bool take_value(const char *line, size_t len, const char *name, const char **ret,
                       size_t *ret_len)
{
    size_t n = strlen(name);

    if (len <= n || line[n] != ':' || !sds_fold_equal(line, n, name, n))
        return false;
    line += n + 1;
    len -= n + 1;
    while (len > 0 && (*line == ' ' || *line == '\t'))
        line++, len--;
    while (len > 0 && strchr(" \t\r\n", line[len - 1]))
        len--;
    *ret = line;
    *ret_len = len;
    return true;
}

static bool keep(char **text, const char *value, size_t len)
{
    free(*text);
    *text = strndup(value, len);
    return *text != NULL;
}

/* Each answer has headers of its own: those of a redirection do not count. */
static size_t on_header(char *line, size_t size, size_t n, void *userdata)
{
    struct transfer *transfer = userdata;
    struct sds_receipt *receipt = &transfer->result->receipt;
    size_t len = size * n, value_len;
    const char *value;
    bool ok = true;

    if (len >= strlen("HTTP/") && memcmp(line, "HTTP/", strlen("HTTP/")) == 0) {
        sds_receipt_done(receipt);
        transfer->first = transfer->total = 0;
    } else if (len > HEADER_MAX) {
        return len;
    } else if (take_value(line, len, "ETag", &value, &value_len)) {
        ok = keep(&receipt->etag, value, value_len);
    } else if (take_value(line, len, "Last-Modified", &value, &value_len)) {
        ok = keep(&receipt->last_modified, value, value_len);
    } else if (take_value(line, len, "Content-Range", &value, &value_len)) {
        char range[64];

        snprintf(range, sizeof(range), "%.*s", (int)value_len, value);
        if (sscanf(range, "bytes %" SCNu64 "-%*u/%" SCNu64, &transfer->first, &transfer->total) < 1)
            transfer->first = 0;
    }
    if (!ok)
        transfer->error = -ENOMEM;
    return ok ? len : 0;
}

/* Whether a partial answer goes on with what the file holds. Not every server heeds If-Range, and
 * parts of two versions must not be joined (RFC 9110 15.3.7.3). */
static bool is_next_part(const struct transfer *transfer)
{
    const struct sds_receipt *begun = transfer->fetch->begun, *now = &transfer->result->receipt;
    bool is_strong = range_validator(begun) && range_validator(begun) == begun->etag;

    if (transfer->fetch->offset == 0 || transfer->first != transfer->fetch->offset)
        return false;
    if (is_strong && now->etag)
        return strcmp(now->etag, begun->etag) == 0;
    return !begun->last_modified || !now->last_modified ||
           strcmp(now->last_modified, begun->last_modified) == 0;
}

/* The answer has a body: go on with what the file holds, or begin it anew. */
static int begin(struct transfer *transfer)
{
    const struct sds_fetch *fetch = transfer->fetch;
    long status = 0;

    lib.easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == HTTP_PARTIAL && !is_next_part(transfer))
        return -EPROTO;
    transfer->size = status == HTTP_PARTIAL ? fetch->offset : 0;
    transfer->has_begun = true;
    transfer->result->receipt.url = strdup(fetch->url);
    if (!transfer->result->receipt.url)
        return -ENOMEM;
    if (ftruncate(fetch->fd, (off_t)transfer->size) < 0 ||
        lseek(fetch->fd, (off_t)transfer->size, SEEK_SET) < 0)
        return -errno;
    return fetch->begin(fetch->userdata, &transfer->result->receipt);
}

static int write_bytes(struct transfer *transfer, const char *bytes, size_t len)
{
    if (len > SDS_REGISTRY_BYTES_MAX - transfer->size)
        return -EFBIG;
    while (len > 0) {
        ssize_t n = write(transfer->fetch->fd, bytes, len);

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
            transfer->size += (size_t)n;
        }
    }
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *userdata)
{
    struct transfer *transfer = userdata;

    if (!transfer->has_begun)
        transfer->error = begin(transfer);
    if (transfer->error == 0)
        transfer->error = write_bytes(transfer, bytes, size * n);
    return transfer->error == 0 ? size * n : 0;
}

static int on_progress(void *userdata, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    struct transfer *transfer = userdata;
    const struct sds_fetch *fetch = transfer->fetch;
    uint64_t before = transfer->size > (uint64_t)now ? transfer->size - (uint64_t)now : 0;

    if (fetch->progress && transfer->has_begun)
        fetch->progress(fetch->userdata, transfer->size, total > 0 ? before + (uint64_t)total : 0);
    return 0;
}

/* ---- how it ended ------------------------------------------------------------------------- */

static void __attribute__((format(printf, 3, 4)))
conclude(struct transfer *transfer, enum sds_fetch_outcome outcome, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(transfer->result->text, sizeof(transfer->result->text), format, args);
    va_end(args);
    transfer->result->outcome = outcome;
}

/* An error of ours in a callback is what libcurl calls a write error. */
static void conclude_own(struct transfer *transfer)
{
    if (transfer->error == -EFBIG)
        conclude(transfer, SDS_FETCH_REFUSED, "it has more than %zu MiB",
                 SDS_REGISTRY_BYTES_MAX >> 20);
    else if (transfer->error == -EPROTO)
        conclude(transfer, SDS_FETCH_BAD_RANGE, "the server sent another part than asked for");
    else
        conclude(transfer, SDS_FETCH_NO_ROOM, "%s", strerror(-transfer->error));
}

static void conclude_protocol(struct transfer *transfer)
{
    const char *to = NULL;

    lib.easy_getinfo(transfer->curl, CURLINFO_REDIRECT_URL, &to);
    if (!to)
        lib.easy_getinfo(transfer->curl, CURLINFO_EFFECTIVE_URL, &to);
    conclude(transfer, SDS_FETCH_REFUSED, "it leads to '%s', which is not HTTPS", to ? to : "?");
}

static void conclude_curl(struct transfer *transfer, CURLcode code)
{
    const char *why = *transfer->curl_text ? transfer->curl_text : lib.easy_strerror(code);
    long status = 0;

    lib.easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (transfer->error < 0)
        conclude_own(transfer);
    else if (code == CURLE_UNSUPPORTED_PROTOCOL)
        conclude_protocol(transfer);
    else if (code == CURLE_FILESIZE_EXCEEDED)
        conclude(transfer, SDS_FETCH_REFUSED, "it has more than %zu MiB",
                 SDS_REGISTRY_BYTES_MAX >> 20);
    else if (code == CURLE_HTTP_RETURNED_ERROR)
        conclude(transfer, status == HTTP_BAD_RANGE ? SDS_FETCH_BAD_RANGE : SDS_FETCH_FAILED,
                 "the server answers with status %ld", status);
    else if (transfer->has_begun)
        conclude(transfer, SDS_FETCH_CUT, "it broke off after %" PRIu64 " bytes: %s",
                 transfer->size, why);
    else
        conclude(transfer, SDS_FETCH_FAILED, "%s", why);
}

static void conclude_answer(struct transfer *transfer)
{
    long status = 0;

    lib.easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == HTTP_NOT_CHANGED)
        transfer->result->outcome = SDS_FETCH_CURRENT;
    else if (transfer->has_begun && transfer->size < transfer->total)
        conclude(transfer, SDS_FETCH_CUT,
                 "it broke off after %" PRIu64 " bytes: the server sent no more of %" PRIu64,
                 transfer->size, transfer->total);
    else if ((status == HTTP_OK || status == HTTP_PARTIAL) && transfer->has_begun)
        transfer->result->outcome = SDS_FETCH_WHOLE;
    else
        conclude(transfer, SDS_FETCH_FAILED, "the server answers with status %ld and nothing else",
                 status);
    transfer->result->receipt.size = transfer->size;
}

/* ---- the whole of it ---------------------------------------------------------------------- */

static CURLcode only_https(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");

    return code ? code : lib.easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
#else
    CURLcode code = lib.easy_setopt(curl, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);

    return code ? code : lib.easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
}

static bool set_up(struct transfer *transfer)
{
    const struct sds_fetch *fetch = transfer->fetch;
    CURL *curl = transfer->curl;

    /* An option that fails for lack of memory fails the transfer; the protocols must not. */
    if (only_https(curl) != CURLE_OK || lib.easy_setopt(curl, CURLOPT_URL, fetch->url) != CURLE_OK)
        return false;
    if (fetch->ca_file && (lib.easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file) != CURLE_OK ||
                           lib.easy_setopt(curl, CURLOPT_CAPATH, NULL) != CURLE_OK))
        return false;
    lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->curl_text);
    lib.easy_setopt(curl, CURLOPT_USERAGENT, "sdscope/" SDS_VERSION);
    lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    lib.easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    lib.easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    lib.easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
    lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_MAX_S);
    lib.easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
    lib.easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALL_S);
    lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, fetch->timeout_ms);
    lib.easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)SDS_REGISTRY_BYTES_MAX);
    lib.easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    lib.easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    lib.easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    lib.easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
    lib.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    return ask(transfer);
}

int sds_fetch(const struct sds_fetch *fetch, struct sds_fetch_result *ret)
{
    struct transfer transfer = {.fetch = fetch, .result = ret};
    int r = sds_libcurl_load(&lib);

    *ret = (struct sds_fetch_result){.outcome = SDS_FETCH_FAILED};
    if (r < 0)
        return r;
    r = -ENOMEM;
    if (lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return r;
    transfer.curl = lib.easy_init();
    if (transfer.curl && set_up(&transfer)) {
        CURLcode code = lib.easy_perform(transfer.curl);

        if (code != CURLE_OK)
            conclude_curl(&transfer, code);
        else
            conclude_answer(&transfer);
        r = transfer.error == -ENOMEM || code == CURLE_OUT_OF_MEMORY ? -ENOMEM : 0;
    }
    lib.slist_free_all(transfer.headers);
    lib.easy_cleanup(transfer.curl);
    lib.global_cleanup();
    return r;
}
