/*
 * plan_script: the steps of a scenario as sentences, for `cmtest plan`. Private to runner/report.
 */
#ifndef REPORT_PLAN_SCRIPT_H
#define REPORT_PLAN_SCRIPT_H

#include <stdint.h>
#include "cmtest/scenario.h"
#include "cmtest/text.h"

/* "hold, 1 s after the answer: hold (method inactive); expected: status 200 within 1 s" */
void plan_step(const struct script *script, uint32_t index, struct text *out);

#endif
