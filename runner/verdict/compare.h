#ifndef VERDICT_COMPARE_H
#define VERDICT_COMPARE_H

#include "cmtest/threshold.h"

/* value comparison limit; what differs only by rounding is the same. */
bool threshold_holds(double value, enum comparison comparison, double limit);

#endif
