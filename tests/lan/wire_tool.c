/* SPDX-License-Identifier: MIT */

/* wire_tool INTERFACE 4|6 - all of src/wire on a link, led by lines of stdin:
 *
 *   ask NAME   ask for PTR of a name, and go on asking
 *   browse     ask for the types, and for PTR of each
 *   hold, go   leave what arrives unread, and read it
 *   tell       say what was heard so far, as a line of JSON
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <net/if.h>
#include <sys/socket.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/mem.h"
#include "wire/querier.h"
#include "wire/socket.h"
#include "wire/store.h"

#define META "_services._dns-sd._udp.local"

struct tool {
    struct sds_wire_socket *socket;
    struct sds_wire_inbox *inbox;
    struct sds_store *store;
    struct sds_wire_querier *querier;
    bool is_holding, is_browsing;
    int64_t begun_ms, last_ms; /* of the browsing, and of what was added last */

    unsigned datagrams, queries, faults;
    unsigned other_ports, other_ttls, other_links; /* not 5353, not 255, not ours */
    int ifindex;
};

static void fail(const char *what, int error)
{
    fprintf(stderr, "wire_tool: %s: %s\n", what, strerror(-error));
    exit(1);
}

static void take_items(struct tool *tool, const struct sds_wire_datagram *datagram)
{
    struct sds_store_arrival arrival = {datagram->ifindex, datagram->sender,
                                        sds_system_clock.mono_ms(), false};
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;
    int r;

    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len))
        return;
    if (!(reader.header.flags & SDS_WIRE_RESPONSE)) {
        tool->queries++;
        sds_wire_querier_hear(tool->querier, datagram->bytes.p, datagram->bytes.len,
                              arrival.now_ms);
        return;
    }
    while ((step = sds_wire_next(&reader, &item))) {
        tool->faults += item.flaw.fault != SDS_WIRE_FAULT_NONE;
        r = step == SDS_WIRE_ITEM ? sds_store_put(tool->store, &arrival, &item) : 0;
        if (r < 0)
            fail("store", r);
    }
}

static void take_datagram(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct tool *tool = userdata;

    tool->datagrams++;
    tool->other_ports += datagram->port != SDS_WIRE_PORT;
    tool->other_ttls += datagram->ttl != 255;
    tool->other_links += datagram->ifindex != tool->ifindex;
    take_items(tool, datagram);
}

static int send_packet(void *userdata, const uint8_t *packet, size_t len)
{
    struct tool *tool = userdata;

    return sds_wire_socket_send(tool->socket, packet, len);
}

static struct sds_wire_name name_of(const char *text)
{
    struct sds_wire_name name;
    struct sds_name labels;

    sds_name_parse(text, &labels);
    if (!sds_wire_name_from(&labels, &name))
        fail(text, -EINVAL);
    return name;
}

static void ask(struct tool *tool, const struct sds_wire_name *name)
{
    struct sds_wire_ask *asked;
    int r = sds_wire_querier_ask(tool->querier, name, SDS_RR_PTR, SDS_WIRE_ROUNDS_ALL,
                                 sds_system_clock.mono_ms(), &asked);

    if (r < 0 && r != -EEXIST)
        fail("ask", r);
}

/* While it browses, ask for each type that is told of. */
static void note_change(void *userdata, const struct sds_store_change *change)
{
    struct tool *tool = userdata;
    const struct sds_store_record *record = change->record;
    struct sds_wire_name meta = name_of(META), type = {.len = record->rdata.len};

    if (change->event != SDS_STORE_ADDED)
        return;
    tool->last_ms = record->received_ms;
    if (!tool->is_browsing || record->fault || record->set->type != SDS_RR_PTR ||
        !sds_fold_equal(record->set->name.p, record->set->name.len, meta.bytes, meta.len))
        return;
    memcpy(type.bytes, record->rdata.p, record->rdata.len);
    ask(tool, &type);
}

static size_t count(const struct tool *tool, uint16_t type)
{
    const struct sds_store_set *set = NULL;
    size_t n = 0;

    while ((set = sds_store_next_set(tool->store, set)))
        if (set->type == type)
            n += set->n_records;
    return n;
}

