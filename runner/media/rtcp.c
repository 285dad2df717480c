#include <string.h>
#include "bytes.h"
#include "cmtest/rtcp.h"
#include "rtcp_more.h"

#define VERSION_BITS 0x80
#define PADDING_BIT 0x20
#define COUNT_BITS 0x1f

enum { TYPE_SR = 200, TYPE_RR = 201, TYPE_SDES = 202, TYPE_BYE = 203 };

#define HEADER_BYTES 4u
#define SSRC_BYTES 4u
#define SENDER_BYTES 20u
#define BLOCK_BYTES 24u
#define BLOCKS_MAX 31u
#define CNAME_ITEM 1
#define CNAME_MAX 255

/* From the NTP era of 1900 to that of Unix. */
#define NTP_OFFSET_S 2208988800u
#define NS_PER_S 1000000000

#define LOST_MIN (-0x800000)
#define LOST_MAX 0x7fffff

uint64_t rtcp_ntp(int64_t utc_ns)
{
    int64_t seconds = utc_ns / NS_PER_S;
    int64_t ns = utc_ns % NS_PER_S;

    if (ns < 0) {
        ns += NS_PER_S;
        seconds--;
    }
    uint64_t fraction = ((uint64_t)ns << 32) / NS_PER_S;
    return ((uint64_t)seconds + NTP_OFFSET_S) << 32 | fraction;
}

double rtcp_rtt_ms(uint32_t arrival, uint32_t lsr, uint32_t dlsr)
{
    if (lsr == 0)
        return -1;
    uint32_t rtt = arrival - lsr - dlsr;
    return rtt >> 31 ? 0 : rtt * 1000.0 / 65536;
}

static void put_header(uint8_t *out, size_t count, uint8_t type, size_t bytes)
{
    out[0] = (uint8_t)(VERSION_BITS | count);
    out[1] = type;
    bytes_put16(out + 2, (uint16_t)(bytes / 4 - 1));
}

static void put_block(uint8_t *out, const struct rtcp_report_block *block)
{
    int32_t lost = block->cumulative_lost;

    if (lost < LOST_MIN)
        lost = LOST_MIN;
    if (lost > LOST_MAX)
        lost = LOST_MAX;
    bytes_put32(out, block->ssrc);
    bytes_put32(out + 4, (uint32_t)block->fraction_lost << 24 | ((uint32_t)lost & 0xffffff));
    bytes_put32(out + 8, block->highest_sequence);
    bytes_put32(out + 12, block->jitter);
    bytes_put32(out + 16, block->lsr);
    bytes_put32(out + 20, block->dlsr);
}

static size_t put_report(const struct rtcp_report *report, size_t blocks, uint8_t *out)
{
    size_t at = HEADER_BYTES + SSRC_BYTES;

    bytes_put32(out + HEADER_BYTES, report->ssrc);
    if (report->is_sender) {
        bytes_put32(out + at, (uint32_t)(report->ntp >> 32));
        bytes_put32(out + at + 4, (uint32_t)report->ntp);
        bytes_put32(out + at + 8, report->rtp_timestamp);
        bytes_put32(out + at + 12, report->packets);
        bytes_put32(out + at + 16, report->octets);
        at += SENDER_BYTES;
    }
    for (size_t i = 0; i < blocks; i++) {
        put_block(out + at, &report->blocks[i]);
        at += BLOCK_BYTES;
    }
    put_header(out, blocks, report->is_sender ? TYPE_SR : TYPE_RR, at);
    return at;
}

/* One chunk; the item list ends with at least one zero byte, at a word boundary. */
static size_t sdes_bytes(size_t cname_length)
{
    return (HEADER_BYTES + SSRC_BYTES + 2 + cname_length + 4) / 4 * 4;
}

static void put_sdes(uint32_t ssrc, const char *cname, size_t cname_length, uint8_t *out)
{
    size_t bytes = sdes_bytes(cname_length);

    memset(out, 0, bytes);
    put_header(out, 1, TYPE_SDES, bytes);
    bytes_put32(out + HEADER_BYTES, ssrc);
    out[8] = CNAME_ITEM;
    out[9] = (uint8_t)cname_length;
    memcpy(out + 10, cname, cname_length);
}

