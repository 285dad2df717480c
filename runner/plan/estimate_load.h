/* estimate_load: the peaks of an estimate, and what a machine has for them. */
#ifndef CMTEST_PLAN_ESTIMATE_LOAD_H
#define CMTEST_PLAN_ESTIMATE_LOAD_H

#include "cmtest/estimate.h"

/* The planned moments of the call that an endpoint makes. */
struct load_call {
    int64_t dial_ns, answer_ns, end_ns; /* answer and end are one when it is refused */
    bool refused;
};

struct load_call load_call(const struct plan *plan, uint32_t caller);

/* Fills the peaks; the groups and calls are known. */
void load_peaks(const struct plan *plan, struct estimate *estimate);

/* Processes that it is worth to run in: one on each CPU when the load asks for more than one, for a
 * small run begins sooner without. The peaks are known. */
uint32_t load_workers(const struct plan *plan, const struct machine *machine,
                      const struct estimate *estimate);

/* Fills the resources and the verdict; the peaks are known. */
void load_resources(const struct plan *plan, const struct machine *machine,
                    struct estimate *estimate);

/* Measured: what decoding adds to a received packet. */
double load_codec_ns(const struct codec *codec);

/* Decoding, of a packet that an endpoint of the group receives, on average. */
double load_decoding_ns(const struct plan_group *group, const struct estimate_group *own);

/* Fills what the run will have spent; all else is known. */
void load_costs(const struct plan *plan, const struct machine *machine, struct estimate *estimate);

#endif
