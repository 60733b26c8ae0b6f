/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmd/option_rows.h"
#include "cmd/output.h"
#include "cmd/type_word.h"
#include "discovery/interfaces.h"
#include "discovery/source.h"
#include "report/pen.h"

#define LONG_BASE 256 /* getopt_long's value of a row: past every letter */

static void fill_getopt(const struct sds_cmd *cmd, char *letters, struct option *words)
{
    *letters++ = ':'; /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < sds_n_option_rows; i++) {
        if (!(sds_option_rows[i].commands & cmd->bit))
            continue;
        *words++ = (struct option){sds_option_rows[i].word,
                                   sds_option_rows[i].arg ? required_argument : no_argument, NULL,
                                   LONG_BASE + (int)i};
        if (!sds_option_rows[i].letter)
            continue;
        *letters++ = sds_option_rows[i].letter;
        if (sds_option_rows[i].arg)
            *letters++ = ':';
    }
    *letters = '\0';
    *words = (struct option){0};
}

static const struct sds_option_row *row_of(const struct sds_cmd *cmd, int value)
{
    if (value >= LONG_BASE)
        return &sds_option_rows[value - LONG_BASE];
    for (size_t i = 0; i < sds_n_option_rows; i++)
        if (sds_option_rows[i].letter == value && sds_option_rows[i].commands & cmd->bit)
            return &sds_option_rows[i];
    return NULL;
}

static const char *word_at(size_t i, const void *closure)
{
    const struct sds_cmd *cmd = closure;

    for (size_t row = 0; row < sds_n_option_rows; row++)
        if (sds_option_rows[row].commands & cmd->bit && i-- == 0)
            return sds_option_rows[row].word;
    return NULL;
}

static void say_unknown_option(const struct sds_cmd *cmd, const char *arg)
{
    SDS_CLEANUP(sds_freep) char *word = strndup(arg, strcspn(arg, "="));
    const char *near =
        strncmp(arg, "--", 2) == 0 && word ? sds_nearest(word + 2, word_at, cmd) : NULL;

    if (near)
        sds_fail(0, "%s: unknown option '%s': did you mean '--%s'?", cmd->name, word, near);
    else
        sds_fail(0, "%s: unknown option '%s': see 'sdscope %s --help'", cmd->name,
                 word ? word : "?", cmd->name);
}

/* Say what getopt_long() did not like. */
static void say_bad_option(const struct sds_cmd *cmd, const char *arg)
{
    char letter[] = {'-', (char)optopt, '\0'};

    if (optopt >= LONG_BASE) /* it knows the option, but `--option=value` gave it one */
        sds_fail(0, "%s: option '--%s' takes no value", cmd->name,
                 sds_option_rows[optopt - LONG_BASE].word);
    else
        say_unknown_option(cmd, optopt ? letter : arg);
}

bool sds_opts_replay(const struct sds_opts *opts)
{
    return opts->source && sds_source_is_recording(opts->source);
}

static int check_args(const struct sds_opts *opts)
{
    const struct sds_cmd *cmd = opts->cmd;

    if (opts->wants_help || opts->wants_formats)
        return 0;
    if (opts->n_args < cmd->min_args)
        return sds_fail(-EINVAL, "%s: an argument is missing: sdscope %s %s", cmd->name, cmd->name,
                        cmd->args);
    if (opts->speed >= 0 && !sds_opts_replay(opts) && !opts->pcap)
        return sds_fail(-EINVAL, "%s: --speed is for a recording: --source FILE, or --pcap FILE",
                        cmd->name);
    if (cmd->max_args >= 0 && opts->n_args > cmd->max_args)
        return sds_fail(-EINVAL, "%s: one argument too many: '%s'", cmd->name,
                        opts->args[cmd->max_args]);
    return 0;
}

/* `_ipp._tcp.` and, of the domain that is browsed anyway, `_ipp._tcp.local` are types to look for.
 * The words are cut where they stand; the file of a recording is none of them. */
