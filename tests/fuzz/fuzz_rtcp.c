/* A compound RTCP packet. */
#include "fuzz.h"

#include "cmtest/rtcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rtcp_report report, again;
    uint8_t out[2048];
    if (!rtcp_parse(bytes, length, &report))
        return 0;
    ALWAYS(report.block_count <= sizeof report.blocks / sizeof *report.blocks);
    for (size_t i = 0; i < report.block_count; i++)
        ALWAYS(rtcp_rtt_ms(0x12345678, report.blocks[i].lsr, report.blocks[i].dlsr) >= -1e9);
    size_t written = rtcp_write(&report, "fuzz@example.com", out, sizeof out);
    ALWAYS(written > 0 && rtcp_parse(out, written, &again));
    ALWAYS(again.ssrc == report.ssrc && again.block_count == report.block_count);
    return 0;
}
