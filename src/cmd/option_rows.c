/* SPDX-License-Identifier: MIT */
#include "cmd/option_rows.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cmd/until.h"
#include "discovery/interfaces.h"
#include "discovery/source.h"

/* Days of waiting are a slip of the finger, and more would overflow. */
#define TIMEOUT_MAX_S 86400.0

#define SPEED_MIN 0.01
#define SPEED_MAX 10000.0

bool sds_refuse_value(const char *what, const char *value, const char *mend)
{
    sds_fail(0, "%s '%s': %s", what, value, mend);
    return false;
}

static bool set_help(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->wants_help = true;
}

bool sds_cmd_has_format(const struct sds_cmd *cmd, const struct sds_format *format)
{
    if (cmd->bit & SDS_CMD_ANSWERS)
        return strcmp(format->name, "text") == 0 || strcmp(format->name, "json") == 0;
    if (cmd->bit == SDS_CMD_BROWSE && format->needs_findings)
        return false;
    return cmd->bit & SDS_CMD_FOLLOWS ? format->event != NULL : format->report != NULL;
}

/* The formats of a command, between commas; NULL when out of memory. */
static char *list_formats(const struct sds_cmd *cmd)
{
    const struct sds_format *format;
    const char *comma = "";
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (size_t i = 0; (format = sds_format_at(i)); i++) {
        if (!sds_cmd_has_format(cmd, format))
            continue;
        fprintf(out, "%s%s", comma, format->name);
        comma = ", ";
    }
    if (fclose(out))
        free(SDS_TAKE(text));
    return text;
}

static bool set_format(struct sds_opts *opts, const char *value)
{
    const struct sds_format *format = sds_format_find(value);

    if (strcmp(value, "help") == 0)
        return opts->wants_formats = true;
    if (!format || !sds_cmd_has_format(opts->cmd, format)) {
        SDS_CLEANUP(sds_freep) char *formats = list_formats(opts->cmd);

        return sds_refuse_value(format ? "this command has no format" : "unknown format", value,
                                formats ? formats : "out of memory");
    }
    opts->format = format;
    return true;
}

static bool set_output(struct sds_opts *opts, const char *value)
{
    struct sds_output output = {SDS_TAKE(opts->format), value}; /* see settle_outputs() */

    return sds_arr_push(&opts->outputs, output);
}

static bool set_color(struct sds_opts *opts, const char *value)
{
    if (strcmp(value, "auto") == 0)
        opts->color = SDS_COLOR_AUTO;
    else if (strcmp(value, "always") == 0)
        opts->color = SDS_COLOR_ALWAYS;
    else if (strcmp(value, "never") == 0)
        opts->color = SDS_COLOR_NEVER;
    else
        return sds_refuse_value("unknown colour mode", value, "auto, always or never");
    return true;
}

static bool set_group(struct sds_opts *opts, const char *value)
{
    if (strcmp(value, "host") == 0)
        opts->group = SDS_GROUP_HOST;
    else if (strcmp(value, "type") == 0)
        opts->group = SDS_GROUP_TYPE;
    else
        return sds_refuse_value("unknown group", value, "host or type");
    return true;
}

static bool set_details(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->details = true;
}

static bool set_source(struct sds_opts *opts, const char *value)
{
    opts->source = value;
    return sds_source_is_word(value) ||
           sds_refuse_value("unknown source", value,
                            "auto, avahi, embedded or wire, or the path of a recording");
}

static bool set_pcap(struct sds_opts *opts, const char *value)
{
    opts->pcap = value;
    return true;
}

static bool set_interface(struct sds_opts *opts, const char *value)
{
    opts->interface = value; /* see settle_interface() */
    return true;
}

static bool set_no_mouse(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->no_mouse = true;
}

static bool set_ascii(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->ascii = true;
}