static void settle_types(struct sds_opts *opts)
{
    const char *domain = opts->domain ? opts->domain : "local";

    if (!(opts->cmd->bit & SDS_CMD_LIVE) && !opts->live)
        return;
    for (int i = opts->cmd->bit == SDS_CMD_RECORD; i < opts->n_args; i++) {
        size_t len = sds_type_word_len(opts->args[i], NULL);
        size_t type_len = sds_type_word_len(opts->args[i], domain);

        if (type_len < len)
            opts->domain = domain; /* of a recording, too */
        opts->args[i][type_len] = '\0';
    }
}

/* A domain to browse is one, and there is a default; one to be checked may have any fault. */
static bool settle_domain(struct sds_opts *opts)
{
    struct sds_name name;

    if (!(opts->cmd->bit & SDS_CMD_LIVE) && !opts->live)
        return true;
    if (!opts->domain && sds_opts_replay(opts))
        return true; /* whatever was asked then */
    if (!opts->domain)
        opts->domain = "local";
    sds_name_parse(opts->domain, &name);
    return (name.n_labels && !name.faults) ||
           sds_refuse_value("not a domain", opts->domain, "such as local or example.org");
}

/* One of this host, or of the one that was recorded. */
static bool settle_interface(const struct sds_opts *opts)
{
    return !opts->interface || sds_opts_replay(opts) || sds_interface_exists(opts->interface) ||
           sds_refuse_value("no interface", opts->interface, "'ip link' lists those of this host");
}

/* The format of an output stands before it. Where there is but one of each, nobody can mean
 * anything else by the other order; else one that was not taken is for standard output, unless an
 * output may have been meant. */
static bool settle_outputs(struct sds_opts *opts)
{
    for (size_t i = 0; i < opts->outputs.n; i++) {
        struct sds_output *output = &opts->outputs.v[i];

        if (output->format)
            continue;
        if (opts->format && opts->outputs.n > 1) {
            sds_fail(0, "%s: --format %s comes after --output '%s', which has none: give it before",
                     opts->cmd->name, opts->format->name, output->path);
            return false;
        }
        output->format = opts->format ? SDS_TAKE(opts->format) : sds_format_find("text");
    }
    return true;
}

int sds_opts_parse(int argc, char **argv, const struct sds_cmd *cmd, struct sds_opts *opts)
{
    char letters[2 * SDS_OPTION_ROWS_MAX + 2];
    struct option words[SDS_OPTION_ROWS_MAX + 1];
    int value;

    *opts = (struct sds_opts){
        .cmd = cmd,
        .source = cmd->bit == SDS_CMD_DEMO ? "demo" : "auto",
        .speed = -1,
        .family = AF_UNSPEC,
        .strictness = -1,
        .fail_on = SDS_SEV_WARNING,
        .port = -1,
        .status = -1,
    };
    fill_getopt(cmd, letters, words);
    optind = 1;
    opterr = 0;
    while ((value = getopt_long(argc, argv, letters, words, NULL)) != -1) {
        const struct sds_option_row *row = value == '?' || value == ':' ? NULL : row_of(cmd, value);

        if (value == ':')
            return sds_fail(-EINVAL, "%s: option '%s' needs a value", cmd->name, argv[optind - 1]);
        if (!row) {
            say_bad_option(cmd, argv[optind - 1]);
            return -EINVAL;
        }
        opts->given |= UINT64_C(1) << (row - sds_option_rows);
        if (!row->set(opts, optarg))
            return -EINVAL;
    }
    opts->args = argv + optind;
    opts->n_args = argc - optind;
    settle_types(opts);
    if (!settle_domain(opts) || !settle_interface(opts) || !settle_outputs(opts))
        return -EINVAL;
    return check_args(opts);
}

#define HELP_COLUMN 28
#define HELP_WIDTH  80

