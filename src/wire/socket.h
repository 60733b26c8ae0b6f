/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_SOCKET_H
#define SDS_WIRE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/name.h"
#include "sdscope/service.h"

#define SDS_WIRE_PORT 5353

/* The mDNS group (RFC 6762 3) on one interface over one protocol. Bound to the group's own address,
 * it hears what is sent to all and takes no unicast answer from the mDNS daemon of this host,
 * beside which it needs no privilege. */
struct sds_wire_socket;

/**
 * Join the group, 224.0.0.251 or ff02::fb, on an interface.
 *
 * @family  AF_INET or AF_INET6
 * Returns 0, -ENODEV where there is no such interface, or another negative errno.
 */
int sds_wire_socket_open(int ifindex, int family, struct sds_wire_socket **ret);

/* The same for one-shot queries (RFC 6762 5.1): it sends to the group from a port of its own, and
 * hears what is sent to that port alone. */
int sds_wire_socket_open_one_shot(int ifindex, int family, struct sds_wire_socket **ret);

/**
 * A plain descriptor bound to the group, with the same options, for one who joins it where he wants
 * by himself. It sends and hears on every interface.
 *
 * Returns the descriptor, which is the caller's, or a negative errno.
 */
int sds_wire_group_open(int family);

/* Returns NULL; @socket may be NULL. */
struct sds_wire_socket *sds_wire_socket_free(struct sds_wire_socket *socket);

/* To be watched for reading. */
int sds_wire_socket_fd(const struct sds_wire_socket *socket);

/* Bytes that the kernel keeps of what is not read yet, its own overhead included. */
int sds_wire_socket_buffer(const struct sds_wire_socket *socket);

/* Datagrams that were lost since it was opened because the buffer was full. */
uint64_t sds_wire_socket_drops(const struct sds_wire_socket *socket);

/* Have the kernel note when each datagram comes, however late it is read. */
void sds_wire_socket_stamp(struct sds_wire_socket *socket);

/**
 * Send a message to the group, from port 5353 or the socket's own, with an IP TTL of 255 (RFC 6762
 * 11). What is sent is heard by this host too.
 *
 * Returns 0, -EAGAIN when it has to wait, or another negative errno.
 */
int sds_wire_socket_send(struct sds_wire_socket *socket, const void *message, size_t len);

/* Whom a datagram was sent to. */
enum sds_wire_way {
    SDS_WIRE_TO_GROUP,
    SDS_WIRE_TO_ONE,    /* from and to port 5353 */
    SDS_WIRE_TO_LEGACY, /* to the port of a one-shot query (RFC 6762 6.7) */
};

struct sds_wire_datagram {
    struct sds_span bytes;
    bool is_cut; /* it was longer than any mDNS message may be */
    int ifindex;
    struct sds_address sender;
    uint16_t port;
    int ttl;               /* of IP, or the hop limit; -1: not known */
    int64_t stamp_ms;      /* when it came, since 1970; 0: not known */
    enum sds_wire_way way; /* of a capture; a socket hears what comes in one way alone */
};

/* Takes a datagram, borrowed for the call; must not free the socket. */
typedef void sds_wire_datagram_fn(void *userdata, const struct sds_wire_datagram *datagram);

/* Room to receive into, which the sockets of a program can share. */
struct sds_wire_inbox;

/* NULL when out of memory. */
struct sds_wire_inbox *sds_wire_inbox_new(void);
struct sds_wire_inbox *sds_wire_inbox_free(struct sds_wire_inbox *inbox);

/* Datagrams of one call of sds_wire_socket_receive(), so that others get their turn. */
#define SDS_WIRE_RECEIVE_MAX 256

/* Receive what is there. Returns the number of datagrams, at most SDS_WIRE_RECEIVE_MAX; or a
 * negative errno, such as -ENETDOWN. */
int sds_wire_socket_receive(struct sds_wire_socket *socket, struct sds_wire_inbox *inbox,
                            sds_wire_datagram_fn *fn, void *userdata);

#endif
