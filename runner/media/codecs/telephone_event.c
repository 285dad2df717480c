/* Digits as RTP events. In SDP it stands once for every clock of the codecs beside it. */
#include "cmtest/codec.h"
#include "fmtp.h"

extern const struct codec codec_telephone_event;

/* RFC 4733 2.4.1: a list of numbers and ranges, which may have spaces. */
static void fmtp_read(const char *fmtp, struct codec_params *params)
{
    uint32_t events = 0;
    unsigned long first, last;

    while (fmtp_range(&fmtp, &first, &last)) {
        for (unsigned long event = first; event <= last && event < 32; event++)
            events |= UINT32_C(1) << event;
    }
    params->events = events;
}

static void fmtp_write(const struct codec_params *params, struct text *out)
{
    const char *comma = "";

    for (unsigned first = 0; first < 32; first++) {
        unsigned last = first;
        if (!(params->events >> first & 1))
            continue;
        while (last < 31 && (params->events >> (last + 1) & 1))
            last++;
        text_printf(out, last > first ? "%s%u-%u" : "%s%u", comma, first, last);
        comma = ",";
        first = last;
    }
}

/* RFC 4733 2.4.1: without fmtp the sixteen digits are understood. */
static void agree(const struct codec_params *own, const struct codec_params *peer,
                  struct codec_params *send)
{
    send->events = own->events & (peer->events ? peer->events : 0xffff);
}

const struct codec codec_telephone_event = {
    .name = "telephone-event",
    .encoding = "telephone-event",
    .help = "digits as RTP events (RFC 4733)",
    .kind = CODEC_EVENTS,
    .payload_type = -1,
    .sample_rate = 8000,
    .ptime_ms = 20,
    .usual = {.events = 0xffff},
    .fmtp_write = fmtp_write,
    .fmtp_read = fmtp_read,
    .agree = agree,
};
