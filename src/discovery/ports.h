/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_PORTS_H
#define SDS_DISCOVERY_PORTS_H

#include "discovery/loop.h"
#include "wire/on_link.h"
#include "wire/socket.h"

/* The sockets of the mDNS groups, one for each protocol of each interface, as these come and go. */
struct sds_ports;

struct sds_ports_config {
    struct sds_loop *loop;
    const char *interface; /* only this one; NULL: all that can multicast */
    int family;            /* AF_INET, AF_INET6 or AF_UNSPEC */
    bool is_stamped;       /* have datagrams say when they came */
    bool has_one_shots;    /* sds_ports_send_one_shot() is used */
    bool has_no_groups;    /* and nothing else: messages to the groups are not heard */
    /* Called from within sds_ports_new() too. */
    void (*interface_changed)(void *userdata, int ifindex, bool is_there);
    sds_wire_datagram_fn *message; /* sent to a group */
    sds_wire_datagram_fn *reply;   /* sent to the port of one-shot queries */
    void (*rest)(void *userdata);  /* those messages of a socket that were there have been told */
    void *userdata;
};

/**
 * Open sockets on the interfaces that are there.
 *
 * Returns 0 where some interface is heard, -ENETDOWN where there is none, -ENOMEM or another
 * negative errno.
 */
int sds_ports_new(const struct sds_ports_config *config, struct sds_ports **ret);

/* Returns NULL; @ports may be NULL. */
struct sds_ports *sds_ports_free(struct sds_ports *ports);

/* See the functions of listener.h. */
int sds_ports_send(struct sds_ports *ports, int ifindex, const void *message, size_t len);
int sds_ports_send_one_shot(struct sds_ports *ports, int ifindex, bool everywhere,
                            const void *message, size_t len);
int sds_ports_interface(const struct sds_ports *ports, size_t *at);
const struct sds_wire_link *sds_ports_link(const struct sds_ports *ports, int ifindex);

struct sds_ports_counts {
    uint64_t sent, sent_bytes; /* messages */
    uint64_t dropped;          /* datagrams that came faster than they were read */
};

struct sds_ports_counts sds_ports_counts(const struct sds_ports *ports);

#endif
