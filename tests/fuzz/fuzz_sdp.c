/* A session description, as an offer and as the answer to ours. */
#include "fuzz.h"

#include "cmtest/sdp.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct session_local local = {.address = "192.0.2.1", .rtp_port = 4000, .rtcp_port = 4001};
    struct session_media media;
    struct text out = {0};
    for (size_t i = 0; codecs[i] && i < SESSION_CODECS_MAX; i++)
        local.codecs[local.codec_count++] = codecs[i];
    const char *refused = session_answer(&local, (const char *)bytes, length, &out, &media);
    if (!refused) {
        ALWAYS(media.codec && out.length && media.address_length);
        ALWAYS(media.ptime_ms >= 10 && media.ptime_ms <= 120);
        ALWAYS(!memchr(out.data, '\0', out.length));
    }
    text_fini(&out);
    refused = session_accept(&local, (const char *)bytes, length, &media);
    ALWAYS(refused || media.codec);
    return 0;
}
