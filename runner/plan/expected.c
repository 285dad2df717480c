/* How the calls of a group are to end. */
#include "build.h"
#include "cmtest/scenario.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void take_assertion(struct build *build, const struct spec_assertion *row, bool sdp,
                           struct place place, struct assertion *out)
{
    char why[256];
    *out = (struct assertion){.sdp = sdp,
                              .path = build_keep(build, row->path),
                              .value = build_keep(build, row->matches ? row->matches : row->equals),
                              .kind = row->equals                                 ? ASSERT_EQUALS
                                      : row->matches                              ? ASSERT_MATCHES
                                      : row->is && strcmp(row->is, "absent") == 0 ? ASSERT_ABSENT
                                                                                  : ASSERT_PRESENT};
    if (assertion_fault(out, why, sizeof why))
        diag_add(build->diag, DIAG_ERROR, "bad-assertion", place,
                 sdp ? "for example ptime, fmtp:101, video.m or session.o"
                     : "for example Contact or \"Contact;expires\"",
                 "%s", why);
}

size_t build_assertions(struct build *build, const struct spec_assertion *const rows[2],
                        const unsigned counts[2], const char *path, const struct assertion **out)
{
    static const char *const names[] = {"header", "sdp"};
    struct assertion *all =
        arena_array(build->arena, counts[0] + (size_t)counts[1] + 1, sizeof *all);
    size_t count = 0;
    for (unsigned kind = 0; kind < 2; kind++)
        for (unsigned i = 0; i < counts[kind]; i++)
            take_assertion(build, &rows[kind][i], kind == 1,
                           spec_place(build->spec, "%s.%s[%u]", path, names[kind], i),
                           &all[count++]);
    *out = all;
    return count;
}

static void take_messages(struct build *build, unsigned index)
{
    const struct spec_ending *row = &build->spec->groups[index].expect;
    struct call_expect *expect = &build->plan->groups[index].expect;
    struct message_expect *messages =
        arena_array(build->arena, row->messages_count + 1, sizeof *messages);
    for (unsigned i = 0; i < row->messages_count; i++) {
        const struct spec_message *one = &row->messages[i];
        const struct spec_assertion *const rows[] = {one->header, one->sdp};
        const unsigned counts[] = {one->header_count, one->sdp_count};
        char path[64];
        snprintf(path, sizeof path, "groups[%u].expect.messages[%u]", index, i);
        messages[i].method = build_keep(build, one->method);
        messages[i].status = one->status;
        messages[i].sent = !one->way || strcmp(one->way, "sent") == 0;
        messages[i].received = !one->way || strcmp(one->way, "received") == 0;
        messages[i].assertion_count =
            build_assertions(build, rows, counts, path, &messages[i].assertions);
    }
    expect->messages = messages;
    expect->message_count = row->messages_count;
}

void build_expected(struct build *build, unsigned index)
{
    const struct spec_ending *row = &build->spec->groups[index].expect;
    struct call_expect *expect = &build->plan->groups[index].expect;
    expect->status = row->status;
    if (!spec_faulty(build->spec, "groups[%u].expect", index))
        take_messages(build, index);
    for (int i = 0; row->outcome && i <= OUTCOME_TEARDOWN_ERROR; i++) {
        if (strcasecmp(outcome_name((enum endpoint_outcome)i), row->outcome) != 0)
            continue;
        expect->ends = true;
        expect->outcome = (enum endpoint_outcome)i;
    }
}

bool plan_expects_failure(const struct plan_group *group)
{
    return group->expect.status >= 300 ||
           (group->expect.ends && outcome_severity(group->expect.outcome) > 1);
}
