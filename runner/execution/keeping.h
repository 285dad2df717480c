/* keeping: the journal of a run, from its plan. */
#ifndef CMTEST_EXECUTION_KEEPING_H
#define CMTEST_EXECUTION_KEEPING_H

#include "cmtest/execution.h"
#include "cmtest/journal.h"

/* NULL: none was asked for, or it cannot be written, which watch->journal_why then tells. */
struct journal_writer *keeping_begin(const struct plan *plan, const struct result *result,
                                     const struct execution_watch *watch);
/* The result has been judged. writer may be NULL. */
void keeping_end(struct journal_writer *writer, const struct result *result,
                 const struct execution_watch *watch);

#endif
