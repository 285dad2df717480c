#include <math.h>
#include "stream_private.h"

/* A full-scale sine is -3.01 dBov and +3.17 dBm0 (G.711 mu-law). */
#define DBM0_OF_DBOV 6.18

static uint8_t share_of_256(int64_t part, uint64_t whole)
{
    double share = 2.56 * stream_loss_percent(part, whole);

    return share > 255 ? 255 : (uint8_t)share;
}

static uint16_t whole_ms(double ms)
{
    return ms <= 0 ? 0 : ms > UINT16_MAX ? UINT16_MAX : (uint16_t)lround(ms);
}

static int8_t level_dbm0(bool known, double dbov)
{
    return known ? (int8_t)lround(dbov + DBM0_OF_DBOV) : RTCP_UNAVAILABLE;
}

/* R of whatever scale on that of RFC 3611, which is the narrow one. */
static void put_scores(const struct stream *stream, struct emodel_input *input,
                       struct rtcp_voip *voip)
{
    double stretch = input->scale == EMODEL_NARROW ? 1 : emodel_r_max(input->scale) / 100;
    double r = emodel_r(input) / stretch;

    voip->r_factor = r <= 0 ? 0 : r > 100 ? 100 : (uint8_t)lround(r);
    voip->mos_lq = (uint8_t)lround(10 * emodel_mos(EMODEL_NARROW, r));
    voip->mos_cq = RTCP_UNAVAILABLE;
    if (!stream->peer.rtt_known)
        return;
    input->delay_ms = stream->peer.rtt_ms / 2 + voip->end_system_ms;
    r = emodel_r(input);
    voip->mos_cq = (uint8_t)lround(10 * emodel_mos(input->scale, r));
}

void stream_voip(const struct stream *stream, struct rtcp_voip *voip)
{
    enum {
        PLC_DISABLED = 1 << 6,
        PLC_STANDARD = 3 << 6,
        BUFFER_FIXED = 2 << 4,
        BUFFER_ADAPTIVE = 3 << 4
    };
    const struct playout_config *buffer = &stream->hearing.config;
    uint64_t expected = rtp_receiver_expected(&stream->receiver);
    int64_t lost = (int64_t)rtp_receiver_missing(&stream->receiver);
    int64_t unheard = (int64_t)stream->unheard;
    double delay = hearing_delay_ms(&stream->hearing);
    struct emodel_input input = stream_quality(stream, DIRECTION_RECEIVE);
    struct bursts_figures figures;
    struct bursts_report report;
    struct bursts bursts;

    order_bursts(&stream->order, &bursts);
    bursts_report(&bursts, stream->config.ptime_ms, &report);
    bursts_figures(&bursts, &figures);
    input.loss = stream_loss_percent(lost + unheard, expected);
    input.burst_r = figures.burst_r;
    *voip = (struct rtcp_voip){
        .ssrc = stream->receiver.ssrc,
        .loss_rate = share_of_256(lost, expected),
        .discard_rate = share_of_256(unheard, expected),
        .burst_density = report.burst_density,
        .gap_density = report.gap_density,
        .burst_ms = report.burst_ms,
        .gap_ms = report.gap_ms,
        .round_trip_ms = stream->peer.rtt_known ? whole_ms(stream->peer.rtt_ms) : 0,
        .end_system_ms = whole_ms(delay + stream->config.ptime_ms),
        .signal_level = level_dbm0(stream->signal_known, stream->signal_dbov),
        .noise_level = level_dbm0(stream->noise_known, stream->noise_dbov),
        .echo_return_loss = RTCP_UNAVAILABLE,
        .gmin = BURSTS_GMIN,
        .external_r_factor = RTCP_UNAVAILABLE,
        .receiver = (stream->config.decode == DECODE_NONE ? PLC_DISABLED : PLC_STANDARD) |
                    (buffer->adaptive ? BUFFER_ADAPTIVE : BUFFER_FIXED),
        .buffer_nominal_ms = whole_ms(delay),
        .buffer_maximum_ms = whole_ms((double)buffer->maximum_ns / 1e6),
        .buffer_limit_ms = whole_ms((double)buffer->maximum_ns / 1e6),
    };
    put_scores(stream, &input, voip);
}