/* A term, and what it means in the column of meanings. */
static void print_term(const struct sds_pen *pen, const char *term, const char *meaning)
{
    size_t n = strlen(term) + 2; /* the blanks before it */

    fprintf(pen->out, "  %s", term);
    if (n + 2 > HELP_COLUMN) {
        fputc('\n', pen->out);
        n = 0;
    }
    sds_pen_spaces(pen, HELP_COLUMN - n);
    sds_pen_wrap(pen, SDS_INK_PLAIN, meaning, HELP_COLUMN, HELP_COLUMN);
    fputc('\n', pen->out);
}

/* `-l, --word ARG` */
static void print_option(const struct sds_pen *pen, const struct sds_option_row *row)
{
    char term[64], letter[] = "    ";

    if (row->letter)
        snprintf(letter, sizeof(letter), "-%c, ", row->letter);
    snprintf(term, sizeof(term), "%s--%s%s%s", letter, row->word, row->arg ? " " : "",
             row->arg ? row->arg : "");
    print_term(pen, term, row->help);
}

static void print_formats(const struct sds_cmd *cmd, const struct sds_pen *pen)
{
    const struct sds_format *format;

    for (size_t i = 0; (format = sds_format_at(i)); i++)
        if (sds_cmd_has_format(cmd, format))
            print_term(pen, format->name, format->help);
}

static void help_formats(const struct sds_cmd *cmd, const struct sds_pen *pen)
{
    if (!(cmd->bit & (SDS_CMD_REPORTS | SDS_CMD_FOLLOWS | SDS_CMD_ANSWERS)))
        return;
    fputs("\nFormats:\n", pen->out);
    print_formats(cmd, pen);
}

static struct sds_style help_style(const struct sds_cmd *cmd, FILE *out)
{
    const struct sds_opts opts = {.cmd = cmd};
    struct sds_style style = sds_output_style(&opts, out);

    style.width = style.width && style.width < HELP_WIDTH ? style.width : HELP_WIDTH;
    return style;
}

void sds_opts_formats(const struct sds_cmd *cmd, FILE *out)
{
    const struct sds_style style = help_style(cmd, out);

    print_formats(cmd, &(struct sds_pen){out, &style});
}

/* Whether a word is among others, between spaces. */
static bool is_among(const char *word, const char *words)
{
    size_t len = strlen(word);

    for (const char *at = words; (at = strstr(at, word)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

const char *sds_opts_stray(const struct sds_opts *opts, const char *known)
{
    for (size_t i = 0; i < sds_n_option_rows; i++)
        if (opts->given >> i & 1 && sds_option_rows[i].commands != SDS_CMD_ALL &&
            !is_among(sds_option_rows[i].word, known))
            return sds_option_rows[i].word;
    return NULL;
}

void sds_help_page(const struct sds_cmd *cmd, const char *usage, const char *about,
                   const char *known, FILE *out)
{
    const struct sds_style style = help_style(cmd, out);
    const struct sds_pen pen = {out, &style};

    fprintf(out, "Usage: sdscope %s\n\n", usage);
    sds_pen_paragraphs(&pen, about);
    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < sds_n_option_rows; i++)
        if (sds_option_rows[i].commands & cmd->bit &&
            (!known || sds_option_rows[i].commands == SDS_CMD_ALL ||
             is_among(sds_option_rows[i].word, known)))
            print_option(&pen, &sds_option_rows[i]);
    if (!known || is_among("format", known))
        help_formats(cmd, &pen);
}

void sds_opts_help(const struct sds_cmd *cmd, FILE *out)
{
    SDS_CLEANUP(sds_freep)
    char *usage =
        sds_text_format("%s [OPTION...]%s%s", cmd->name, *cmd->args ? " " : "", cmd->args);

    sds_help_page(cmd, usage ? usage : cmd->name, cmd->about, NULL, out);
}
