/*
 * place: paths as the readers of a report know them. Private to runner/report.
 */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include "cmtest/report.h"

/* The path of a spec as readers know it: from the root of the repository when it is below it, else
 * as it was given, without a leading "./". "" for NULL. */
void place_spec(const struct report *report, const char *path, struct text *out);

/* "[[ATTACHMENT|/work/out/a/evidence/callers-1.txt]]" and a line end for a file of a run's folder;
 * nothing when there is no folder, or when the path holds what would end the syntax. */
void place_attach(const struct report *report, const struct report_run *run, const char *file,
                  struct text *out);

/* The file of a format in the output folder, or in that of the run when it is about one; as the
 * user would type it. */
void place_file(const struct report *report, const struct report_run *run, const char *file,
                struct text *out);

#endif
