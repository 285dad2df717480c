#include "cmtest/topic.h"
#include "cmtest/explanation.h"

static void fill(struct listing *listing)
{
    for (size_t i = 0; explanations[i]; i++) {
        bool error = explanations[i]->severity == DIAG_ERROR;
        listing_add(listing,
                    (const char *const[]){explanations[i]->code, error ? "error" : "warning",
                                          explanations[i]->title});
    }
}

static const struct listing_column columns[] = {
    {"code", NULL}, {"severity", NULL}, {"title", NULL}, {0}};

const struct topic topic_errors = {
    .name = "errors",
    .help = "the codes of findings in a spec; `cmtest explain CODE` tells more",
    .columns = columns,
    .fill = fill,
};
