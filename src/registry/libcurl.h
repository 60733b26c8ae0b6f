/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_LIBCURL_H
#define SDS_REGISTRY_LIBCURL_H

#define CURL_DISABLE_TYPECHECK /* its macros would stand in the way of the members below */
#include <curl/curl.h>

/* What is used of libcurl. It brings two dozen libraries along, and linked to the program these
 * made every start three times as long, though only an update needs them. */
struct sds_libcurl {
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *curl);
    CURLcode (*easy_setopt)(CURL *curl, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *curl, CURLINFO info, ...);
    CURLcode (*easy_perform)(CURL *curl);
    const char *(*easy_strerror)(CURLcode code);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
};

/* Load it, once; it stays for the rest of the process. Returns 0, or -ELIBACC where it is missing.
 */
int sds_libcurl_load(struct sds_libcurl *ret);

#endif
