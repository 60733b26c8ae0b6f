/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_CAPTURE_FILE_H
#define SDS_TEST_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Captures that a test writes, byte for byte as their formats have them. */
struct capture_file {
    bool is_big;
    size_t n;
    uint8_t bytes[1 << 16];
};

static inline void put_bytes(struct capture_file *file, const void *bytes, size_t len)
{
    memcpy(file->bytes + file->n, bytes, len);
    file->n += len;
}

static inline void put_u8(struct capture_file *file, unsigned value)
{
    file->bytes[file->n++] = (uint8_t)value;
}

static inline void put_u16(struct capture_file *file, unsigned value)
{
    put_u8(file, file->is_big ? value >> 8 : value);
    put_u8(file, file->is_big ? value : value >> 8);
}

static inline void put_u32(struct capture_file *file, uint32_t value)
{
    put_u16(file, file->is_big ? value >> 16 : value & 0xFFFF);
    put_u16(file, file->is_big ? value & 0xFFFF : value >> 16);
}

static inline void put_padding(struct capture_file *file)
{
    while (file->n % 4)
        put_u8(file, 0);
}

/* ---- pcap ---------------------------------------------------------------------------------- */

#define PCAP_MICROSECONDS 0xA1B2C3D4
#define PCAP_NANOSECONDS  0xA1B23C4D

static inline void put_pcap(struct capture_file *file, uint32_t magic, uint32_t link_type)
{
    put_u32(file, magic);
    put_u16(file, 2);
    put_u16(file, 4);
    put_u32(file, 0);
    put_u32(file, 0);
    put_u32(file, 262144);
    put_u32(file, link_type);
}

static inline void put_pcap_packet(struct capture_file *file, uint32_t s, uint32_t fraction,
                                   const void *bytes, size_t captured, size_t len)
{
    put_u32(file, s);
    put_u32(file, fraction);
    put_u32(file, (uint32_t)captured);
    put_u32(file, (uint32_t)len);
    put_bytes(file, bytes, captured);
}

/* ---- pcapng -------------------------------------------------------------------------------- */

/* A block's framing: returns where it begins, for end_block(). */
static inline size_t begin_block(struct capture_file *file, uint32_t type)
{
    size_t at = file->n;

    put_u32(file, type);
    put_u32(file, 0);
    return at;
}

static inline void end_block(struct capture_file *file, size_t at)
{
    size_t n;

    put_padding(file);
    n = file->n;
    file->n = at + 4;
    put_u32(file, (uint32_t)(n + 4 - at));
    file->n = n;
    put_u32(file, (uint32_t)(n + 4 - at));
}

static inline void put_section(struct capture_file *file)
{
    size_t at = begin_block(file, 0x0A0D0D0A);

    put_u32(file, 0x1A2B3C4D);
    put_u16(file, 1);
    put_u16(file, 0);
    put_u32(file, UINT32_MAX);
    put_u32(file, UINT32_MAX);
    end_block(file, at);
}

static inline void put_option(struct capture_file *file, unsigned code, const void *value,
                              size_t len)
{
    put_u16(file, code);
    put_u16(file, (unsigned)len);
    put_bytes(file, value, len);
    put_padding(file);
}

/* @resolution: as if_tsresol has it; 6 is left out. */
static inline void put_interface(struct capture_file *file, unsigned link_type, const char *name,
                                 unsigned resolution)
{
    size_t at = begin_block(file, 1);
    uint8_t byte = (uint8_t)resolution;

    put_u16(file, link_type);
    put_u16(file, 0);
    put_u32(file, 262144);
    if (name)
        put_option(file, 2, name, strlen(name));
    if (resolution != 6)
        put_option(file, 9, &byte, 1);
    put_option(file, 0, "", 0);
    end_block(file, at);
}

static inline void put_packet(struct capture_file *file, uint32_t interface, uint64_t time,
                              const void *bytes, size_t captured, size_t len)
{
    size_t at = begin_block(file, 6);

    put_u32(file, interface);
    put_u32(file, (uint32_t)(time >> 32));
    put_u32(file, (uint32_t)time);
    put_u32(file, (uint32_t)captured);
    put_u32(file, (uint32_t)len);
    put_bytes(file, bytes, captured);
    end_block(file, at);
}

#endif
