/* The media of groups, and whether partners can agree. */
#include "build.h"

#include <string.h>

#define MS INT64_C(1000000)

/* Where the name stands among the first count; count when it does not. A codec that was found wrong
 * has no name. */
static unsigned find_name(const struct spec_audio *audio, unsigned count, const char *name)
{
    unsigned i = 0;
    while (i < count && (!audio->codecs[i].name || strcmp(audio->codecs[i].name, name) != 0))
        i++;
    return i;
}

static bool has_name(const struct spec_audio *audio, unsigned count, const char *name)
{
    return find_name(audio, count, name) < count;
}

static bool carries_speech(const char *name)
{
    const struct codec *codec = codec_find(name);
    return codec && codec->kind == CODEC_AUDIO;
}

static void duplicate(struct build *build, const char *name, struct place place, struct place first)
{
    if (build_said(build, "duplicate-codec", place))
        return;
    diag_add(build->diag, DIAG_ERROR, "duplicate-codec", place, "remove one",
             "%s is in the list twice", name);
    diag_related(build->diag, first, "it is here already");
}

/* What is asked of a codec that it has not. */
static void check_params(struct build *build, const struct spec_codec *row,
                         const struct codec *codec, struct place place)
{
    if (row->bitrate && !codec->bit_rate_max)
        diag_add(build->diag, DIAG_ERROR, "fixed-bitrate", place, "remove \"bitrate\"",
                 "%s has one bit rate and cannot be told another", codec->name);
    uint32_t ptime = (uint32_t)(row->ptime_ns / MS);
    if (ptime && codec->kind == CODEC_AUDIO && codec_ptime(codec, ptime) != ptime)
        diag_add(build->diag, DIAG_ERROR, "impossible-ptime", place, "10ms, 20ms, 40ms or 60ms",
                 "%s has no packets of %u ms", codec->name, (unsigned)ptime);
}

static void set_params(struct build *build, const struct spec_codec *row, const struct codec *codec,
                       uint32_t ptime_ms, struct place place, struct codec_params *params)
{
    *params = codec->usual;
    if (row->fmtp) {
        *params = (struct codec_params){.fmtp = build_keep(build, row->fmtp)};
        if (codec->fmtp_read)
            codec->fmtp_read(row->fmtp, params);
    }
    params->bitrate = row->bitrate;
    params->ptime_ms = ptime_ms;
    check_params(build, row, codec, place);
}

/* What a track may end up with. */
enum { PLAIN = 1, SDES = 2, DTLS = 4 };

static unsigned ways(const struct spec_security *security)
{
    unsigned keys = strcmp(security->mode, "sdes") == 0   ? SDES
                    : strcmp(security->mode, "dtls") == 0 ? DTLS
                    : strcmp(security->mode, "dual") == 0 ? SDES | DTLS
                                                          : PLAIN;
    bool optional = security->policy && strcmp(security->policy, "optional") == 0;
    return keys | (optional ? PLAIN : 0);
}

/* Those that peers are likely to know; a longer list makes every offer longer. */
static const char *const usual_suites[] = {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32",
                                           "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"};

static void set_security(struct build *build, unsigned index)
{
    const struct spec_audio *audio = &build->spec->groups[index].audio;
    struct plan_group *group = &build->plan->groups[index];
    const struct spec_security *row = &audio->security;
    const char *const *names = usual_suites;
    size_t count = sizeof usual_suites / sizeof *usual_suites;
    unsigned keys = row->mode ? ways(row) : PLAIN;
    struct session_security *security = &group->security;

    group->feedback = audio->avpf;
    group->mux = audio->rtcp_mux;
    security->sdes = keys & SDES;
    security->dtls = keys & DTLS;
    security->required = !(keys & PLAIN);
    group->rekey_ns = row->rekey_ns;
    group->deferred = audio->deferred;
    if (row->rekey_ns && !security->sdes)
        diag_add(build->diag, DIAG_ERROR, "rekey-without-sdes",
                 spec_place(build->spec, "groups[%u].audio.security.rekey", index),
                 "set \"mode: sdes\"", "only the keys of SDES can be renewed in a call");
    if (row->suites_count) {
        names = (const char *const *)row->suites;
        count = row->suites_count;
    }
    for (size_t i = 0; i < count && (keys & (SDES | DTLS)); i++) {
        const struct suite *suite = names[i] ? suite_find(names[i]) : NULL;
        if (suite && security->suite_count < KEYING_SUITES_MAX)
            security->suites[security->suite_count++] = suite;
    }
}