size_t rtcp_write(const struct rtcp_report *report, const char *cname, uint8_t *out,
                  size_t capacity)
{
    size_t blocks = report->block_count > BLOCKS_MAX ? BLOCKS_MAX : report->block_count;
    size_t cname_length = strnlen(cname, CNAME_MAX);
    size_t bye = report->bye ? HEADER_BYTES + SSRC_BYTES : 0;
    size_t extended = rtcp_extended_bytes(report);
    size_t need = HEADER_BYTES + SSRC_BYTES + (report->is_sender ? SENDER_BYTES : 0) +
                  blocks * BLOCK_BYTES + sdes_bytes(cname_length) + extended + bye;

    if (capacity < need)
        return 0;
    size_t at = put_report(report, blocks, out);
    put_sdes(report->ssrc, cname, cname_length, out + at);
    at += sdes_bytes(cname_length);
    if (extended) {
        rtcp_extended_put(report, out + at);
        put_header(out + at, 0, RTCP_TYPE_XR, extended);
        at += extended;
    }
    if (report->bye) {
        put_header(out + at, 1, TYPE_BYE, bye);
        bytes_put32(out + at + HEADER_BYTES, report->ssrc);
    }
    return need;
}

static void get_block(const uint8_t *bytes, struct rtcp_report_block *block)
{
    uint32_t lost = bytes_get32(bytes + 4) & 0xffffff;

    block->ssrc = bytes_get32(bytes);
    block->fraction_lost = bytes[4];
    block->cumulative_lost = (int32_t)lost - (lost > LOST_MAX ? 0x1000000 : 0);
    block->highest_sequence = bytes_get32(bytes + 8);
    block->jitter = bytes_get32(bytes + 12);
    block->lsr = bytes_get32(bytes + 16);
    block->dlsr = bytes_get32(bytes + 20);
}

/* One SR or RR of `length` bytes with its header. What follows its blocks is a profile's own. */
static bool get_report(const uint8_t *bytes, size_t length, bool first, struct rtcp_report *report)
{
    bool is_sender = bytes[1] == TYPE_SR;
    size_t blocks = bytes[0] & COUNT_BITS;
    size_t at = HEADER_BYTES + SSRC_BYTES + (is_sender ? SENDER_BYTES : 0);

    if (length < at + blocks * BLOCK_BYTES)
        return false;
    if (first) {
        report->ssrc = bytes_get32(bytes + HEADER_BYTES);
        report->is_sender = is_sender;
        if (is_sender) {
            report->ntp = (uint64_t)bytes_get32(bytes + 8) << 32 | bytes_get32(bytes + 12);
            report->rtp_timestamp = bytes_get32(bytes + 16);
            report->packets = bytes_get32(bytes + 20);
            report->octets = bytes_get32(bytes + 24);
        }
    }
    for (size_t i = 0; i < blocks && report->block_count < BLOCKS_MAX; i++)
        get_block(bytes + at + i * BLOCK_BYTES, &report->blocks[report->block_count++]);
    return true;
}

/* The length of the packet at bytes without its padding, 0 when it is malformed; *whole with it.
 * Only the last packet of a compound may be padded, and then in whole words. */
static size_t packet_length(const uint8_t *bytes, size_t available, size_t *whole)
{
    if (available < HEADER_BYTES || bytes[0] >> 6 != VERSION_BITS >> 6)
        return 0;
    size_t length = ((size_t)bytes_get16(bytes + 2) + 1) * 4;
    if (length > available)
        return 0;
    *whole = length;
    if (!(bytes[0] & PADDING_BIT))
        return length;
    size_t padding = bytes[length - 1];
    if (length != available || padding == 0 || padding % 4 != 0 || padding > length - HEADER_BYTES)
        return 0;
    return length - padding;
}

bool rtcp_parse(const uint8_t *bytes, size_t length, struct rtcp_report *report)
{
    size_t whole;

    memset(report, 0, sizeof *report);
    if (length < HEADER_BYTES || (bytes[1] != TYPE_SR && bytes[1] != TYPE_RR) ||
        (bytes[0] & PADDING_BIT))
        return false;
    for (size_t at = 0; at < length; at += whole) {
        size_t packet = packet_length(bytes + at, length - at, &whole);
        uint8_t type = packet ? bytes[at + 1] : 0;

        if (packet == 0)
            return false;
        if (type == TYPE_SR || type == TYPE_RR) {
            if (!get_report(bytes + at, packet, at == 0, report))
                return false;
            report->sender_reports += type == TYPE_SR;
            report->receiver_reports += type == TYPE_RR;
        } else if (type == RTCP_TYPE_XR) {
            if (!rtcp_extended_get(bytes + at, packet, report))
                return false;
        } else if (type == RTCP_TYPE_RTPFB || type == RTCP_TYPE_PSFB) {
            if (!rtcp_feedback_get(bytes + at, packet, report))
                return false;
        } else if (type == TYPE_BYE) {
            if (packet < HEADER_BYTES + (size_t)(bytes[at] & COUNT_BITS) * SSRC_BYTES)
                return false;
            report->bye = true;
        }
    }
    return true;
}
