#include "cmtest/topic.h"
#include "cmtest/diagnosis.h"

static void fill(struct listing *listing)
{
    for (size_t i = 0; diagnoses[i]; i++)
        listing_add(listing, (const char *const[]){diagnoses[i]->name, diagnoses[i]->title,
                                                   diagnoses[i]->help});
}

static const struct listing_column columns[] = {
    {"name", NULL}, {"title", NULL}, {"help", NULL}, {0}};

const struct topic topic_diagnoses = {
    .name = "diagnoses",
    .help = "what a failed run is explained by: the rules, the first that fits speaks",
    .columns = columns,
    .fill = fill,
};
