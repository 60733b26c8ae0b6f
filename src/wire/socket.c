/* SPDX-License-Identifier: MIT */
#include "wire/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/mem.h"

#define GROUP_IPV4  "224.0.0.251"
#define GROUP_IPV6  "ff02::fb"
#define BUFFER_SIZE (8 << 20) /* wanted: 5,000 services answer with about 1 MB at once */
#define HOPS        255       /* RFC 6762 11 */
#define LOOPBACK    1         /* its index on every Linux */

#define DATAGRAM_SIZE 9216 /* RFC 6762 17: 9,000 bytes with the headers of IP and UDP */
#define BATCH         32
#define CONTROL_SIZE                                                                               \
    (CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo)) +              \
     2 * CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct timespec)))

union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

struct sds_wire_socket {
    int fd, ifindex;
    bool is_one_shot; /* has a port of its own, and is in no group */
    union address group;
    socklen_t group_len;
};

struct sds_wire_inbox {
    struct mmsghdr headers[BATCH];
    struct iovec pieces[BATCH];
    union address senders[BATCH];
    _Alignas(struct cmsghdr) uint8_t controls[BATCH][CONTROL_SIZE];
    uint8_t bytes[BATCH][DATAGRAM_SIZE];
};

/* ---- opening ------------------------------------------------------------------------------- */

static int set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

static void set_group(struct sds_wire_socket *s, int family)
{
    if (family == AF_INET) {
        s->group.ipv4.sin_family = AF_INET;
        s->group.ipv4.sin_port = htons(SDS_WIRE_PORT);
        inet_pton(AF_INET, GROUP_IPV4, &s->group.ipv4.sin_addr);
        s->group_len = sizeof(s->group.ipv4);
    } else {
        s->group.ipv6.sin6_family = AF_INET6;
        s->group.ipv6.sin6_port = htons(SDS_WIRE_PORT);
        s->group.ipv6.sin6_scope_id = (uint32_t)s->ifindex;
        inet_pton(AF_INET6, GROUP_IPV6, &s->group.ipv6.sin6_addr);
        s->group_len = sizeof(s->group.ipv6);
    }
}

/* What an option must be for the socket to serve; some kernels lack the optional ones. */
struct option {
    int level, name, value;
    bool is_optional;
};

static int set_options(int fd, const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int r = set_option(fd, options[i].level, options[i].name, options[i].value);

        if (r < 0 && !options[i].is_optional)
            return r;
    }
    return 0;
}

static int set_ipv4_options(int fd)
{
    static const struct option options[] = {
        {IPPROTO_IP, IP_PKTINFO, 1, false},
        {IPPROTO_IP, IP_RECVTTL, 1, false},
        {IPPROTO_IP, IP_TTL, HOPS, false},
        {IPPROTO_IP, IP_MULTICAST_TTL, HOPS, false},
        {IPPROTO_IP, IP_MULTICAST_LOOP, 1, false},
        /* Not what others of this host have joined, on other interfaces. */
        {IPPROTO_IP, IP_MULTICAST_ALL, 0, true},
    };

    return set_options(fd, options, SDS_COUNT(options));
}

static int join_ipv4(const struct sds_wire_socket *s)
{
    struct ip_mreqn join = {.imr_multiaddr = s->group.ipv4.sin_addr, .imr_ifindex = s->ifindex};

    if (setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_IF, &join, sizeof(join)) < 0 ||
        (!s->is_one_shot &&
         setsockopt(s->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof(join)) < 0))
        return -errno;
    return 0;
}

static int set_ipv6_options(int fd)
{
    static const struct option options[] = {
        {IPPROTO_IPV6, IPV6_V6ONLY, 1, false},
        {IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, false},
        {IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, false},
        {IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOPS, false},
        {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, HOPS, false},
        {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1, false},
        {IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, true},
    };

    return set_options(fd, options, SDS_COUNT(options));
}

static int join_ipv6(const struct sds_wire_socket *s)
{
    struct ipv6_mreq join = {s->group.ipv6.sin6_addr, (unsigned)s->ifindex};

    if (!s->is_one_shot &&
        setsockopt(s->fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &join, sizeof(join)) < 0)
        return -errno;
    return set_option(s->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, s->ifindex);
}