static bool set_speed(struct sds_opts *opts, const char *value)
{
    char *end;

    opts->speed = strtod(value, &end);
    return (end != value && !*end &&
            (opts->speed == 0 || (opts->speed >= SPEED_MIN && opts->speed <= SPEED_MAX))) ||
           sds_refuse_value("not a speed", value, "0 is at once, else 0.01 to 10000");
}

static bool set_until(struct sds_opts *opts, const char *value)
{
    struct sds_until until;

    return sds_until_parse(value, &until) == 0 && sds_arr_push(&opts->until, until);
}

static bool set_force(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->force = true;
}

static bool set_ipv4(struct sds_opts *opts, const char *value)
{
    (void)value;
    opts->family = opts->family == AF_INET6 ? AF_UNSPEC : AF_INET;
    return true;
}

static bool set_ipv6(struct sds_opts *opts, const char *value)
{
    (void)value;
    opts->family = opts->family == AF_INET ? AF_UNSPEC : AF_INET6;
    return true;
}

static bool set_domain(struct sds_opts *opts, const char *value)
{
    opts->domain = value; /* see settle_domain() */
    return true;
}

static bool set_timeout(struct sds_opts *opts, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);

    if (end == value || *end || !(seconds > 0) || seconds > TIMEOUT_MAX_S)
        return sds_refuse_value("not a number of seconds", value, "more than 0, at most 86400");
    opts->timeout_ms = lround(ceil(seconds * 1000)); /* 0 would be none */
    return true;
}

static bool set_allow_partial(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->allow_partial = true;
}

static bool set_deep(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->deep = true;
}

static bool set_domains(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->domains = true;
}

static bool set_registry(struct sds_opts *opts, const char *value)
{
    return sds_arr_push(&opts->registries, value);
}

static bool set_enable(struct sds_opts *opts, const char *value)
{
    const struct sds_rule *rule = sds_need_rule(value);

    return rule && sds_arr_push(&opts->enable, rule);
}

static bool set_disable(struct sds_opts *opts, const char *value)
{
    const struct sds_rule *rule = sds_need_rule(value);

    return rule && sds_arr_push(&opts->disable, rule);
}

static bool set_all_rules(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->all_rules = true;
}

static bool set_wire_rules(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->wire_rules = true;
}

static bool set_strictness(struct sds_opts *opts, const char *value)
{
    if (strcmp(value, "author") == 0)
        opts->strictness = SDS_STRICTNESS_AUTHOR;
    else if (strcmp(value, "lan") == 0)
        opts->strictness = SDS_STRICTNESS_LAN;
    else
        return sds_refuse_value("unknown strictness", value, "author or lan");
    return true;
}

static bool set_fail_on(struct sds_opts *opts, const char *value)
{
    int severity = strcmp(value, "never") == 0 ? SDS_SEV_OFF : sds_severity_from_name(value);

    if (severity < 0 || (severity == SDS_SEV_OFF && strcmp(value, "never") != 0))
        return sds_refuse_value("unknown level", value, "error, warning, info or never");
    opts->fail_on = (enum sds_severity)severity;
    return true;
}

static bool set_policy(struct sds_opts *opts, const char *value)
{
    opts->policy = value;
    return true;
}

static bool set_baseline(struct sds_opts *opts, const char *value)
{
    opts->baseline = value;
    return true;
}

static bool set_write_baseline(struct sds_opts *opts, const char *value)
{
    opts->write_baseline = value;
    return true;
}

static bool set_show_ignored(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->shows_ignored = true;
}

static bool set_from(struct sds_opts *opts, const char *value)
{
    return sds_arr_push(&opts->from, value);
}

static bool set_origin(struct sds_opts *opts, const char *value)
{
    struct sds_name name;

    sds_name_parse(value, &name);
    opts->origin = value;
    return (*value && !name.faults) ||
           sds_refuse_value("not an origin", value, "a domain such as example.org");
}

static bool set_live(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->live = true;
}

static bool set_exec(struct sds_opts *opts, const char *value)
{
    opts->exec = value;
    return opts->live = true;
}

static bool set_expect(struct sds_opts *opts, const char *value)
{
    opts->expect = value;
    return true;
}

