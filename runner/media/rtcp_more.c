#include "bytes.h"
#include "rtcp_more.h"

#define HEADER_BYTES 4u
#define SSRC_BYTES 4u
#define FORMAT_BITS 0x1f

enum { BLOCK_REFERENCE = 4, BLOCK_DLRR = 5, BLOCK_VOIP = 7 };
#define REFERENCE_BYTES 8u
#define DLRR_BYTES 12u
#define VOIP_BYTES 32u

enum { FORMAT_NACK = 1, FORMAT_PLI = 1, FORMAT_SLI = 2, FORMAT_FIR = 4 };
#define FIR_BYTES 8u

static size_t dlrr_count(const struct rtcp_report *report)
{
    return report->dlrr_count > RTCP_DLRR_MAX ? RTCP_DLRR_MAX : report->dlrr_count;
}

size_t rtcp_extended_bytes(const struct rtcp_report *report)
{
    size_t dlrr = dlrr_count(report) * DLRR_BYTES;
    size_t blocks = (report->reference_known ? HEADER_BYTES + REFERENCE_BYTES : 0) +
                    (dlrr ? HEADER_BYTES + dlrr : 0) +
                    (report->voip_known ? HEADER_BYTES + VOIP_BYTES : 0);

    return blocks ? HEADER_BYTES + SSRC_BYTES + blocks : 0;
}

static uint8_t *put_block_header(uint8_t *out, uint8_t type, size_t bytes)
{
    out[0] = type;
    out[1] = 0;
    bytes_put16(out + 2, (uint16_t)(bytes / 4));
    return out + HEADER_BYTES;
}

static void put_voip(const struct rtcp_voip *voip, uint8_t *out)
{
    bytes_put32(out, voip->ssrc);
    out[4] = voip->loss_rate;
    out[5] = voip->discard_rate;
    out[6] = voip->burst_density;
    out[7] = voip->gap_density;
    bytes_put16(out + 8, voip->burst_ms);
    bytes_put16(out + 10, voip->gap_ms);
    bytes_put16(out + 12, voip->round_trip_ms);
    bytes_put16(out + 14, voip->end_system_ms);
    out[16] = (uint8_t)voip->signal_level;
    out[17] = (uint8_t)voip->noise_level;
    out[18] = voip->echo_return_loss;
    out[19] = voip->gmin;
    out[20] = voip->r_factor;
    out[21] = voip->external_r_factor;
    out[22] = voip->mos_lq;
    out[23] = voip->mos_cq;
    out[24] = voip->receiver;
    out[25] = 0;
    bytes_put16(out + 26, voip->buffer_nominal_ms);
    bytes_put16(out + 28, voip->buffer_maximum_ms);
    bytes_put16(out + 30, voip->buffer_limit_ms);
}

void rtcp_extended_put(const struct rtcp_report *report, uint8_t *out)
{
    size_t count = dlrr_count(report);

    bytes_put32(out + HEADER_BYTES, report->ssrc);
    out += HEADER_BYTES + SSRC_BYTES;
    if (report->reference_known) {
        out = put_block_header(out, BLOCK_REFERENCE, REFERENCE_BYTES);
        bytes_put32(out, (uint32_t)(report->reference >> 32));
        bytes_put32(out + 4, (uint32_t)report->reference);
        out += REFERENCE_BYTES;
    }
    if (count) {
        out = put_block_header(out, BLOCK_DLRR, count * DLRR_BYTES);
        for (size_t i = 0; i < count; i++, out += DLRR_BYTES) {
            bytes_put32(out, report->dlrr[i].ssrc);
            bytes_put32(out + 4, report->dlrr[i].lrr);
            bytes_put32(out + 8, report->dlrr[i].dlrr);
        }
    }
    if (report->voip_known)
        put_voip(&report->voip, put_block_header(out, BLOCK_VOIP, VOIP_BYTES));
}

static void get_voip(const uint8_t *bytes, struct rtcp_voip *voip)
{
    *voip = (struct rtcp_voip){
        .ssrc = bytes_get32(bytes),
        .loss_rate = bytes[4],
        .discard_rate = bytes[5],
        .burst_density = bytes[6],
        .gap_density = bytes[7],
        .burst_ms = bytes_get16(bytes + 8),
        .gap_ms = bytes_get16(bytes + 10),
        .round_trip_ms = bytes_get16(bytes + 12),
        .end_system_ms = bytes_get16(bytes + 14),
        .signal_level = (int8_t)bytes[16],
        .noise_level = (int8_t)bytes[17],
        .echo_return_loss = bytes[18],
        .gmin = bytes[19],
        .r_factor = bytes[20],
        .external_r_factor = bytes[21],
        .mos_lq = bytes[22],
        .mos_cq = bytes[23],
        .receiver = bytes[24],
        .buffer_nominal_ms = bytes_get16(bytes + 26),
        .buffer_maximum_ms = bytes_get16(bytes + 28),
        .buffer_limit_ms = bytes_get16(bytes + 30),
    };
}

static void get_block(uint8_t type, const uint8_t *bytes, size_t length, struct rtcp_report *report)
{
    if (type == BLOCK_REFERENCE && length == REFERENCE_BYTES) {
        report->reference_known = true;
        report->reference = (uint64_t)bytes_get32(bytes) << 32 | bytes_get32(bytes + 4);
    } else if (type == BLOCK_DLRR && length % DLRR_BYTES == 0) {
        for (; length && report->dlrr_count < RTCP_DLRR_MAX; length -= DLRR_BYTES) {
            report->dlrr[report->dlrr_count++] = (struct rtcp_dlrr){
                bytes_get32(bytes), bytes_get32(bytes + 4), bytes_get32(bytes + 8)};
            bytes += DLRR_BYTES;
        }
    } else if (type == BLOCK_VOIP && length == VOIP_BYTES) {
        report->voip_known = true;
        get_voip(bytes, &report->voip);
    }
}

bool rtcp_extended_get(const uint8_t *bytes, size_t length, struct rtcp_report *report)
{
    if (length < HEADER_BYTES + SSRC_BYTES)
        return false;
    report->extended_reports++;
    for (size_t at = HEADER_BYTES + SSRC_BYTES; at < length;) {
        if (length - at < HEADER_BYTES)
            return false;
        size_t block = (size_t)bytes_get16(bytes + at + 2) * 4;
        if (length - at - HEADER_BYTES < block)
            return false;
        get_block(bytes[at], bytes + at + HEADER_BYTES, block, report);
        at += HEADER_BYTES + block;
    }
    return true;
}

static uint32_t count_nacks(const uint8_t *bytes, size_t length)
{
    uint32_t count = 0;

    for (size_t at = 0; at + 4 <= length; at += 4)
        count += 1 + (uint32_t)__builtin_popcount(bytes_get16(bytes + at + 2));
    return count;
}

bool rtcp_feedback_get(const uint8_t *bytes, size_t length, struct rtcp_report *report)
{
    size_t fixed = HEADER_BYTES + 2 * SSRC_BYTES;
    uint8_t format = bytes[0] & FORMAT_BITS;

    if (length < fixed)
        return false;
    if (bytes[1] == RTCP_TYPE_RTPFB) {
        if (format == FORMAT_NACK)
            report->nacks += count_nacks(bytes + fixed, length - fixed);
        return true;
    }
    if (format == FORMAT_PLI)
        report->plis++;
    else if (format == FORMAT_SLI)
        report->slis += (uint32_t)((length - fixed) / 4);
    else if (format == FORMAT_FIR)
        report->firs += (uint32_t)((length - fixed) / FIR_BYTES);
    return true;
}
