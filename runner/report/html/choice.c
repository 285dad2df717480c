/*
 * Which endpoints have a page with their seconds and messages.
 */
#include "html/detail.h"

#include <stdlib.h>
#include "evidence.h"

/* Of DETAIL_ENDPOINTS_MAX: for calls that did not end well, and for those and the worst media. */
#define FAILED_MAX (DETAIL_ENDPOINTS_MAX / 2)
#define WORST_MAX (DETAIL_ENDPOINTS_MAX * 3 / 4)

/* With its partner, for they are shown beside each other. */
static void choose(struct html_choice *choice, const struct result *result, uint32_t endpoint,
                   enum html_why why, uint32_t most)
{
    if (endpoint >= result->roster->endpoint_count)
        return;
    const uint32_t both[2] = {endpoint, result_partner(result, endpoint)};
    for (int i = 0; i < 2; i++) {
        if (both[i] == ROSTER_NONE || choice->slots[both[i]] != HTML_NO_SLOT ||
            choice->count >= most)
            continue;
        choice->slots[both[i]] = choice->count;
        choice->why[choice->count] = why;
        choice->endpoints[choice->count++] = both[i];
    }
}

static void choose_failed(struct html_choice *choice, const struct result *result)
{
    struct evidence_list *list = calloc(1, sizeof(*list));
    if (!list)
        abort();
    evidence_choose(list, result);
    for (uint32_t i = 0; i < list->count; i++)
        for (int side = 0; side < EVIDENCE_SIDES; side++)
            choose(choice, result, list->calls[i].sides[side], HTML_FAILED, FAILED_MAX);
    free(list);
    /* Those that the diagnoses name. */
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        for (uint32_t n = 0; n < result->diagnoses[i].first_count; n++)
            choose(choice, result, result->diagnoses[i].first[n], HTML_FAILED, FAILED_MAX);
    for (uint32_t i = 0; i < result->roster->endpoint_count && choice->count < FAILED_MAX; i++)
        if (!result->endpoints[i].closed ||
            outcome_severity(result->endpoints[i].outcome.outcome) > 0)
            choose(choice, result, i, HTML_FAILED, FAILED_MAX);
}

enum { BY_LOWEST, BY_MEAN, BY_LOSS, RANKINGS };

/* Greater is worse; 0: nothing is known. */
static double badness(const struct result *result, const struct html_figures *figures,
                      uint32_t endpoint, int ranking)
{
    const struct html_figures *own = &figures[endpoint];
    const struct event_call *call = &result->endpoints[endpoint].call;
    if (ranking == BY_LOSS)
        return call->media_known && call->packets_expected
                   ? (double)call->packets_missing / (double)call->packets_expected
                   : 0;
    if (own->mos_count == 0)
        return 0;
    return 5 - (ranking == BY_LOWEST ? own->mos_min : own->mos_sum / own->mos_count);
}

/* The worst second, the worst call and the greatest loss are seldom those of one endpoint. */
static void choose_worst(struct html_choice *choice, const struct result *result,
                         const struct html_figures *figures)
{
    for (int turn = 0; choice->count < WORST_MAX && turn < DETAIL_ENDPOINTS_MAX; turn++) {
        uint32_t worst = ROSTER_NONE;
        double most = 0;
        for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
            double bad =
                choice->slots[i] == HTML_NO_SLOT ? badness(result, figures, i, turn % RANKINGS) : 0;
            if (bad > most) {
                most = bad;
                worst = i;
            }
        }
        choose(choice, result, worst, HTML_WORST, WORST_MAX);
    }
}

void html_choose(struct html_choice *choice, const struct result *result,
                 const struct html_figures *figures)
{
    uint32_t count = result->roster->endpoint_count;
    *choice = (struct html_choice){.slots = malloc((count + 1) * sizeof(*choice->slots))};
    if (!choice->slots)
        abort();
    for (uint32_t i = 0; i < count; i++)
        choice->slots[i] = HTML_NO_SLOT;
    choose_failed(choice, result);
    choose_worst(choice, result, figures);
    /* The others in equal distances. */
    uint32_t step = count / DETAIL_ENDPOINTS_MAX + 1;
    for (uint32_t i = 0; i < count; i += step)
        choose(choice, result, i, HTML_SAMPLE, DETAIL_ENDPOINTS_MAX);
    for (uint32_t i = 0; i < count && choice->count < DETAIL_ENDPOINTS_MAX; i++)
        choose(choice, result, i, HTML_SAMPLE, DETAIL_ENDPOINTS_MAX);
}
