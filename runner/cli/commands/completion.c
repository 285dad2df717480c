#include "cmtest/command.h"
#include "completion.h"
#include "word.h"

#include <stdio.h>
#include <string.h>

#define SHELLS_MAX 8

static int run(const struct options *options)
{
    const char *names[SHELLS_MAX];
    size_t count = 0;
    for (; count < SHELLS_MAX && shells[count]; count++) {
        names[count] = shells[count]->name;
        if (strcmp(options->spec, shells[count]->name) != 0)
            continue;
        struct text out = {0};
        shells[count]->write(&out);
        fputs(text_get(&out), stdout);
        text_fini(&out);
        return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
    }
    return word_unknown("shell", options->spec, names, count);
}

static void more(FILE *to)
{
    fputs("\nIn a running shell:\n", to);
    for (size_t i = 0; shells[i]; i++)
        fprintf(to, "  %-22s %s\n", shells[i]->name, shells[i]->hint);
}

const struct command command_completion = {
    .name = "completion",
    .purpose = PURPOSE_LOOK_UP,
    .arguments = "bash|zsh|fish",
    .help = "print what lets a shell complete cmtest's command line",
    .details = "The Debian package has them installed.\n",
    .more = more,
    .run = run,
};