/* To the group, or to a port of our own alone. */
static int bind_socket(const struct sds_wire_socket *s)
{
    union address any = {.any.sa_family = s->group.any.sa_family};

    return bind(s->fd, s->is_one_shot ? &any.any : &s->group.any, s->group_len) < 0 ? -errno : 0;
}

/* Open it and bind it to the group, joined on no interface yet. */
static int open_bound(struct sds_wire_socket *s)
{
    int family = s->group.any.sa_family, r;

    s->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0)
        return -errno;
    /* Not SO_REUSEPORT: of such sockets Linux hands a multicast that only one has joined on its
     * interface to any of them, by a hash, and the wrong one drops it (seen on 6.18). */
    r = s->is_one_shot ? 0 : set_option(s->fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (r < 0)
        return r;
    /* Past net.core.rmem_max where we may, else as much of it as there is. */
    if (set_option(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_SIZE) < 0)
        set_option(s->fd, SOL_SOCKET, SO_RCVBUF, BUFFER_SIZE);
    r = family == AF_INET ? set_ipv4_options(s->fd) : set_ipv6_options(s->fd);
    if (r < 0)
        return r;
    return bind_socket(s);
}

static int prepare(struct sds_wire_socket *s)
{
    int r = open_bound(s);

    if (r < 0)
        return r;
    return s->group.any.sa_family == AF_INET ? join_ipv4(s) : join_ipv6(s);
}

static int open_socket(int ifindex, int family, bool is_one_shot, struct sds_wire_socket **ret)
{
    struct sds_wire_socket *s;
    char name[IF_NAMESIZE];
    int r;

    if (ifindex <= 0 || !if_indextoname((unsigned)ifindex, name))
        return -ENODEV;
    s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->ifindex = ifindex;
    s->is_one_shot = is_one_shot;
    s->fd = -1;
    set_group(s, family);
    r = prepare(s);
    if (r < 0) {
        sds_wire_socket_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

int sds_wire_socket_open(int ifindex, int family, struct sds_wire_socket **ret)
{
    return open_socket(ifindex, family, false, ret);
}

int sds_wire_socket_open_one_shot(int ifindex, int family, struct sds_wire_socket **ret)
{
    return open_socket(ifindex, family, true, ret);
}

/* Linux binds ff02::fb on one interface only, and forgets which when the socket is disconnected. */
static int leave_interface(int fd)
{
    const struct sockaddr none = {.sa_family = AF_UNSPEC};

    return connect(fd, &none, sizeof(none)) < 0 ? -errno : 0;
}

int sds_wire_group_open(int family)
{
    struct sds_wire_socket s = {.fd = -1, .ifindex = LOOPBACK};
    int r;

    set_group(&s, family);
    r = open_bound(&s);
    if (r == 0 && family == AF_INET6)
        r = leave_interface(s.fd);
    if (r < 0 && s.fd >= 0)
        close(s.fd);
    return r < 0 ? r : s.fd;
}

struct sds_wire_socket *sds_wire_socket_free(struct sds_wire_socket *s)
{
    if (s && s->fd >= 0)
        close(s->fd);
    free(s);
    return NULL;
}

int sds_wire_socket_fd(const struct sds_wire_socket *s)
{
    return s->fd;
}

int sds_wire_socket_buffer(const struct sds_wire_socket *s)
{
    int size = 0;
    socklen_t len = sizeof(size);

    getsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &size, &len);
    return size;
}

void sds_wire_socket_stamp(struct sds_wire_socket *s)
{
    (void)set_option(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, 1); /* optional, as stamps are */
}

/* SO_RXQ_OVFL would come with the next datagram only, and so never tell of the last ones. */
uint64_t sds_wire_socket_drops(const struct sds_wire_socket *s)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t len = sizeof(info);

    getsockopt(s->fd, SOL_SOCKET, SO_MEMINFO, info, &len);
    return info[SK_MEMINFO_DROPS];
}

/* ---- sending and receiving ----------------------------------------------------------------- */

int sds_wire_socket_send(struct sds_wire_socket *s, const void *message, size_t len)
{
    ssize_t n;

    do
        n = sendto(s->fd, message, len, MSG_NOSIGNAL, &s->group.any, s->group_len);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

struct sds_wire_inbox *sds_wire_inbox_new(void)
{
    struct sds_wire_inbox *inbox = calloc(1, sizeof(*inbox));

    if (!inbox)
        return NULL;
    for (size_t i = 0; i < BATCH; i++) {
        inbox->pieces[i] = (struct iovec){inbox->bytes[i], DATAGRAM_SIZE};
        inbox->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &inbox->senders[i],
            .msg_iov = &inbox->pieces[i],
            .msg_iovlen = 1,
            .msg_control = inbox->controls[i],
        };
    }
    return inbox;
}

