/* SPDX-License-Identifier: MIT */
#include "registry/libcurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"

#define SONAME "libcurl.so.4" /* since 2006; its functions here have not changed since */

static const struct {
    const char *name;
    size_t offset; /* of its pointer in struct sds_libcurl */
} symbols[] = {
    {"curl_global_init", offsetof(struct sds_libcurl, global_init)},
    {"curl_global_cleanup", offsetof(struct sds_libcurl, global_cleanup)},
    {"curl_easy_init", offsetof(struct sds_libcurl, easy_init)},
    {"curl_easy_cleanup", offsetof(struct sds_libcurl, easy_cleanup)},
    {"curl_easy_setopt", offsetof(struct sds_libcurl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(struct sds_libcurl, easy_getinfo)},
    {"curl_easy_perform", offsetof(struct sds_libcurl, easy_perform)},
    {"curl_easy_strerror", offsetof(struct sds_libcurl, easy_strerror)},
    {"curl_slist_append", offsetof(struct sds_libcurl, slist_append)},
    {"curl_slist_free_all", offsetof(struct sds_libcurl, slist_free_all)},
};

int sds_libcurl_load(struct sds_libcurl *ret)
{
    void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return -ELIBACC;
    for (size_t i = 0; i < SDS_COUNT(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);

        if (!symbol)
            return -ELIBACC;
        memcpy((char *)ret + symbols[i].offset, &symbol, sizeof(symbol)); /* dlsym(3) */
    }
    return 0;
}
