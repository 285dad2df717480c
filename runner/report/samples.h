/*
 * samples: what the verdict saw of a run, sample by sample, from its journal: what each event gives
 * to each metric, then what was due and never told (the call that nobody reported counts as failed,
 * result.h), and last what is missing: an endpoint that owed a sample and gave none.
 */
#ifndef CMTEST_REPORT_SAMPLES_H
#define CMTEST_REPORT_SAMPLES_H

#include "cmtest/journal.h"
#include "cmtest/report.h"

struct sample {
    const struct result *result;
    uint32_t endpoint;
    struct metric_key key;
    const struct event *event; /* that it is of; NULL: missing */
    double value;              /* in the metric's unit, but 0 or 1 of a rate; NaN: missing */
    enum endpoint_phase phase; /* in which the endpoint was */
};

typedef void sample_fn(void *to, const struct sample *sample);

/* In the order of the run. Holds nothing but a phase per endpoint. */
void samples_read(const struct report_run *run, sample_fn *take, void *to);

#endif
