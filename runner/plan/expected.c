/* How the calls of a group are to end. */
#include "build.h"
#include "cmtest/scenario.h"

#include <strings.h>

void build_expected(struct build *build, unsigned index)
{
    const struct spec_ending *row = &build->spec->groups[index].expect;
    struct call_expect *expect = &build->plan->groups[index].expect;
    expect->status = row->status;
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
