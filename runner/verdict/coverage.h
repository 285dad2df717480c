/*
 * coverage: what is missing from the samples of a threshold. One silent call among a hundred good
 * ones leaves every percentile as it is, because it gives no sample; so it is looked for. Private
 * to runner/verdict.
 */
#ifndef VERDICT_COVERAGE_H
#define VERDICT_COVERAGE_H

#include <stddef.h>
#include "cmtest/result.h"

/* true and a sentence in note when established calls in scope gave no sample of the threshold's
 * metric, or no packet arrived in whole seconds in which it was agreed to. group: as judge_group()
 * found it. */
bool coverage_missing(const struct result *result, const struct threshold *threshold,
                      uint32_t group, char *note, size_t size);

#endif
