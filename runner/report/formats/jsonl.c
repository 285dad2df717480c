/* Every event of the runs, a line of JSON each (json_event.h), in the order in which they came. */
#include "cmtest/journal.h"
#include "cmtest/json_event.h"
#include "cmtest/report.h"

static bool stream(const struct report *report, FILE *out)
{
    struct text line = {0};
    struct event event;
    for (size_t i = 0; i < report->run_count; i++) {
        const struct report_run *run = &report->runs[i];
        if (!run->journal)
            continue;
        journal_rewind(run->journal);
        while (!ferror(out) && journal_next(run->journal, &event)) {
            text_clear(&line);
            json_event(run->result->roster, &event, &line);
            fwrite(text_get(&line), 1, line.length, out);
        }
    }
    text_fini(&line);
    return true;
}

const struct report_format report_format_jsonl = {
    .name = "jsonl",
    .help = "every event of the run, seconds of streams among them: a JSON object per line",
    .stream = stream,
};