static bool set_instance(struct sds_opts *opts, const char *value)
{
    opts->instance = value;
    return true;
}

static bool set_subtype(struct sds_opts *opts, const char *value)
{
    return sds_arr_push(&opts->subtypes, value);
}

static bool set_host(struct sds_opts *opts, const char *value)
{
    opts->host = value;
    return true;
}

static bool set_port(struct sds_opts *opts, const char *value)
{
    char *end;

    errno = 0;
    opts->port = strtol(value, &end, 10);
    if (errno || !sds_is_digit(*value) || *end || opts->port > 65535)
        return sds_refuse_value("not a port", value, "0 to 65535");
    return true;
}

static bool set_facts(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->facts = true;
}

static bool set_persons_of(struct sds_opts *opts, const char *value)
{
    opts->persons_of = value;
    return true;
}

static bool set_url(struct sds_opts *opts, const char *value)
{
    opts->url = value;
    return strncasecmp(value, "https://", strlen("https://")) == 0 ||
           sds_refuse_value("not an address to fetch from", value, "it begins with https://");
}

static bool set_ca_file(struct sds_opts *opts, const char *value)
{
    opts->ca_file = value;
    return access(value, R_OK) == 0 || sds_refuse_value("cannot read", value, strerror(errno));
}

static bool set_dnssd(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->dnssd = true;
}

static bool set_with_txt(struct sds_opts *opts, const char *value)
{
    (void)value;
    return opts->with_txt = true;
}

static bool set_transport(struct sds_opts *opts, const char *value)
{
    static const char *const words[] = {"tcp", "udp", "sctp", "dccp"};

    for (size_t i = 0; i < SDS_COUNT(words); i++)
        if (strcasecmp(value, words[i]) == 0) {
            opts->transport = words[i];
            return true;
        }
    return sds_refuse_value("unknown transport", value, "tcp, udp, sctp or dccp");
}

static bool set_status(struct sds_opts *opts, const char *value)
{
    opts->status = sds_record_status_from_name(value);
    return opts->status >= 0 ||
           sds_refuse_value("unknown status", value,
                            "active, retired, reserved, alias or not-a-service");
}

static bool set_description(struct sds_opts *opts, const char *value)
{
    opts->description = value;
    return true;
}

static bool set_assignee(struct sds_opts *opts, const char *value)
{
    opts->assignee = value;
    return true;
}

static bool set_contact(struct sds_opts *opts, const char *value)
{
    opts->contact = value;
    return true;
}

static bool set_reference(struct sds_opts *opts, const char *value)
{
    opts->reference = value;
    return true;
}

