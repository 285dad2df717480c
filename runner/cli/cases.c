#include "cases.h"
#include "cmtest/command.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES_MAX 200
#define SECOND INT64_C(1000000000)

const char *case_folder(const char *out, const char *name, size_t index, size_t count,
                        struct arena *arena)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.,=+-";
    if (count == 1 || !name)
        return out;
    if (strlen(name) <= NAME_BYTES_MAX && strspn(name, safe) == strlen(name))
        return arena_printf(arena, "%s/%s", out, name);
    /* Numbered, since two names may become the same. */
    char *word = arena_strndup(arena, name, NAME_BYTES_MAX);
    for (char *at = word + strspn(word, safe); *at; at += strspn(at, safe))
        *at = '_';
    return arena_printf(arena, "%s/%s-%zu", out, word, index + 1);
}

int case_worst(const struct case_end *ends, size_t count)
{
    static const int order[] = {EXIT_INTERNAL,    EXIT_INTERRUPTED, EXIT_SPEC,
                                EXIT_ENVIRONMENT, EXIT_GATE,        EXIT_INCONCLUSIVE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (size_t j = 0; j < count; j++)
            if (ends[j].code == order[i])
                return order[i];
    return EXIT_PASS;
}

void case_table(const struct case_end *ends, size_t count, size_t planned, struct text *out)
{
    size_t passed = 0;
    text_add(out, "\nCases\n");
    for (size_t i = 0; i < count; i++) {
        char verdict[16];
        text_copy(verdict, sizeof verdict, verdict_name(ends[i].verdict));
        for (char *at = verdict; *at; at++)
            *at = (char)toupper((unsigned char)*at);
        passed += ends[i].code == EXIT_PASS;
        text_printf(out, "  %-12s  %6lld s  %s\n", verdict, (long long)(ends[i].ran_ns / SECOND),
                    ends[i].name ? ends[i].name : "");
    }
    text_printf(out, "%zu of %zu cases passed", passed, planned);
    if (count < planned)
        text_printf(out, "; %zu did not run", planned - count);
    text_add(out, "\n");
}
