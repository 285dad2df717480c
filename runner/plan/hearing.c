/* How a group hears and reports, and what its packets are marked with. */
#include "build.h"
#include "estimate_load.h"

#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)
/* The levels of all would cost more than all the rest: of a large group so many are decoded that it
 * adds so much to a packet on average, and of a small one it does not matter. */
#define SAMPLED_ONE_IN 10
#define SAMPLED_FEW 10
#define SAMPLED_NS 200
/* The usual buffer, ms. */
#define NOMINAL 60
#define MINIMUM 20
#define MAXIMUM 300

static uint32_t sampled_one_in(const struct plan_group *group)
{
    uint32_t one_in = SAMPLED_ONE_IN;
    for (size_t i = 0; i < group->codec_count; i++) {
        uint32_t affordable = (uint32_t)(load_codec_ns(group->codecs[i]) / SAMPLED_NS);
        one_in = affordable > one_in ? affordable : one_in;
    }
    uint32_t few = group->count / SAMPLED_FEW;
    if (one_in > few)
        one_in = few > SAMPLED_ONE_IN ? few : SAMPLED_ONE_IN;
    return one_in;
}

static void set_decoding(struct build *build, unsigned index, struct plan_hearing *hearing)
{
    const struct spec_audio *audio = &build->spec->groups[index].audio;
    const char *word = audio->decode ? audio->decode : "sampled";
    hearing->decode = DECODE_SAMPLED;
    /* Who records wants to listen to some. */
    hearing->decode_one_in =
        audio->record ? SAMPLED_ONE_IN : sampled_one_in(&build->plan->groups[index]);
    if (strcmp(word, "none") == 0)
        hearing->decode = DECODE_NONE;
    else if (strcmp(word, "full") == 0)
        hearing->decode = DECODE_FULL;
    else if (strcmp(word, "sampled") != 0)
        hearing->decode_one_in = (uint32_t)strtoul(word, NULL, 10);
    hearing->record = build_keep(build, audio->record);
    struct place place = spec_place(build->spec, "groups[%u].audio.record", index);
    if (audio->record && hearing->decode == DECODE_NONE &&
        !spec_faulty(build->spec, "groups[%u].audio.record", index) &&
        !build_said(build, "nothing-to-record", place))
        diag_add(build->diag, DIAG_ERROR, "nothing-to-record", place,
                 "decode: full, or leave record out", "nothing is decoded that could be recorded");
}

static void impossible(struct build *build, struct place place, const char *hint, const char *what)
{
    if (!build_said(build, "impossible-playout", place))
        diag_add(build->diag, DIAG_ERROR, "impossible-playout", place, hint, "%s", what);
}

static void check_fixed(struct build *build, unsigned index, const struct spec_playout *row)
{
    const char *key = row->minimum_ns ? "minimum" : "maximum";
    if (row->minimum_ns || row->maximum_ns)
        impossible(build, spec_place(build->spec, "groups[%u].audio.playout.%s", index, key),
                   "write nominal, or mode: adaptive",
                   "a fixed buffer has one delay, which is nominal");
}

static uint32_t usual(int64_t given_ns, uint32_t other)
{
    return given_ns ? (uint32_t)(given_ns / MS) : other;
}

/* What is given decides; what is not gives way to it. */
static void set_playout(struct build *build, unsigned index, struct stream_playout *playout)
{
    const struct spec_playout *row = &build->spec->groups[index].audio.playout;
    playout->fixed = row->mode && strcmp(row->mode, "fixed") == 0;
    playout->minimum_ms = usual(row->minimum_ns, MINIMUM);
    playout->maximum_ms = usual(row->maximum_ns, MAXIMUM);
    playout->nominal_ms = usual(row->nominal_ns, NOMINAL);
    if (spec_faulty(build->spec, "groups[%u].audio.playout", index))
        return;
    if (playout->fixed) {
        check_fixed(build, index, row);
        return;
    }
    if (!row->minimum_ns && playout->minimum_ms > playout->nominal_ms)
        playout->minimum_ms = playout->nominal_ms;
    if (!row->minimum_ns && playout->minimum_ms > playout->maximum_ms)
        playout->minimum_ms = playout->maximum_ms;
    if (!row->maximum_ns && playout->maximum_ms < playout->nominal_ms)
        playout->maximum_ms = playout->nominal_ms;
    if (!row->maximum_ns && playout->maximum_ms < playout->minimum_ms)
        playout->maximum_ms = playout->minimum_ms;
    if (!row->nominal_ns && playout->nominal_ms < playout->minimum_ms)
        playout->nominal_ms = playout->minimum_ms;
    if (!row->nominal_ns && playout->nominal_ms > playout->maximum_ms)
        playout->nominal_ms = playout->maximum_ms;
    if (playout->minimum_ms > playout->nominal_ms || playout->nominal_ms > playout->maximum_ms)
        impossible(build, spec_place(build->spec, "groups[%u].audio.playout", index),
                   "minimum: 20ms, nominal: 60ms, maximum: 300ms are the usual ones",
                   "the minimum of a buffer is at most its nominal delay, and that at most its "
                   "maximum");
}

static uint8_t dscp_of(const char *word)
{
    static const struct {
        const char *name;
        uint8_t value;
    } classes[] = {{"ef", 46}, {"af41", 34}, {"cs3", 24}, {"cs1", 8}, {"none", 0}};
    for (size_t i = 0; word && i < sizeof classes / sizeof *classes; i++)
        if (strcmp(word, classes[i].name) == 0)
            return classes[i].value;
    return word ? (uint8_t)(strtoul(word, NULL, 10) & 63) : 0;
}

void build_hearing(struct build *build, unsigned index)
{
    const struct spec_audio *audio = &build->spec->groups[index].audio;
    struct plan_group *group = &build->plan->groups[index];
    set_decoding(build, index, &group->hearing);
    set_playout(build, index, &group->hearing.playout);
    group->hearing.rtcp_interval_ns = audio->rtcp.interval_ns;
    group->hearing.extended_reports = audio->rtcp.extended_reports;
    group->dscp = dscp_of(audio->dscp);
    group->receive_buffer = audio->receive_buffer;
}
