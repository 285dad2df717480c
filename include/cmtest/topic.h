/*
 * topic: what `cmtest list` can list. One row per topic under runner/cli/topics/; the rows of a
 * listing come from the tables and field lists of the program.
 */
#ifndef CMTEST_TOPIC_H
#define CMTEST_TOPIC_H

#include "cmtest/listing.h"

struct topic {
    const char *name; /* "codecs" */
    const char *help;
    const struct listing_column *columns;
    void (*fill)(struct listing *listing);
};

/* NULL-terminated, in the order of table.def. */
extern const struct topic *const topics[];

#endif
