/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_OPTION_ROWS_H
#define SDS_CMD_OPTION_ROWS_H

#include "cmd/cmd.h"

/* The one table of options: from it come the parser, the help, and what the manual is held to. */
struct sds_option_row {
    char letter; /* 0: none */
    const char *word;
    const char *arg;   /* NULL: takes none */
    unsigned commands; /* set of enum sds_cmd_bit */
    const char *help;
    /* Takes the value; returns false when it has said what is wrong with it. */
    bool (*set)(struct sds_opts *opts, const char *value);
};

#define SDS_OPTION_ROWS_MAX 64 /* sds_opts.given has a bit for each */

/* In the order of the help. */
extern const struct sds_option_row sds_option_rows[];
extern const size_t sds_n_option_rows;

/* Whether a command knows a format. */
bool sds_cmd_has_format(const struct sds_cmd *cmd, const struct sds_format *format);

/* Say what is wrong with the value of an option, and what would be right; returns false. */
bool sds_refuse_value(const char *what, const char *value, const char *mend);

#endif
