/* A session description, as an offer and as the answer to ours; behind a NUL a second one, which
 * comes in the session that the first began. */
#include "fuzz.h"

#include "cmtest/sdp.h"

#include <stdlib.h>
#include <string.h>

/* The same in all lives: what may be fuzzed is the peer's text. */
static void secure(struct session_local *local, bool required)
{
    static const struct fingerprint print = {.hash = FINGERPRINT_SHA256, .length = 32};
    static struct keying_secret secrets[KEYING_SUITES_MAX];
    local->secrets = secrets;
    local->mux = true;
    local->security = (struct session_security){
        .sdes = true, .dtls = true, .required = required, .fingerprint = &print};
    for (size_t i = 0; suites[i] && i < KEYING_SUITES_MAX; i++) {
        local->security.suites[i] = local->secrets[i].suite = suites[i];
        local->security.suite_count = i + 1;
    }
}

static void check(struct session_local local, const uint8_t *bytes, size_t length)
{
    struct session_media media;
    struct text out = {0};
    for (size_t i = 0; codecs[i] && i < SESSION_CODECS_MAX; i++)
        local.codecs[local.codec_count++] = codecs[i];
    const char *refused = session_answer(&local, (const char *)bytes, length, &out, &media);
    if (!refused) {
        char *said = strdup(text_get(&out));
        struct text again = {0};
        ALWAYS(media.codec && out.length && media.address_length);
        ALWAYS(media.keying.row && (media.keying.row->secured || !local.security.required));
        ALWAYS(media.keying.fingerprint_count <= KEYING_FINGERPRINTS_MAX);
        ALWAYS(media.ptime_ms >= 10 && media.ptime_ms <= 120);
        ALWAYS(!memchr(out.data, '\0', out.length));
        /* The same again in the session that it began: nothing changes, and an offer of ours keeps
         * every line. */
        struct session_media before = media;
        local.said = said;
        local.agreed = &before;
        ALWAYS(!session_answer(&local, (const char *)bytes, length, &again, &media));
        session_revise(&local, &again);
        ALWAYS(strcmp(text_get(&again), said) == 0);
        text_clear(&again);
        session_offer(&local, &again);
        session_revise(&local, &again);
        ALWAYS(!session_accept(&local, said, strlen(said), &media) || local.version);
        text_fini(&again);
        local.said = NULL;
        local.agreed = NULL;
        free(said);
    }
    text_fini(&out);
    refused = session_accept(&local, (const char *)bytes, length, &media);
    ALWAYS(refused || (media.codec && media.keying.row));
}

/* What was agreed on stays when the second one is refused. */
static void check_second(struct session_local local, const char *first, size_t first_length,
                         const char *second, size_t length)
{
    struct session_media agreed, media = {0}, before;
    struct text out = {0}, again = {0};
    for (size_t i = 0; codecs[i] && i < SESSION_CODECS_MAX; i++)
        local.codecs[local.codec_count++] = codecs[i];
    if (!session_answer(&local, first, first_length, &out, &agreed)) {
        char *said = strdup(text_get(&out));
        before = agreed;
        local.said = said;
        local.agreed = &agreed;
        const char *refused = session_answer(&local, second, length, &again, &media);
        ALWAYS(refused || !media.codec || media.address_length);
        ALWAYS(refused || !media.codec || (media.keying.row && media.ptime_ms <= 120));
        ALWAYS(memcmp(&before, &agreed, sizeof before) == 0);
        session_revise(&local, &again);
        text_clear(&again);
        session_offer(&local, &again);
        session_revise(&local, &again);
        refused = session_accept(&local, second, length, &media);
        ALWAYS(refused || !media.codec || media.keying.row);
        ALWAYS(memcmp(&before, &agreed, sizeof before) == 0);
        free(said);
    }
    text_fini(&again);
    text_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct session_local local = {.address = "192.0.2.1", .rtp_port = 4000, .rtcp_port = 4001};
    const uint8_t *end = length ? memchr(bytes, '\0', length) : NULL;
    size_t first = end ? (size_t)(end - bytes) : length;
    for (unsigned how = 0; how < 3; how++) {
        if (how)
            secure(&local, how == 2);
        check(local, bytes, length);
        if (end)
            check_second(local, (const char *)bytes, first, (const char *)end + 1,
                         length - first - 1);
    }
    return 0;
}
