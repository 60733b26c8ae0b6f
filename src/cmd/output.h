/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_OUTPUT_H
#define SDS_CMD_OUTPUT_H

#include "cmd/cmd.h"
#include "cmd/services.h"

/* Reports on their way: into files that appear whole or not at all, or to standard output. */
struct sds_outputs;

/**
 * Open what --output asks for, before the work begins: a file that cannot be written, or that the
 * options name to be read, is told while nothing is lost.
 *
 * @policy  path of the policy that was read; NULL: none
 * Returns 0, or -EINVAL when it has said what is wrong.
 */
int sds_outputs_open(const struct sds_opts *opts, const char *policy, struct sds_outputs **ret);

/* Refuse to write over files that were read, wherever they were found. Returns 0, or -EINVAL when
 * it has said which. */
int sds_outputs_spare(const struct sds_outputs *outputs, const struct sds_files *files);

/* Write the report to each; where one fails, no file is replaced. The style is chosen here. Returns
 * 0, or -EIO when it has said why, or left that of standard output to main(). */
int sds_outputs_write(struct sds_outputs *outputs, struct sds_report *report);

/* Write one report into one file, whole or not at all, and say nothing. Returns 0 or a negative
 * errno. */
int sds_output_write(const struct sds_opts *opts, const struct sds_format *format, const char *path,
                     struct sds_report *report);

/* Drop what was not written. Returns NULL. */
struct sds_outputs *sds_outputs_free(struct sds_outputs *outputs);

SDS_DEFINE_FREEP(struct sds_outputs, sds_outputs_free)

/* How text looks on this stream. */
struct sds_style sds_output_style(const struct sds_opts *opts, FILE *out);

#endif
