/* SPDX-License-Identifier: MIT */
#include "wire/pcapng.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cur.h"
#include "base/mem.h"

/* Types of blocks; all others are passed over. */
enum {
    BLOCK_SECTION = 0x0A0D0D0A, /* the same in either byte order */
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_PACKET = 6,
};

enum { OPTION_END = 0, OPTION_NAME = 2, OPTION_RESOLUTION = 9, OPTION_OFFSET = 14 };

#define BYTE_ORDER_MAGIC 0x1A2B3C4D
#define FRAMING_SIZE     12                            /* a block's type, and its length twice */
#define BODY_SIZE        (SDS_PCAPNG_FRAME_MAX + 4096) /* a packet with its header and options */

struct interface {
    uint16_t link_type;
    uint32_t frame_max; /* UINT32_MAX: no limit */
    uint8_t resolution; /* of its times: as if_tsresol has it */
    int64_t offset_s;   /* is added to its times */
    int link;
};

struct sds_pcapng {
    FILE *in;
    bool is_big; /* the section's byte order */
    bool has_section;
    int error; /* what all further calls return; 0: none */
    size_t n_interfaces;
    struct interface interfaces[SDS_PCAPNG_INTERFACES_MAX];
    size_t n_links;
    char names[SDS_PCAPNG_LINKS_MAX][SDS_PCAPNG_NAME_SIZE];
    int64_t time_ms; /* of the last packet */
    uint64_t damaged;
    uint8_t body[BODY_SIZE];
};

struct sds_pcapng *sds_pcapng_new(FILE *in)
{
    struct sds_pcapng *p = calloc(1, sizeof(*p));

    if (p)
        p->in = in;
    return p;
}

struct sds_pcapng *sds_pcapng_free(struct sds_pcapng *p)
{
    free(p);
    return NULL;
}

uint64_t sds_pcapng_damaged(const struct sds_pcapng *p)
{
    return p->damaged;
}

const char *sds_pcapng_link_name(const struct sds_pcapng *p, int link)
{
    return link > 0 && (size_t)link <= p->n_links ? p->names[link - 1] : "";
}

/* ---- numbers in the section's byte order --------------------------------------------------- */

static bool take_u16(const struct sds_pcapng *p, struct sds_cur *cur, uint16_t *ret)
{
    if (!sds_cur_u16(cur, ret))
        return false;
    if (!p->is_big)
        *ret = __builtin_bswap16(*ret);
    return true;
}

static bool take_u32(const struct sds_pcapng *p, struct sds_cur *cur, uint32_t *ret)
{
    if (!sds_cur_u32(cur, ret))
        return false;
    if (!p->is_big)
        *ret = __builtin_bswap32(*ret);
    return true;
}

/* ---- times --------------------------------------------------------------------------------- */

#define TIME_MAX_S INT64_C(253402300799) /* the year 9999 */

static uint64_t power_of_10(unsigned n)
{
    uint64_t power = 1;

    while (n-- > 0)
        power *= 10;
    return power;
}

/* Seconds and milliseconds of a time in units of an n-th power, the base of which is 10, or 2 where
 * the highest bit is set. */
static void split_time(uint64_t time, uint8_t resolution, uint64_t *ret_s, unsigned *ret_ms)
{
    unsigned n = resolution & 127;
    uint64_t rest, unit;

    if (resolution & 128 && n < 64) {
        *ret_s = time >> n;
        rest = n ? time << (64 - n) >> 11 : 0; /* in units of 2^-53 s */
        *ret_ms = (unsigned)(rest * 1000 >> 53);
    } else if (!(resolution & 128) && n < 20) {
        unit = power_of_10(n);
        *ret_s = time / unit;
        rest = time % unit;
        *ret_ms = (unsigned)(n > 3 ? rest / (unit / 1000) : rest * 1000 / unit);
    } else { /* finer than can be */
        *ret_s = 0;
        *ret_ms = 0;
    }
}

/* Within the years that people can read. */
static int64_t time_ms_of(const struct interface *interface, uint32_t high, uint32_t low)
{
    uint64_t s;
    unsigned ms;
    int64_t offset = interface->offset_s;

    split_time((uint64_t)high << 32 | low, interface->resolution, &s, &ms);
    if (s > TIME_MAX_S || offset > TIME_MAX_S - (int64_t)s)
        return TIME_MAX_S * 1000;
    if (offset < -(int64_t)s)
        return 0;
    return ((int64_t)s + offset) * 1000 + ms;
}

/* ---- interfaces ---------------------------------------------------------------------------- */

