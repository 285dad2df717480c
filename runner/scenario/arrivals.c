#include "arrivals.h"

#include <string.h>

/* Of a digit, and of the pause behind it, when nothing is said. */
#define TONE_NS INT64_C(100000000)

void arrivals_add(struct arrivals *arrivals, enum digit_method method, char digit,
                  int64_t duration_ns)
{
    arrivals->ring[arrivals->count++ % ARRIVED_MAX] =
        (struct arrival){method, digit, duration_ns, arrivals->came[method]++};
}

static bool sends_by(const struct step *step, enum digit_method one)
{
    const char *method = step_text(step, "method");
    if (method && strcmp(method, "both") == 0)
        return one == DIGIT_RTP || one == DIGIT_INFO;
    return strcmp(method ? method : "rtp", digit_method_name(one)) == 0;
}

void arrivals_claim(struct arrivals *arrivals, int64_t now, const struct step *step, bool awaited,
                    uint64_t from[DIGIT_METHODS])
{
    const char *digits = step_text(step, "digits");
    bool idle = now > arrivals->claimed_ns;
    for (int i = 0; i < DIGIT_METHODS; i++) {
        from[i] = arrivals->came[i];
        if ((!idle || awaited) && arrivals->claimed[i] > from[i])
            from[i] = arrivals->claimed[i];
        arrivals->claimed[i] = from[i];
        if (digits && sends_by(step, (enum digit_method)i))
            arrivals->claimed[i] += strlen(digits);
    }
    if (!digits)
        return;
    /* They wait behind those that are being sent. */
    int64_t sent_ns = idle ? now : arrivals->claimed_ns - PLAYER_PATIENCE_NS;
    int64_t each = step_duration(step, "tone", TONE_NS) + step_duration(step, "gap", TONE_NS);
    arrivals->claimed_ns =
        (sent_ns > now ? sent_ns : now) + each * (int64_t)strlen(digits) + PLAYER_PATIENCE_NS;
}

void arrivals_unclaim(struct arrivals *arrivals, const uint64_t from[DIGIT_METHODS])
{
    memcpy(arrivals->claimed, from, sizeof arrivals->claimed);
}

static bool is_sent_by(const struct script *script, enum digit_method one)
{
    bool any = false;
    for (size_t i = 0; i < script->count; i++) {
        const struct step *step = &script->steps[i], *other = step->otherwise;
        any = any || (step_text(step, "digits") && sends_by(step, one)) ||
              (other && step_text(other, "digits") && sends_by(other, one));
    }
    return any;
}

unsigned arrivals_methods(const struct script *script, const struct step *step)
{
    unsigned methods = 0;
    bool sends = step_text(step, "digits");
    for (int i = 0; i < DIGIT_METHODS; i++)
        if (!sends || sends_by(step, (enum digit_method)i) ||
            !is_sent_by(script, (enum digit_method)i))
            methods |= 1U << i;
    return methods;
}

size_t arrivals_since(const struct arrivals *arrivals, const uint64_t from[DIGIT_METHODS],
                      unsigned methods, struct arrival out[ARRIVED_MAX])
{
    uint64_t number = arrivals->count > ARRIVED_MAX ? arrivals->count - ARRIVED_MAX : 0;
    size_t count = 0;
    for (; number < arrivals->count; number++) {
        const struct arrival *one = &arrivals->ring[number % ARRIVED_MAX];
        if (one->number >= from[one->method] && (methods >> one->method & 1))
            out[count++] = *one;
    }
    return count;
}