const struct sds_option_row sds_option_rows[] = {
    {'f', "format", "FORMAT", SDS_CMD_REPORTS | SDS_CMD_FOLLOWS | SDS_CMD_ANSWERS,
     "how to report; see below; help lists the formats", set_format},
    {'o', "output", "FILE", SDS_CMD_REPORTS,
     "write the report there instead, in the --format before it (the only one may come after the "
     "only file); - is standard output; repeatable",
     set_output},
    {'g', "group", "BY", SDS_CMD_REPORTS, "text: put together by host (default) or by type",
     set_group},
    {'l', "long", NULL, SDS_CMD_REPORTS, "text: show every record, TXT keys and hints",
     set_details},
    {0, "source", "SOURCE", SDS_CMD_ASKS | SDS_CMD_CHECK,
     "who asks: avahi (the daemon), embedded (Avahi without a daemon), wire (sdscope itself), auto "
     "(default: either Avahi asks, and the wire listens); or the path of a recording",
     set_source},
    {0, "pcap", "FILE", SDS_CMD_ASKS,
     "look into this capture (pcap, pcapng) of a LAN instead; - is standard input", set_pcap},
    {0, "speed", "N", SDS_CMD_FOLLOWS,
     "replay a recording or capture N times as fast as it was (default of watch: 1, of demo: 30); "
     "0: at once",
     set_speed},
    {0, "no-mouse", NULL, SDS_CMD_FOLLOWS, "of the screen: leave the mouse to the terminal",
     set_no_mouse},
    {0, "ascii", NULL, SDS_CMD_FOLLOWS, "of the screen: draw lines and signs in ASCII", set_ascii},
    {0, "until", "CONDITION", SDS_CMD_FOLLOWS,
     "end with 0 when it is so: TYPE or instance=NAME is there, gone:TYPE or gone:instance=NAME is "
     "not, finding:RULE was found; with 1 when the time is up; repeatable: any of them",
     set_until},
    {0, "force", NULL, SDS_CMD_RECORD, "replace a recording that is there already", set_force},
    {'i', "interface", "NAME", SDS_CMD_LIVE | SDS_CMD_CHECK, "look on this interface only",
     set_interface},
    {'4', "ipv4", NULL, SDS_CMD_LIVE | SDS_CMD_CHECK, "ask over IPv4 only", set_ipv4},
    {'6', "ipv6", NULL, SDS_CMD_LIVE | SDS_CMD_CHECK, "ask over IPv6 only", set_ipv6},
    {'d', "domain", "DOMAIN", SDS_CMD_LIVE, "browse this domain (default: local)", set_domain},
    {0, "domains", NULL, SDS_CMD_BROWSE,
     "list the domains that the network recommends to browse or to register services in, for -d, "
     "instead of services",
     set_domains},
    {0, "deep", NULL, SDS_CMD_BROWSE | SDS_CMD_AUDIT,
     "ask for every type that the registry and the profiles know too, and for the subtypes of the "
     "profiles",
     set_deep},
    {0, "subtype", "SUBTYPE", SDS_CMD_LIVE,
     "only instances of TYPE that have this subtype: _printer; repeatable", set_subtype},
    {'t', "timeout", "SECONDS", SDS_CMD_LIVE | SDS_CMD_CHECK,
     "stop after so long, complete or not (audit: 30; check: 15)", set_timeout},
    {0, "allow-partial", NULL, SDS_CMD_BROWSE | SDS_CMD_AUDIT,
     "do not exit with 4 when discovery was incomplete", set_allow_partial},
    {0, "from", "FILE", SDS_CMD_CHECK,
     "check the services of a file or folder; - is standard input; repeatable", set_from},
    {0, "origin", "NAME", SDS_CMD_CHECK, "domain of a zone file that has no $ORIGIN", set_origin},
    {0, "live", NULL, SDS_CMD_CHECK, "wait for an instance of TYPE on the LAN, and check it",
     set_live},
    {0, "exec", "COMMAND", SDS_CMD_CHECK,
     "the same while this command runs: start it, wait until it advertises TYPE, stop it",
     set_exec},
    {0, "expect", "FILE", SDS_CMD_CHECK,
     "compare TXT keys and values with those of the service in this file", set_expect},
    {0, "instance", "NAME", SDS_CMD_CHECK,
     "instance name of the service in the arguments, or of the one to wait for", set_instance},
    {0, "subtype", "SUBTYPE", SDS_CMD_CHECK,
     "subtype of the service in the arguments, _print or in full, or to wait for; repeatable",
     set_subtype},
    {'d', "domain", "DOMAIN", SDS_CMD_CHECK,
     "domain of the service in the arguments, or to browse (default with --live: local)",
     set_domain},
    {0, "host", "NAME", SDS_CMD_CHECK,
     "SRV target of the service in the arguments, or of the one to wait for", set_host},
    {0, "port", "PORT", SDS_CMD_CHECK, "port of the service in the arguments", set_port},
    {0, "registry", "REGISTRY", SDS_CMD_JUDGES | SDS_CMD_REGISTRY,
     "builtin, updated (default: the newer), system, none, or a file; repeatable", set_registry},
    {0, "facts", NULL, SDS_CMD_REGISTRY, "export: leave out notes, persons and long descriptions",
     set_facts},
    {0, "persons-of", "FILE", SDS_CMD_REGISTRY,
     "export --facts: keep assignee and contact of the records that this registry has too",
     set_persons_of},
    {0, "dnssd", NULL, SDS_CMD_REGISTRY, "list: names that are there for DNS-SD", set_dnssd},
    {0, "transport", "PROTO", SDS_CMD_REGISTRY, "tcp, udp, sctp or dccp", set_transport},
    {0, "status", "STATUS", SDS_CMD_REGISTRY,
     "list: active, retired, reserved, alias or not-a-service", set_status},
    {0, "port", "PORT", SDS_CMD_REGISTRY, "a port number", set_port},
    {0, "with-txt", NULL, SDS_CMD_REGISTRY, "list: records that say something of TXT keys",
     set_with_txt},
    {0, "url", "URL", SDS_CMD_REGISTRY, "update: where to fetch from (default: IANA's XML)",
     set_url},
    {0, "cacert", "FILE", SDS_CMD_REGISTRY, "update: trust the authorities in FILE, no others",
     set_ca_file},
    {'t', "timeout", "SECONDS", SDS_CMD_REGISTRY, "update: give up after so long (default: 600)",
     set_timeout},
    {0, "from", "FILE", SDS_CMD_REGISTRY, "draft: take what a service in JSON tells", set_from},
    {0, "description", "TEXT", SDS_CMD_REGISTRY, "draft: what the service is, in a few words",
     set_description},
    {0, "assignee", "TEXT", SDS_CMD_REGISTRY, "draft: who shall hold the name, with an address",
     set_assignee},
    {0, "contact", "TEXT", SDS_CMD_REGISTRY, "draft: who answers for it, with an address",
     set_contact},
    {0, "reference", "TEXT", SDS_CMD_REGISTRY, "draft: where the protocol is described",
     set_reference},
    {0, "strictness", "WHOSE", SDS_CMD_JUDGES,
     "severities for an author (default of check) or a lan (of audit and watch)", set_strictness},
    {0, "enable", "RULE", SDS_CMD_JUDGES, "run a rule that is off by default; repeatable",
     set_enable},
    {0, "disable", "RULE", SDS_CMD_JUDGES, "leave a rule out; repeatable", set_disable},
    {0, "wire-rules", NULL, SDS_CMD_AUDIT | SDS_CMD_WATCH,
     "run the rules about packets too, SD801 to SD832: listens to the wire (--source auto or "
     "wire), "
     "or looks into --pcap",
     set_wire_rules},
    {0, "all-rules", NULL, SDS_CMD_JUDGES, "run every rule", set_all_rules},
    {0, "policy", "FILE", SDS_CMD_JUDGES,
     "the site's policy, or none (default: ./.sdscope.json, else sdscope/policy.json in the user's "
     "configuration)",
     set_policy},
    {0, "show-ignored", NULL, SDS_CMD_JUDGES, "show the findings that the policy ignores",
     set_show_ignored},
    {0, "baseline", "FILE", SDS_CMD_AUDIT | SDS_CMD_CHECK,
     "report only what is new since this baseline, and what is gone", set_baseline},
    {0, "write-baseline", "FILE", SDS_CMD_AUDIT | SDS_CMD_CHECK,
     "write the findings as a baseline for later", set_write_baseline},
    {0, "fail-on", "LEVEL", SDS_CMD_AUDIT | SDS_CMD_CHECK,
     "exit with 1 from this severity on: error, warning (default), info, never", set_fail_on},
    {0, "color", "WHEN", SDS_CMD_ALL, "auto (default), always or never; NO_COLOR is honoured",
     set_color},
    {'h', "help", NULL, SDS_CMD_ALL, "show this help", set_help},
};

const size_t sds_n_option_rows = SDS_COUNT(sds_option_rows);

static_assert(SDS_COUNT(sds_option_rows) <= SDS_OPTION_ROWS_MAX,
              "sds_opts.given has a bit for each");
