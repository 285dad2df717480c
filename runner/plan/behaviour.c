/* How a group answers and calls: refusals, early media, and the extensions of SIP that it speaks.
 */
#include "address.h"
#include "build.h"

#include <string.h>

#define SECOND INT64_C(1000000000)
/* So many 3xx in a row are followed. */
#define REDIRECTS 5

bool plan_answers(const struct plan_group *group)
{
    return !group->reject && !group->never;
}

/* A step that decides on a call may let it ring for so long. */
static int64_t decided_ns(const struct script *script)
{
    int64_t longest = 0;
    for (size_t i = 0; i < script->count; i++) {
        const struct step *step = &script->steps[i];
        if (step->action && step->action->decides && step->when == STEP_AT &&
            step->from == OCCURRED_RINGING && step->at_ns > longest)
            longest = step->at_ns;
    }
    return longest;
}

int64_t plan_ring_ns(const struct plan_group *group)
{
    int64_t ring = script_decides(&group->script) ? decided_ns(&group->script) : group->ring_ns;
    return group->delay_ns + (group->never ? PLAN_PATIENCE_NS : ring);
}

static void take_redirect(struct build *build, unsigned index)
{
    const char *uri = build->spec->groups[index].answer.redirect;
    struct plan_group *group = &build->plan->groups[index];
    if (!uri || spec_faulty(build->spec, "groups[%u].answer.redirect", index))
        return;
    const char *fault = uri_fault(uri);
    struct place place = spec_place(build->spec, "groups[%u].answer.redirect", index);
    if (fault && !build_said(build, "bad-uri", place))
        diag_add(build->diag, DIAG_ERROR, "bad-uri", place, "for example sip:other@example.com",
                 "this cannot be called: %s", fault);
    group->redirect = build_keep(build, uri);
    group->reject = 302;
}

/* What a refusal says is of no use without a refusal. */
static void check_words(struct build *build, unsigned index)
{
    static const char *const keys[] = {"phrase", "reason"};
    const struct spec_answer *answer = &build->spec->groups[index].answer;
    const char *const words[] = {answer->phrase, answer->reason};
    for (size_t i = 0; i < 2; i++)
        if (words[i] && !answer->reject && !answer->redirect &&
            !spec_faulty(build->spec, "groups[%u].answer", index))
            diag_add(build->diag, DIAG_ERROR, "needs-key",
                     spec_place(build->spec, "groups[%u].answer.%s", index, keys[i]),
                     "add reject: 486, or remove it", "%s is of a refusal, and this group answers",
                     keys[i]);
}

void build_answer(struct build *build, unsigned index)
{
    const struct spec_answer *answer = &build->spec->groups[index].answer;
    struct plan_group *group = &build->plan->groups[index];
    group->delay_ns = answer->delay_ns;
    group->ring_ns = answer->ring_ns;
    group->reject = answer->reject;
    group->answer_ns = answer->duration_ns;
    group->early_media = answer->early_media;
    group->never = answer->never;
    group->phrase = build_keep(build, answer->phrase);
    group->reason = build_keep(build, answer->reason);
    take_redirect(build, index);
    check_words(build, index);
}

/* ---- extensions ------------------------------------------------------------------------------ */

static enum dialog_use use_of(const char *mode)
{
    if (mode && strcmp(mode, "required") == 0)
        return USE_REQUIRED;
    return mode && strcmp(mode, "supported") == 0 ? USE_SUPPORTED : USE_DISABLED;
}

static enum dialog_refresher refresher_of(const char *word)
{
    if (word && strcmp(word, "uac") == 0)
        return REFRESHER_UAC;
    return word && strcmp(word, "uas") == 0 ? REFRESHER_UAS : REFRESHER_ANY;
}

void build_extensions(struct build *build, unsigned index)
{
    const struct spec_group *row = &build->spec->groups[index];
    const struct spec_timer *timer = &row->session_timer;
    struct plan_group *group = &build->plan->groups[index];
    group->late_offer = row->late_offer;
    group->dialog = (struct dialog_options){
        .reliable = use_of(row->reliable_provisional),
        .timer = use_of(timer->mode),
        .timer_expires = (uint32_t)(timer->expires_ns / SECOND),
        .timer_min = (uint32_t)(timer->min_se_ns / SECOND),
        .refresher = refresher_of(timer->refresher),
        .soft_expiry = timer->soft_expiry,
        .redirects = row->redirects && strcmp(row->redirects, "follow") == 0 ? REDIRECTS : 0,
    };
}

static void check_use(struct build *build, unsigned index, uint32_t other, const char *key,
                      const char *what, enum dialog_use own, enum dialog_use theirs)
{
    const struct spec *spec = build->spec;
    if (own != USE_REQUIRED || theirs != USE_DISABLED ||
        spec_faulty(spec, "groups[%u].%s", index, key) ||
        spec_faulty(spec, "groups[%u].%s", other, key))
        return;
    struct place place = spec_place(spec, "groups[%u].%s", index, key);
    if (build_said(build, "no-common-extension", place))
        return;
    diag_add(build->diag, build_between(build, index, other), "no-common-extension", place,
             "set it to supported on the other side",
             "group %s requires %s, and group %s has that off", build->plan->groups[index].name,
             what, build->plan->groups[other].name);
    diag_related(build->diag, spec_place(spec, "groups[%u].%s", other, key), "%s is defined here",
                 build->plan->groups[other].name);
}

static void check_pair(struct build *build, unsigned one, uint32_t other)
{
    const struct dialog_options *a = &build->plan->groups[one].dialog;
    const struct dialog_options *b = &build->plan->groups[other].dialog;
    check_use(build, one, other, "reliable_provisional", "100rel", a->reliable, b->reliable);
    check_use(build, one, other, "session_timer", "session timers", a->timer, b->timer);
}

/* Of a call alone, in a group that makes none. */
static void check_calling(struct build *build, unsigned index)
{
    static const char *const keys[] = {"late_offer", "redirects"};
    const struct spec *spec = build->spec;
    if (build->plan->groups[index].callers || spec_faulty(spec, "groups[%u].call", index) ||
        spec_faulty(spec, "groups[%u].endpoints", index))
        return;
    for (size_t i = 0; i < 2; i++)
        if (spec_given(spec, "groups[%u].%s", index, keys[i]))
            diag_add(build->diag, DIAG_WARNING, "never-calls",
                     spec_place(spec, "groups[%u].%s", index, keys[i]), "it has no effect",
                     "%s is of calls, and group %s only answers", keys[i],
                     build->plan->groups[index].name);
}

void build_behaviour_check(struct build *build)
{
    for (unsigned i = 0; i < build->spec->groups_count; i++) {
        const struct plan_group *group = &build->plan->groups[i];
        check_calling(build, i);
        if (group->call != CALL_GROUP || group->target == i)
            continue;
        check_pair(build, i, group->target);
        check_pair(build, group->target, i);
    }
}
