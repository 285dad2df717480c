/* The text of one threshold. */
#include "fuzz.h"

#include "cmtest/text.h"
#include "cmtest/threshold.h"

#include <string.h>

static void read_back(const struct threshold *threshold, struct arena *arena)
{
    struct threshold again;
    struct threshold_error error;
    char shown[64];
    threshold_format(threshold, threshold->limit, shown, sizeof shown);
    /* What reports show as its text means the same. */
    ALWAYS(threshold_parse(threshold->text, arena, &again, &error));
    ALWAYS(strcmp(again.text, threshold->text) == 0);
    ALWAYS(again.statistic == threshold->statistic && again.comparison == threshold->comparison);
    ALWAYS(again.during == threshold->during && again.window_ns == threshold->window_ns);
    ALWAYS(again.abort == threshold->abort && again.grace_ns == threshold->grace_ns);
    ALWAYS(threshold->endpoint_share >= 0 && threshold->endpoint_share <= 1);
    ALWAYS(!threshold->abort || !threshold->warn);
    ALWAYS(again.limit <= threshold->limit && again.limit >= threshold->limit);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena *arena = arena_new();
    struct threshold threshold;
    struct threshold_error error = {0};
    const char *text = arena_strndup(arena, (const char *)bytes, length);
    if (threshold_parse(text, arena, &threshold, &error)) {
        read_back(&threshold, arena);
    } else {
        ALWAYS(error.code && *error.code && *error.message);
        size_t rest = strlen(text) - error.offset;
        /* One column at the end of the text is where something is missing. */
        ALWAYS(error.offset <= strlen(text) && error.length <= (rest ? rest : 1));
    }
    arena_free(arena);
    return 0;
}
