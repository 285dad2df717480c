/* What an endpoint heard, as a file. */
#include "line.h"
#include "cmtest/text.h"

#include <stdio.h>

void line_record(struct line *line, const char *folder, const char *group, uint32_t index,
                 struct recorder_budget *budget, struct stream_config *config)
{
    char name[128];
    snprintf(name, sizeof name, "%.64s-%u", group, index);
    line->recorder = recorder_new(folder, name, config->codec->sample_rate, budget);
    config->recorder = line->recorder;
}

bool line_recorded(const struct line *line, struct event_recording *recording)
{
    if (!line->recorder)
        return false;
    const char *why = recorder_why(line->recorder);
    int64_t duration_ns = recorder_duration_ns(line->recorder);
    if (!why && !duration_ns)
        return false;
    *recording = (struct event_recording){.duration_ns = duration_ns};
    if (duration_ns)
        text_copy(recording->path, sizeof recording->path, recorder_path(line->recorder));
    if (why)
        text_copy(recording->trouble, sizeof recording->trouble, why);
    return true;
}

void line_unrecord(struct line *line)
{
    recorder_free(line->recorder);
    line->recorder = NULL;
}
