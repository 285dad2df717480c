#include "cmtest/estimate.h"

#include <string.h>

/* What session_offer() is given, to be found again in what it writes. */
#define PORT 49170
#define ID 3724394400

static const char *placeholder(const char *line, const char *word, size_t length,
                               const char *address)
{
    bool names_port = *line == 'm' || strncmp(line, "a=rtcp:", 7) == 0;
    if (strlen(address) == length && memcmp(word, address, length) == 0)
        return "<address>";
    if (names_port && length == 5 && memcmp(word, "49170", 5) == 0)
        return "<port>";
    if (*line == 'o' && length == 10 && memcmp(word, "3724394400", 10) == 0)
        return "<id>";
    return NULL;
}

static void put_line(const char *line, size_t length, const char *address, struct text *out)
{
    for (size_t at = 0; at < length;) {
        size_t word = strcspn(line + at, " \r\n");
        const char *other = placeholder(line, line + at, word, address);
        if (other)
            text_add(out, other);
        else
            text_add_bytes(out, line + at, word);
        at += word;
        for (; at < length && strchr(" \r\n", line[at]); at++)
            text_add_bytes(out, line + at, 1);
    }
}

void estimate_offer(const struct plan *plan, uint32_t group, struct text *out)
{
    const struct plan_group *own = &plan->groups[group];
    const char *host = plan->registrars[own->registrar].host;
    struct session_local local = {
        .address = strchr(host, ':') ? "::" : "0.0.0.0",
        .rtp_port = PORT,
        .rtcp_port = PORT + 1,
        .id = ID,
        .version = 1,
        .codec_count = own->codec_count,
        .security = own->security,
        .feedback = own->feedback,
        .mux = own->mux,
        .extended_reports = own->hearing.extended_reports,
    };
    /* Of the same length as any of a run. */
    static const struct fingerprint fingerprint = {.hash = FINGERPRINT_SHA256, .length = 32};
    local.security.fingerprint = &fingerprint;
    struct keying_secret secrets[KEYING_SUITES_MAX] = {0};
    local.secrets = secrets;
    for (size_t i = 0; i < own->security.suite_count; i++)
        local.secrets[i].suite = own->security.suites[i];
    memcpy(local.codecs, own->codecs, own->codec_count * sizeof local.codecs[0]);
    memcpy(local.params, own->params, own->codec_count * sizeof local.params[0]);
    struct text offer = {0};
    session_offer(&local, &offer);
    for (const char *line = text_get(&offer); *line;) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        put_line(line, length, local.address, out);
        line += length;
    }
    text_fini(&offer);
}
