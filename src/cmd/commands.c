/* SPDX-License-Identifier: MIT */
#include "cmd/cmd.h"

/* The commands, and what help says of them. */
static const struct sds_cmd commands[] = {
    {"audit", SDS_CMD_AUDIT, "[TYPE...]", "discover, check and report",
     "Discovers what the LAN advertises, or only services of the TYPEs, checks each against the "
     "RFCs and the registry, and reports. Ends by itself when nothing more is to be expected.",
     0, -1, sds_cmd_audit},
    {"browse", SDS_CMD_BROWSE, "[TYPE...]", "list what is advertised",
     "Discovers what the LAN advertises, or only services of the TYPEs such as _ipp._tcp, and "
     "lists it without judging.",
     0, -1, sds_cmd_browse},
    {"check", SDS_CMD_CHECK, "[TYPE [KEY[=VALUE]...]]", "check an advertisement before it ships",
     "Checks one service given as arguments, a type and its TXT strings in order, or those of "
     "files; or, with --live or --exec, one that is advertised on the LAN. Else nothing is sent to "
     "the network. Strings that begin with - come after --.",
     0, -1, sds_cmd_check},
    {"demo", SDS_CMD_DEMO, "[TYPE...]", "watch a home office that was recorded",
     "Replays ten minutes of a busy home office, 30 times as fast as they were, as if sdscope "
     "watch looked on; no network is needed. ? lists the keys of the screen.",
     0, -1, sds_cmd_watch},
    {"explain", SDS_CMD_EXPLAIN, "RULE...", "tell what a rule checks, why, and how to mend it",
     "Explains rules, each given by its id such as SD325 or its name. sdscope-rules(7) has them "
     "all.",
     1, -1, sds_cmd_explain},
    {"record", SDS_CMD_RECORD, "FILE [TYPE...]", "write down what comes, changes and goes",
     "Writes a recording to FILE until it is interrupted or the time is up; - is standard output. "
     "With --source FILE, other commands look at it as if it were the network.",
     1, -1, sds_cmd_record},
    {"registry", SDS_CMD_REGISTRY, "ACTION [ARGUMENT...]", "look into the registry, or update it",
     "", 1, -1, sds_cmd_registry}, /* its actions have their own help */
    {"rules", SDS_CMD_RULES, "", "list the rules", "Lists the rules and their severities.", 0, 0,
     sds_cmd_rules},
    {"watch", SDS_CMD_WATCH, "[TYPE...]", "follow what comes, changes and goes",
     "On a terminal, shows all services, what changes and what is wrong on a screen, of which ? "
     "lists the keys and sdscope-watch(1) tells the rest. Elsewhere, or with --format or --until, "
     "tells a line an event: NDJSON on a pipe, else text.",
     0, -1, sds_cmd_watch},
};

const struct sds_cmd *sds_cmd_at(size_t i)
{
    return i < SDS_COUNT(commands) ? &commands[i] : NULL;
}

void sds_program_help(FILE *out)
{
    const struct sds_cmd *cmd;

    fputs("Usage: sdscope COMMAND [OPTION...] [ARGUMENT...]\n\n"
          "Discovers what a LAN advertises over mDNS/DNS-SD, and checks it against the RFCs and\n"
          "the IANA registry of service names.\n\nCommands:\n",
          out);
    for (size_t i = 0; (cmd = sds_cmd_at(i)); i++)
        fprintf(out, "  %-10s%s\n", cmd->name, cmd->help);
    fputs("\n'sdscope COMMAND --help' tells the options of a command; 'sdscope --version' which\n"
          "sdscope this is. Begin with 'sdscope audit'.\n\n"
          "Exit status: 0 nothing to report, 1 findings, 2 wrong usage or unreadable input,\n"
          "3 no source could be used, 4 discovery was incomplete.\n",
          out);
}
