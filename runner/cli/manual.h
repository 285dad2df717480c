/*
 * manual: cmtest(1) as roff (man macros), from the tables of commands, guides, exit codes,
 * variables and report formats. Pure: the same program gives the same page.
 */
#ifndef CMTEST_MANUAL_H
#define CMTEST_MANUAL_H

#include "cmtest/text.h"

void manual_write(struct text *out);

#endif