/* A name that no reader has trouble with; otherwise "". */
static void set_name(struct sds_span bytes, char *ret)
{
    while (bytes.len && bytes.p[bytes.len - 1] == '\0')
        bytes.len--;
    *ret = '\0';
    if (bytes.len >= SDS_PCAPNG_NAME_SIZE)
        return;
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.p[i] <= ' ' || bytes.p[i] > '~')
            return;
    memcpy(ret, bytes.p, bytes.len);
    ret[bytes.len] = '\0';
}

/* The link of a name that was there before, or a new one. */
static int link_of(struct sds_pcapng *p, const char *name)
{
    for (size_t i = 0; *name && i < p->n_links; i++)
        if (strcmp(p->names[i], name) == 0)
            return (int)i + 1;
    if (p->n_links == SDS_PCAPNG_LINKS_MAX)
        return SDS_PCAPNG_LINKS_MAX;
    memcpy(p->names[p->n_links++], name, strlen(name) + 1);
    return (int)p->n_links;
}

static bool take_option(const struct sds_pcapng *p, struct sds_cur *cur, uint16_t *ret_code,
                        struct sds_span *ret)
{
    const uint8_t *padding;
    uint16_t len;

    if (!take_u16(p, cur, ret_code) || !take_u16(p, cur, &len) || !sds_cur_take(cur, len, &ret->p))
        return false;
    ret->len = len;
    return *ret_code != OPTION_END && sds_cur_take(cur, -len & 3u, &padding);
}

static void take_options(const struct sds_pcapng *p, struct sds_cur *cur,
                         struct interface *interface, char *name)
{
    struct sds_span value;
    struct sds_cur in_value;
    uint16_t code;
    uint32_t words[2];

    while (take_option(p, cur, &code, &value)) {
        in_value = sds_cur_over(value.p, value.len);
        if (code == OPTION_NAME)
            set_name(value, name);
        else if (code == OPTION_RESOLUTION)
            sds_cur_u8(&in_value, &interface->resolution);
        else if (code == OPTION_OFFSET && take_u32(p, &in_value, &words[0]) &&
                 take_u32(p, &in_value, &words[1]))
            interface->offset_s = (int64_t)((uint64_t)words[!p->is_big] << 32 | words[p->is_big]);
    }
}

static bool read_interface(struct sds_pcapng *p, struct sds_cur cur)
{
    struct interface interface = {.resolution = 6};
    char name[SDS_PCAPNG_NAME_SIZE] = "";
    uint16_t reserved;

    if (!take_u16(p, &cur, &interface.link_type) || !take_u16(p, &cur, &reserved) ||
        !take_u32(p, &cur, &interface.frame_max))
        return false;
    if (!interface.frame_max)
        interface.frame_max = UINT32_MAX;
    take_options(p, &cur, &interface, name);
    if (p->n_interfaces == SDS_PCAPNG_INTERFACES_MAX)
        return true;
    interface.link = link_of(p, name);
    p->interfaces[p->n_interfaces++] = interface;
    return true;
}

/* ---- packets ------------------------------------------------------------------------------- */

/* The frame that begins at @cur; false where it is not all there. */
static bool set_frame(const struct sds_pcapng *p, struct sds_cur *cur, uint32_t interface,
                      uint32_t captured, uint32_t len, struct sds_frame *ret)
{
    const struct interface *from;

    if (interface >= p->n_interfaces || captured > SDS_PCAPNG_FRAME_MAX ||
        !sds_cur_take(cur, captured, &ret->bytes.p))
        return false;
    from = &p->interfaces[interface];
    ret->bytes.len = captured;
    ret->is_cut = captured < len;
    ret->link_type = from->link_type;
    ret->link = from->link;
    return true;
}

static bool read_packet(struct sds_pcapng *p, struct sds_cur cur, bool is_old,
                        struct sds_frame *ret)
{
    uint32_t interface, high, low, captured, len;
    uint16_t number, drops;

    if (is_old) {
        if (!take_u16(p, &cur, &number) || !take_u16(p, &cur, &drops))
            return false;
        interface = number;
    } else if (!take_u32(p, &cur, &interface)) {
        return false;
    }
    if (!take_u32(p, &cur, &high) || !take_u32(p, &cur, &low) || !take_u32(p, &cur, &captured) ||
        !take_u32(p, &cur, &len) || !set_frame(p, &cur, interface, captured, len, ret))
        return false;
    p->time_ms = time_ms_of(&p->interfaces[interface], high, low);
    return true;
}

