/* SPDX-License-Identifier: MIT */
#include "wire/query.h"

#include <assert.h>

#define RECORD_SIZE 12 /* a record but for its RDATA, its name being a pointer */

/* Packets that are being written, one at a time. */
struct packer {
    struct sds_wire_writer writer;
    uint8_t packet[SDS_WIRE_PACKET_SIZE_MAX];
    size_t size;
    sds_wire_send_fn *send;
    void *userdata;
    int n_packets;
};

/* Whether a record fits into a packet at all, uncompressed. */
static bool can_fit(const struct packer *packer, const struct sds_wire_record *record)
{
    size_t size = SDS_WIRE_HEADER_SIZE + record->name->len + 10;

    return size <= packer->size && record->rdata.len <= packer->size - size;
}

static void begin(struct packer *packer)
{
    sds_wire_begin(&packer->writer, packer->packet, packer->size, 0, 0); /* RFC 6762 18.1 */
}

static int end(struct packer *packer)
{
    int r = packer->send(packer->userdata, packer->packet, packer->writer.len);

    if (r < 0)
        return r;
    packer->n_packets++;
    return 0;
}

/* About what the known answers of a question take: the names of most end in the question's. */
static size_t guess_known(const struct packer *packer, const struct sds_wire_question *question)
{
    size_t size = 0;

    for (size_t i = 0; i < question->n_known; i++) {
        const struct sds_wire_record *record = &question->known[i];
        size_t shared = question->name->len;

        if (!can_fit(packer, record))
            continue;
        size += RECORD_SIZE + record->rdata.len;
        if (record->type == SDS_RR_PTR && record->rdata.len > shared)
            size -= shared - 2;
    }
    return size;
}

static bool put_question(struct packer *packer, const struct sds_wire_question *question)
{
    return sds_wire_put_question(&packer->writer, question->name, question->type, SDS_CLASS_IN,
                                 false);
}

/* Write the first questions, at least one, and leave room for their known answers. */
static size_t put_questions(struct packer *packer, const struct sds_wire_question *questions,
                            size_t n)
{
    size_t n_put = 0, reserved = 0;

    for (; n_put < n; n_put++) {
        size_t left = packer->size - packer->writer.len;
        bool is_first = n_put == 0;

        reserved += guess_known(packer, &questions[n_put]);
        if (!is_first && reserved + questions[n_put].name->len + 4 > left)
            break;
        if (!put_question(packer, &questions[n_put]))
            break;
    }
    assert(n_put > 0);
    return n_put;
}

/* Write a known answer, in a packet of its own kind where this one is full. */
static int put_known(struct packer *packer, const struct sds_wire_record *record)
{
    int r;

    if (!can_fit(packer, record) || sds_wire_put_record(&packer->writer, SDS_WIRE_ANSWER, record))
        return 0;
    sds_wire_set_flags(&packer->writer, SDS_WIRE_TRUNCATED);
    r = end(packer);
    if (r < 0)
        return r;
    begin(packer);
    sds_wire_put_record(&packer->writer, SDS_WIRE_ANSWER, record);
    return 0;
}

int sds_wire_write_query(const struct sds_wire_question *questions, size_t n, size_t size,
                         sds_wire_send_fn *send, void *userdata)
{
    struct packer packer;
    int r;

    assert(size >= SDS_WIRE_PACKET_SIZE_MIN && size <= SDS_WIRE_PACKET_SIZE_MAX);
    packer.size = size;
    packer.send = send;
    packer.userdata = userdata;
    packer.n_packets = 0;
    for (size_t done = 0, n_put; done < n; done += n_put) {
        begin(&packer);
        n_put = put_questions(&packer, questions + done, n - done);
        for (size_t i = done; i < done + n_put; i++)
            for (size_t k = 0; k < questions[i].n_known; k++) {
                r = put_known(&packer, &questions[i].known[k]);
                if (r < 0)
                    return r;
            }
        r = end(&packer);
        if (r < 0)
            return r;
    }
    return packer.n_packets;
}

int sds_wire_write_one_shot(const struct sds_wire_question *questions, size_t n, uint16_t id,
                            sds_wire_send_fn *send, void *userdata)
{
    uint8_t packet[SDS_WIRE_PACKET_SIZE_MIN];
    struct sds_wire_writer writer;

    sds_wire_begin(&writer, packet, sizeof(packet), id, 0);
    for (size_t i = 0; i < n; i++)
        (void)sds_wire_put_question(&writer, questions[i].name, questions[i].type, SDS_CLASS_IN,
                                    false);
    return send(userdata, packet, writer.len);
}