static void tell(const struct tool *tool)
{
    struct sds_wire_querier_counts asked = sds_wire_querier_counts(tool->querier);

    printf("{\"packets\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"questions\": %" PRIu64
           ", \"spared\": %" PRIu64 ", \"took_ms\": %" PRId64 ", ",
           asked.packets, asked.bytes, asked.questions, asked.spared,
           tool->is_browsing ? tool->last_ms - tool->begun_ms : 0);
    printf("\"buffer\": %d, \"drops\": %" PRIu64 ", \"datagrams\": %u, \"queries\": %u, "
           "\"faults\": %u, \"other_ports\": %u, \"other_ttls\": %u, \"other_links\": %u, "
           "\"ptr\": %zu, \"srv\": %zu, \"txt\": %zu, \"a\": %zu, \"aaaa\": %zu}\n",
           sds_wire_socket_buffer(tool->socket), sds_wire_socket_drops(tool->socket),
           tool->datagrams, tool->queries, tool->faults, tool->other_ports, tool->other_ttls,
           tool->other_links, count(tool, SDS_RR_PTR), count(tool, SDS_RR_SRV),
           count(tool, SDS_RR_TXT), count(tool, SDS_RR_A), count(tool, SDS_RR_AAAA));
    fflush(stdout);
}

static void obey(struct tool *tool, char *line)
{
    struct sds_wire_name name;

    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "ask ", 4) == 0 || strcmp(line, "browse") == 0) {
        tool->is_browsing = *line == 'b';
        tool->begun_ms = sds_system_clock.mono_ms();
        name = name_of(tool->is_browsing ? META : line + 4);
        ask(tool, &name);
    } else if (strcmp(line, "tell") == 0)
        tell(tool);
    else if (strcmp(line, "hold") == 0 || strcmp(line, "go") == 0)
        tool->is_holding = *line == 'h';
    else
        fail(line, -EINVAL);
}

/* Milliseconds until something is to be done; -1: only what arrives. */
static int due_in(const struct tool *tool)
{
    int64_t due = sds_wire_querier_due_ms(tool->querier), now = sds_system_clock.mono_ms();

    if (sds_store_due_ms(tool->store) < due)
        due = sds_store_due_ms(tool->store);
    if (due <= now)
        return 0;
    return due - now < INT_MAX ? (int)(due - now) : -1;
}

static void run_due(struct tool *tool)
{
    int64_t now = sds_system_clock.mono_ms();
    int r;

    sds_store_run(tool->store, now);
    r = sds_wire_querier_run(tool->querier, now);
    if (r < 0)
        fail("send", r);
}

static void run(struct tool *tool)
{
    char line[1100];

    setvbuf(stdin, NULL, _IONBF, 0); /* poll() must see what is not read yet */
    for (;;) {
        struct pollfd fds[] = {{0, POLLIN, 0}, {sds_wire_socket_fd(tool->socket), POLLIN, 0}};
        int r;

        if (poll(fds, tool->is_holding ? 1 : 2, due_in(tool)) < 0)
            fail("poll", -errno);
        r = fds[1].revents ? sds_wire_socket_receive(tool->socket, tool->inbox, take_datagram, tool)
                           : 0;
        if (r < 0)
            fail("receive", r);
        run_due(tool);
        if (!fds[0].revents)
            continue;
        if (!fgets(line, sizeof(line), stdin))
            return;
        obey(tool, line);
    }
}

int main(int argc, char **argv)
{
    struct tool tool = {0};
    struct sds_store_config config = {.max_records = SDS_STORE_RECORDS_MAX,
                                      .max_bytes = SDS_STORE_BYTES_MAX,
                                      .changed = note_change,
                                      .userdata = &tool};
    struct sds_wire_querier_config asking = {.packet_size = SDS_WIRE_PACKET_SIZE,
                                             .max_asks = 10000,
                                             .send = send_packet,
                                             .userdata = &tool};
    int r;

    if (argc != 3)
        fail("usage", -EINVAL);
    tool.ifindex = (int)if_nametoindex(argv[1]);
    tool.inbox = sds_wire_inbox_new();
    tool.store = sds_store_new(&config);
    asking.ifindex = tool.ifindex;
    asking.store = tool.store;
    tool.querier = tool.store ? sds_wire_querier_new(&asking) : NULL;
    if (!tool.inbox || !tool.querier)
        fail("memory", -ENOMEM);
    r = sds_wire_socket_open(tool.ifindex, *argv[2] == '4' ? AF_INET : AF_INET6, &tool.socket);
    if (r < 0)
        fail(argv[1], r);
    tell(&tool);
    run(&tool);
    sds_wire_querier_free(tool.querier);
    sds_wire_socket_free(tool.socket);
    sds_wire_inbox_free(tool.inbox);
    sds_store_free(tool.store);
    return 0;
}
