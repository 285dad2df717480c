#include "cmtest/topic.h"
#include "cmtest/scenario.h"
#include "choice.h"

static void fill(struct listing *listing)
{
    for (size_t i = 0; triggers[i]; i++)
        choice_list(listing, &triggers[i]->choice);
}

static const struct listing_column columns[] = {
    {"name", NULL}, {"keys", "with "}, {"status", NULL}, {"help", NULL}, {0}};

const struct topic topic_triggers = {
    .name = "triggers",
    .help = "what can start a step of a scenario (on:); explain tells of each",
    .columns = columns,
    .fill = fill,
};
