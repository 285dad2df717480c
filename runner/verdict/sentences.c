/* Sentences that several rules share. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "paragraph.h"

#define NS_PER_S 1e9

/* A length that one would write into a spec, and not less than seconds. */
static double round_up(double seconds)
{
    static const double steps[] = {1,  2,  3,   5,   10,  15,  20,  30,   45,
                                   60, 90, 120, 180, 300, 600, 900, 1800, 3600};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (seconds <= steps[i])
            return steps[i];
    return ceil(seconds / 3600) * 3600;
}

void say_buildup(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    double now = cluster->span_ns == EVENT_NONE ? 0 : (double)cluster->span_ns / NS_PER_S;
    uint32_t all = cluster->before + cluster->after;
    /* So long that all of them come as slowly as the good ones got through. */
    double longer = cluster->fine > 0 ? now * (double)all / (double)cluster->fine : 0;
    if (cluster->scope == SCOPE_LATER && now > 0 && longer > now)
        say_next(paragraph,
                 "lengthen buildup (the starts took %.3g s: try %.0f s), or raise the limit "
                 "at %s.",
                 now, round_up(longer), paragraph->server);
    else
        say_next(paragraph,
                 "use a longer buildup (10 to 30 s to begin with) or fewer endpoints, and "
                 "look for a rate limit at %s.",
                 paragraph->server);
}

void say_pace(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    uint32_t all = cluster->before + cluster->after;
    if (cluster->scope != SCOPE_LATER || cluster->span_ns == EVENT_NONE || cluster->span_ns <= 0)
        return;
    say_cause(paragraph, "They came at %.3g per second.",
              (double)(all - 1) * NS_PER_S / (double)cluster->span_ns);
}

void say_codecs(struct paragraph *paragraph)
{
    say_next(paragraph, "compare groups.%s.audio.codecs (%s) with what %s accepts%s%s%s.",
             paragraph->group, paragraph->codecs[0] ? paragraph->codecs : "none", paragraph->target,
             paragraph->peer_codecs[0] ? " (" : "", paragraph->peer_codecs,
             paragraph->peer_codecs[0] ? ")" : "");
}

void say_media(struct paragraph *paragraph)
{
    const struct result_endpoint *endpoint = cluster_endpoint(paragraph->cluster);
    char local[WORD_SIZE], remote[WORD_SIZE];
    copy_clean(local, sizeof(local), endpoint->media.local);
    copy_clean(remote, sizeof(remote), endpoint->media.remote);
    if (endpoint->media_known && local[0] && remote[0])
        say_next(paragraph,
                 "check that RTP passes between %s and %s in both directions (firewall, NAT, SDP).",
                 local, remote);
    else
        say_next(paragraph, "check that RTP (UDP) passes in both directions: firewall, NAT, SDP.");
}

static bool list_has(const char *list, const char *name, size_t length)
{
    while (*list) {
        size_t word = strcspn(list, ", ");
        if (word == length && strncasecmp(list, name, length) == 0)
            return true;
        list += word;
        list += strspn(list, ", ");
    }
    return false;
}

bool common_codec(const char *a, const char *b, char *out, size_t size)
{
    while (a && b && *a) {
        size_t length = strcspn(a, ", ");
        if (length > 0 && list_has(b, a, length)) {
            snprintf(out, size, "%.*s", (int)length, a);
            return true;
        }
        a += length;
        a += strspn(a, ", ");
    }
    return false;
}
