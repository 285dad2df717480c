#include "cases.h"
#include "cmtest/command.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES_MAX 200
#define SECOND INT64_C(1000000000)

const char *case_word(const char *name, size_t index, struct arena *arena)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.,=+-";
    if (!name || (strlen(name) <= NAME_BYTES_MAX && strspn(name, safe) == strlen(name)))
        return name;
    /* Numbered, since two names may become the same. */
    char *word = arena_strndup(arena, name, NAME_BYTES_MAX);
    for (char *at = word + strspn(word, safe); *at; at += strspn(at, safe))
        *at = '_';
    return arena_printf(arena, "%s-%zu", word, index + 1);
}

int case_worst(const struct case_end *ends, size_t count)
{
    int worst = EXIT_PASS;
    for (size_t i = 0; i < count; i++)
        worst = case_worse(worst, ends[i].code);
    return worst;
}

int case_worse(int first, int second)
{
    static const int order[] = {EXIT_INTERNAL,    EXIT_INTERRUPTED, EXIT_SPEC,
                                EXIT_ENVIRONMENT, EXIT_GATE,        EXIT_INCONCLUSIVE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (first == order[i] || second == order[i])
            return order[i];
    return EXIT_PASS;
}

const char *case_verdict(const struct case_end *end, char out[16])
{
    bool flaky = end->verdict == VERDICT_PASS && end->attempts > 1;
    text_copy(out, 16, flaky ? "flaky" : verdict_name(end->verdict));
    for (char *at = out; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return out;
}

void case_table(const struct case_end *ends, size_t count, const char *const *skipped,
                size_t skipped_count, struct text *out)
{
    size_t passed = 0, flaky = 0;
    text_add(out, "\nCases\n");
    for (size_t i = 0; i < count; i++) {
        char verdict[16];
        passed += ends[i].verdict == VERDICT_PASS;
        flaky += ends[i].verdict == VERDICT_PASS && ends[i].attempts > 1;
        text_printf(out, "  %-12s  %6lld s  %s", case_verdict(&ends[i], verdict),
                    (long long)(ends[i].ran_ns / SECOND), ends[i].name ? ends[i].name : "");
        if (ends[i].attempts > 1)
            text_printf(out, "  (%u attempts)", ends[i].attempts);
        text_add(out, "\n");
    }
    for (size_t i = 0; i < skipped_count; i++)
        text_printf(out, "  %-12s  %8s  %s\n", "SKIPPED", "", skipped[i] ? skipped[i] : "");
    text_printf(out, "%zu of %zu cases passed", passed, count + skipped_count);
    if (flaky)
        text_printf(out, ", %zu of them flaky", flaky);
    if (skipped_count)
        text_printf(out, "; %zu did not run", skipped_count);
    text_add(out, "\n");
}
