/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/registry.h"
#include "config.h"

/* Names are UTF-8 whatever the locale says; columns and case are counted so. */
static void use_utf8(void)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* `-t 0.5` means the same to everybody */
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* A closed descriptor would be taken by the next file that is opened, and then written to. */
static void hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
            _exit(SDS_EXIT_USAGE);
}

static const char *command_name_at(size_t i, const void *closure)
{
    const struct sds_cmd *cmd = sds_cmd_at(i);

    (void)closure;
    return cmd ? cmd->name : NULL;
}

static const struct sds_cmd *find_command(const char *name)
{
    const struct sds_cmd *cmd;

    for (size_t i = 0; (cmd = sds_cmd_at(i)); i++)
        if (strcmp(cmd->name, name) == 0)
            return cmd;
    return NULL;
}

static enum sds_exit say_unknown_command(const char *name)
{
    const char *near = sds_nearest(name, command_name_at, NULL);

    if (near)
        return sds_fail(SDS_EXIT_USAGE, "unknown command '%s': did you mean '%s'?", name, near);
    return sds_fail(SDS_EXIT_USAGE, "unknown command '%s': 'sdscope --help' lists them", name);
}

static void help(const struct sds_cmd *cmd, const char *action)
{
    if (cmd->bit == SDS_CMD_REGISTRY)
        sds_registry_help(action, stdout);
    else
        sds_opts_help(cmd, stdout);
}

static int run_command(const struct sds_cmd *cmd, int argc, char **argv)
{
    struct sds_opts opts;
    int status = SDS_EXIT_USAGE;

    if (sds_opts_parse(argc, argv, cmd, &opts) == 0) {
        if (opts.wants_help) {
            help(cmd, opts.n_args > 0 ? opts.args[0] : NULL);
            status = SDS_EXIT_OK;
        } else if (opts.wants_formats) {
            sds_opts_formats(cmd, stdout);
            status = SDS_EXIT_OK;
        } else {
            status = cmd->run(&opts);
        }
    }
    sds_opts_done(&opts);
    return status;
}

/* A reader that went away has had enough; a full disk is an error. */
static int finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno == EPIPE)
        return status;
    return sds_fail(SDS_EXIT_USAGE, "cannot write to standard output: %s", strerror(errno));
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    const struct sds_cmd *cmd = find_command(word);

    hold_standard_descriptors();
    use_utf8();
    signal(SIGPIPE, SIG_IGN);

    if (cmd)
        return finish_output(run_command(cmd, argc - 1, argv + 1));
    if (strcmp(word, "help") == 0 && argc > 2) {
        cmd = find_command(argv[2]);
        if (!cmd)
            return say_unknown_command(argv[2]);
        help(cmd, argc > 3 ? argv[3] : NULL);
        return finish_output(SDS_EXIT_OK);
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        sds_program_help(stdout);
        return finish_output(SDS_EXIT_OK);
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("sdscope " SDS_VERSION);
        return finish_output(SDS_EXIT_OK);
    }
    if (*word)
        return say_unknown_command(word);
    sds_program_help(stderr);
    return SDS_EXIT_USAGE;
}
