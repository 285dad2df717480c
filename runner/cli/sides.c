#include "sides.h"

#include <stdio.h>
#include <sys/stat.h>
#include "cmtest/journal.h"
#include "cmtest/text.h"

static struct journal *open_journal(const char *path)
{
    struct stat status;
    struct text file = {0};
    char why[256] = "";
    text_add(&file, path);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        text_add(&file, "/" JOURNAL_FILE);
    struct journal *journal = journal_open(text_get(&file), why, sizeof why);
    if (!journal)
        fprintf(stderr,
                "cmtest: %s cannot be compared: %s\n  What is compared is the folder of a run "
                "(--out of `cmtest run`) with its " JOURNAL_FILE ", or that file.\n",
                text_get(&file), why);
    text_fini(&file);
    return journal;
}

/* In one pass: metrics by endpoint, and whether the run proves anything. For that its thresholds
 * are not needed. */
static void read_events(struct side_run *side)
{
    const struct journal_head *head = journal_head(side->journal);
    struct result *result = result_new(head->roster, NULL, 0, head->seed, head->started_ns);
    int64_t last_ns = head->started_ns;
    struct event event;
    while (journal_next(side->journal, &event)) {
        last_ns = event.at_ns > last_ns ? event.at_ns : last_ns;
        result_event(result, &event);
        comparison_run_event(side->run, &event);
    }
    const struct journal_end *ended = journal_end(side->journal);
    const char *trouble = journal_trouble(side->journal);
    if (ended)
        result->interrupted = ended->interrupted;
    if (ended && ended->error)
        text_copy(result->error, sizeof result->error, ended->error);
    if (!ended || trouble[0])
        text_copy(result->error, sizeof result->error,
                  trouble[0] ? trouble : "its journal ends before the run did");
    result_judge(result, ended ? ended->ended_ns : last_ns);
    comparison_run_end(side->run, result);
    result_free(result);
}

bool side_read(const char *path, struct side_run *side)
{
    *side = (struct side_run){.journal = open_journal(path)};
    if (!side->journal)
        return false;
    side->run = comparison_run_new(journal_head(side->journal)->roster, path);
    read_events(side);
    return true;
}

void side_free(struct side_run *side)
{
    comparison_run_free(side->run);
    if (side->journal)
        journal_free(side->journal);
}