void build_media(struct build *build, unsigned index)
{
    const struct spec_audio *audio = &build->spec->groups[index].audio;
    struct plan_group *group = &build->plan->groups[index];
    bool speech = false;
    for (unsigned i = 0; i < audio->codecs_count; i++) {
        const struct spec_codec *row = &audio->codecs[i];
        struct place place = spec_place(build->spec, "groups[%u].audio.codecs[%u]", index, i);
        if (!row->name || spec_faulty(build->spec, "groups[%u].audio.codecs[%u]", index, i))
            continue;
        const struct codec *codec = codec_find(row->name);
        speech = speech || carries_speech(row->name);
        if (has_name(audio, i, row->name)) {
            unsigned first = find_name(audio, i, row->name);
            duplicate(build, row->name, place,
                      spec_place(build->spec, "groups[%u].audio.codecs[%u]", index, first));
        } else if (codec && group->codec_count < SESSION_CODECS_MAX) {
            int64_t ptime = row->ptime_ns ? row->ptime_ns : audio->ptime_ns;
            set_params(build, row, codec, (uint32_t)(ptime / MS), place,
                       &group->params[group->codec_count]);
            group->codecs[group->codec_count++] = codec;
        }
    }
    if (!speech && !spec_faulty(build->spec, "groups[%u].audio", index))
        diag_add(build->diag, DIAG_ERROR, "no-speech-codec",
                 spec_place(build->spec, "groups[%u].audio.codecs", index), "add pcma",
                 "none of these codecs can carry speech");
    build_sources(build, index);
    set_security(build, index);
}

static bool common_codec(const struct spec_audio *one, const struct spec_audio *other)
{
    for (unsigned i = 0; i < one->codecs_count; i++) {
        const char *name = one->codecs[i].name;
        if (name && carries_speech(name) && has_name(other, other->codecs_count, name))
            return true;
    }
    return false;
}

static bool common_suite(const struct spec_security *one, const struct spec_security *other)
{
    for (unsigned i = 0; i < one->suites_count; i++)
        for (unsigned j = 0; j < other->suites_count; j++)
            if (strcmp(one->suites[i], other->suites[j]) == 0)
                return true;
    return !one->suites_count || !other->suites_count;
}

static void check_security(struct build *build, unsigned index, uint32_t target,
                           const struct spec_security *one, const struct spec_security *other)
{
    const struct spec *spec = build->spec;
    unsigned common = one->mode && other->mode ? ways(one) & ways(other) : PLAIN;
    if (!common) {
        diag_add(build->diag, build_between(build, index, target), "no-common-security",
                 spec_place(spec, "groups[%u].audio.security", index),
                 "calls are refused with 488, unless a server changes the media; give both groups "
                 "one security",
                 "groups %s and %s have no security in common: %s and %s", spec->groups[index].name,
                 spec->groups[target].name, one->mode, other->mode);
    } else if (common == SDES && !common_suite(one, other)) {
        diag_add(build->diag, build_between(build, index, target), "no-common-suite",
                 spec_place(spec, "groups[%u].audio.security.suites", index),
                 "give both groups one suite", "groups %s and %s have no SRTP suite in common",
                 spec->groups[index].name, spec->groups[target].name);
    } else {
        return;
    }
    diag_related(build->diag, spec_place(spec, "groups[%u].audio.security", target),
                 "the partner's is here");
}

void build_common_media(struct build *build)
{
    const struct spec *spec = build->spec;
    for (unsigned i = 0; i < spec->groups_count; i++) {
        const struct plan_group *group = &build->plan->groups[i];
        uint32_t target = group->target;
        if (group->call != CALL_GROUP || target == i || spec_faulty(spec, "groups[%u].audio", i) ||
            spec_faulty(spec, "groups[%u].audio", target))
            continue;
        const struct spec_audio *one = &spec->groups[i].audio, *other = &spec->groups[target].audio;
        if (!common_codec(one, other))
            diag_add(
                build->diag, DIAG_ERROR, "no-common-codec", spec_place(spec, "groups[%u].call", i),
                "calls are refused with 488, unless a server changes the media; give both groups "
                "one codec",
                "groups %s and %s have no codec in common", group->name, spec->groups[target].name);
        check_security(build, i, target, &one->security, &other->security);
    }
}