/* It has no time of its own. */
static bool read_simple_packet(struct sds_pcapng *p, struct sds_cur cur, struct sds_frame *ret)
{
    uint32_t len, captured;

    if (!p->n_interfaces || !take_u32(p, &cur, &len))
        return false;
    captured = len < p->interfaces[0].frame_max ? len : p->interfaces[0].frame_max;
    return set_frame(p, &cur, 0, captured, len, ret);
}

/* ---- blocks -------------------------------------------------------------------------------- */

struct block {
    uint32_t type;
    struct sds_cur body; /* of no bytes where it is too long to be held */
};

/* Read exactly so many bytes. Returns 1, 0 where the file ends before the first, or an error. */
static int fill(struct sds_pcapng *p, void *bytes, size_t len)
{
    size_t n;

    errno = 0;
    n = fread(bytes, 1, len, p->in);
    if (n == len)
        return 1;
    if (ferror(p->in))
        return errno > 0 ? -errno : -EIO;
    return n ? -ENODATA : 0;
}

/* The same within a block. */
static int fill_on(struct sds_pcapng *p, void *bytes, size_t len)
{
    int r = len ? fill(p, bytes, len) : 1;

    return r == 0 ? -ENODATA : r;
}

static int skip(struct sds_pcapng *p, size_t len)
{
    int r = 1;

    for (size_t n; r > 0 && len > 0; len -= n) {
        n = len < sizeof(p->body) ? len : sizeof(p->body);
        r = fill_on(p, p->body, n);
    }
    return r;
}

/* The section says in which order its bytes are, before its own length can be known. */
static int begin_section(struct sds_pcapng *p)
{
    struct sds_cur cur = sds_cur_over(p->body, 4);
    uint32_t magic;
    int r = fill_on(p, p->body, 4);

    if (r < 0)
        return r;
    sds_cur_u32(&cur, &magic);
    if (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC))
        return -EBADMSG;
    p->is_big = magic == BYTE_ORDER_MAGIC;
    p->has_section = true;
    p->n_interfaces = 0;
    return 1;
}

static int read_body(struct sds_pcapng *p, size_t have, size_t len, struct block *ret)
{
    bool is_long = len > sizeof(p->body);

    ret->body = sds_cur_over(p->body, is_long ? 0 : len);
    return is_long ? skip(p, len - have) : fill_on(p, p->body + have, len - have);
}

/* Returns as sds_pcapng_next(). */
static int read_block(struct sds_pcapng *p, struct block *ret)
{
    uint8_t head[8] = {0}, tail[4] = {0};
    struct sds_cur at_head = sds_cur_over(head, sizeof(head)), at_tail = sds_cur_over(tail, 4);
    uint32_t len, len_again;
    size_t have = 0; /* of the body */
    int r = fill(p, head, sizeof(head));

    if (r <= 0)
        return r;
    take_u32(p, &at_head, &ret->type);
    if (ret->type == BLOCK_SECTION) {
        r = begin_section(p);
        have = 4;
    }
    if (r < 0)
        return r;
    take_u32(p, &at_head, &len);
    if (!p->has_section || len % 4 || len < FRAMING_SIZE || len - FRAMING_SIZE < have)
        return -EBADMSG;
    r = read_body(p, have, len - FRAMING_SIZE, ret);
    if (r > 0)
        r = fill_on(p, tail, sizeof(tail));
    if (r < 0)
        return r;
    take_u32(p, &at_tail, &len_again);
    return len == len_again ? 1 : -EBADMSG;
}

/* Do what a block says. Returns 1 when that is a packet, 0 when not, -EBADMSG when it leaves what
 * follows without a meaning. */
static int read_content(struct sds_pcapng *p, const struct block *block, struct sds_frame *ret)
{
    bool is_packet;

    switch (block->type) {
    case BLOCK_INTERFACE:
        return read_interface(p, block->body) ? 0 : -EBADMSG;
    case BLOCK_PACKET:
    case BLOCK_OLD_PACKET:
        is_packet = read_packet(p, block->body, block->type == BLOCK_OLD_PACKET, ret);
        break;
    case BLOCK_SIMPLE_PACKET:
        is_packet = read_simple_packet(p, block->body, ret);
        break;
    default:
        return 0;
    }
    p->damaged += !is_packet;
    ret->time_ms = p->time_ms;
    return is_packet;
}

int sds_pcapng_next(struct sds_pcapng *p, struct sds_frame *ret)
{
    struct block block;
    int r = p->error;

    if (r < 0)
        return r;
    do {
        r = read_block(p, &block);
        if (r > 0)
            r = read_content(p, &block, ret);
        else if (r == 0)
            return 0;
    } while (r == 0);
    if (r < 0)
        p->error = r;
    return r;
}