struct sds_wire_inbox *sds_wire_inbox_free(struct sds_wire_inbox *inbox)
{
    free(inbox);
    return NULL;
}

/* The kernel writes the lengths anew with every datagram. */
static int receive_batch(const struct sds_wire_socket *s, struct sds_wire_inbox *inbox)
{
    int n;

    for (size_t i = 0; i < BATCH; i++) {
        inbox->headers[i].msg_hdr.msg_namelen = sizeof(inbox->senders[i]);
        inbox->headers[i].msg_hdr.msg_controllen = CONTROL_SIZE;
    }
    do
        n = recvmmsg(s->fd, inbox->headers, BATCH, MSG_DONTWAIT, NULL);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static bool is_control(const struct cmsghdr *control, int level, int type, size_t size)
{
    return control->cmsg_level == level && control->cmsg_type == type &&
           control->cmsg_len >= CMSG_LEN(size);
}

/* What the kernel says about a datagram besides its sender. */
static void read_controls(struct msghdr *header, struct sds_wire_datagram *ret)
{
    struct in_pktinfo ipv4;
    struct in6_pktinfo ipv6;
    struct timespec stamp;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (is_control(c, IPPROTO_IP, IP_PKTINFO, sizeof(ipv4))) {
            memcpy(&ipv4, CMSG_DATA(c), sizeof(ipv4));
            ret->ifindex = ipv4.ipi_ifindex;
        } else if (is_control(c, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(ipv6))) {
            memcpy(&ipv6, CMSG_DATA(c), sizeof(ipv6));
            ret->ifindex = (int)ipv6.ipi6_ifindex;
        } else if (is_control(c, IPPROTO_IP, IP_TTL, sizeof(int)) ||
                   is_control(c, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int))) {
            memcpy(&ret->ttl, CMSG_DATA(c), sizeof(int));
        } else if (is_control(c, SOL_SOCKET, SCM_TIMESTAMPNS, sizeof(stamp))) {
            memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
            ret->stamp_ms = (int64_t)stamp.tv_sec * 1000 + stamp.tv_nsec / 1000000;
        }
    }
}

static void read_sender(const union address *sender, struct sds_wire_datagram *ret)
{
    if (sender->any.sa_family == AF_INET) {
        ret->sender.len = 4;
        memcpy(ret->sender.bytes, &sender->ipv4.sin_addr, 4);
        ret->port = ntohs(sender->ipv4.sin_port);
    } else if (sender->any.sa_family == AF_INET6) {
        ret->sender.len = 16;
        memcpy(ret->sender.bytes, &sender->ipv6.sin6_addr, 16);
        ret->port = ntohs(sender->ipv6.sin6_port);
    }
}

/* Hand over the datagrams of our interface; older kernels mix in those of others. */
static void hand_over(const struct sds_wire_socket *s, struct sds_wire_inbox *inbox, int n,
                      sds_wire_datagram_fn *fn, void *userdata)
{
    for (int i = 0; i < n; i++) {
        struct msghdr *header = &inbox->headers[i].msg_hdr;
        struct sds_wire_datagram datagram = {
            .bytes = {inbox->bytes[i], inbox->headers[i].msg_len},
            .is_cut = header->msg_flags & MSG_TRUNC,
            .ttl = -1,
        };

        read_controls(header, &datagram);
        read_sender(&inbox->senders[i], &datagram);
        if (datagram.ifindex == s->ifindex)
            fn(userdata, &datagram);
    }
}

int sds_wire_socket_receive(struct sds_wire_socket *s, struct sds_wire_inbox *inbox,
                            sds_wire_datagram_fn *fn, void *userdata)
{
    int total = 0, n;

    do {
        n = receive_batch(s, inbox);
        if (n < 0)
            return n == -EAGAIN || total > 0 ? total : n;
        hand_over(s, inbox, n, fn, userdata);
        total += n;
    } while (n == BATCH && total < SDS_WIRE_RECEIVE_MAX);
    return total;
}
