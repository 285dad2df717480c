#include "cmtest/topic.h"
#include "cmtest/scenario.h"
#include "choice.h"

static void fill(struct listing *listing)
{
    for (size_t i = 0; actions[i]; i++)
        choice_list(listing, &actions[i]->choice);
}

static const struct listing_column columns[] = {
    {"name", NULL}, {"keys", "with "}, {"status", NULL}, {"help", NULL}, {0}};

const struct topic topic_actions = {
    .name = "actions",
    .help = "what a step of a scenario can do (do:); explain tells of each",
    .columns = columns,
    .fill = fill,
};
