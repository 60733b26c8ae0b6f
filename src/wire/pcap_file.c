/* SPDX-License-Identifier: MIT */
#include "wire/pcap_file.h"

#include <errno.h>

#include "config.h"

#if SDS_HAVE_PCAP

#include <stdlib.h>

#include <pcap/pcap.h>

#include "base/text.h"

struct sds_pcap_file {
    pcap_t *pcap;
    unsigned link_type;
};

int sds_pcap_file_open(FILE *in, struct sds_pcap_file **ret, char **ret_error)
{
    struct sds_pcap_file *file = calloc(1, sizeof(*file));
    char error[PCAP_ERRBUF_SIZE] = "";

    if (!file)
        return -ENOMEM;
    file->pcap = pcap_fopen_offline(in, error);
    if (!file->pcap) {
        free(file);
        *ret_error = sds_text_format("%s", error);
        return *ret_error ? -EINVAL : -ENOMEM;
    }
    file->link_type = (unsigned)pcap_datalink(file->pcap);
    *ret = file;
    return 0;
}

struct sds_pcap_file *sds_pcap_file_free(struct sds_pcap_file *file)
{
    if (file)
        pcap_close(file->pcap);
    free(file);
    return NULL;
}

int sds_pcap_file_next(struct sds_pcap_file *file, struct sds_frame *ret)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int r = pcap_next_ex(file->pcap, &header, &bytes);

    if (r != 1)
        return r == PCAP_ERROR_BREAK ? 0 : -ENODATA;
    *ret = (struct sds_frame){
        .link_type = file->link_type,
        .link = 1,
        .time_ms = (int64_t)header->ts.tv_sec * 1000 + header->ts.tv_usec / 1000,
        .bytes = {bytes, header->caplen},
        .is_cut = header->caplen < header->len,
    };
    return 1;
}

const char *sds_pcap_file_error(struct sds_pcap_file *file)
{
    return pcap_geterr(file->pcap);
}

#else

int sds_pcap_file_open(FILE *in, struct sds_pcap_file **ret, char **ret_error)
{
    (void)in;
    (void)ret;
    (void)ret_error;
    return -ENOTSUP;
}

struct sds_pcap_file *sds_pcap_file_free(struct sds_pcap_file *file)
{
    (void)file;
    return NULL;
}

int sds_pcap_file_next(struct sds_pcap_file *file, struct sds_frame *ret)
{
    (void)file;
    (void)ret;
    return 0;
}

const char *sds_pcap_file_error(struct sds_pcap_file *file)
{
    (void)file;
    return "";
}

#endif
