#include "cmtest/command.h"
#include "cmtest/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 32

static bool set_number(const struct option_row *row, const char *text, uint64_t *to)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (errno || end == text || *end || text[0] == '-') {
        fprintf(stderr, "cmtest: --%s wants a whole number, not \"%s\"\n", row->name, text);
        return false;
    }
    *to = value;
    return true;
}

static bool add(const struct option_row *row, const char *text, struct option_list *list)
{
    if (list->count == OPTION_LIST_MAX) {
        fprintf(stderr, "cmtest: --%s can be given at most %d times\n", row->name, OPTION_LIST_MAX);
        return false;
    }
    list->items[list->count++] = text;
    return true;
}

static bool set(const struct option_row *row, const char *text, struct options *options)
{
    char *member = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return true;
    case OPTION_COUNT:
        ++*(unsigned *)member;
        return true;
    case OPTION_TEXT:
        *(const char **)member = text;
        return true;
    case OPTION_NUMBER:
        if (row->offset == offsetof(struct options, seed))
            options->seed_given = true;
        return set_number(row, text, (uint64_t *)member);
    case OPTION_LIST:
        return add(row, text, (struct option_list *)member);
    }
    return false;
}

static void complain(const struct command *command, const char *wrong)
{
    const char *names[ROWS_MAX];
    size_t count = 0;
    for (const struct option_row *row = command->options; row && row->name; row++)
        names[count++] = row->name;
    char word[64];
    text_copy(word, sizeof word, strncmp(wrong, "--", 2) == 0 ? wrong + 2 : wrong);
    word[strcspn(word, "=")] = '\0';
    const char *nearest = text_nearest(word, names, count);
    fprintf(stderr, "cmtest: %s has no option \"%s\"", command->name, wrong);
    if (nearest)
        fprintf(stderr, "; did you mean --%s?\n", nearest);
    else
        fprintf(stderr, "; `cmtest %s --help` lists them\n", command->name);
}

static bool take_argument(const struct command *command, int argc, char **argv,
                          struct options *options)
{
    int given = argc - optind;
    if (!command->arguments && given) {
        fprintf(stderr, "cmtest: %s takes no argument, but \"%s\" was given\n", command->name,
                argv[optind]);
        return false;
    }
    bool optional = command->arguments && command->arguments[0] == '[';
    bool several = command->arguments && strstr(command->arguments, "...");
    if (command->arguments && given != 1 && (given ? !several : !optional)) {
        fprintf(stderr, "cmtest: %s needs %s %.*s%s\n  usage: cmtest %s [OPTION...] %s\n",
                command->name, several ? "at least one" : "one",
                (int)strcspn(command->arguments, "."), command->arguments,
                given ? ", and not more" : "", command->name, command->arguments);
        return false;
    }
    options->arguments = argv + optind;
    options->argument_count = (size_t)given;
    if (given)
        options->spec = argv[optind];
    return true;
}

bool options_parse(const struct command *command, int argc, char **argv, struct options *options)
{
    struct option longs[ROWS_MAX + 1] = {0};
    char shorts[2 * ROWS_MAX + 2] = ":";
    size_t count = 0;
    for (const struct option_row *row = command->options; row && row->name; row++, count++) {
        bool valued =
            row->kind == OPTION_TEXT || row->kind == OPTION_NUMBER || row->kind == OPTION_LIST;
        longs[count] = (struct option){row->name, valued ? required_argument : no_argument, NULL,
                                       1000 + (int)count};
        if (row->letter) {
            char pair[3] = {row->letter, valued ? ':' : '\0', '\0'};
            strcat(shorts, pair);
        }
    }
    optind = 1;
    opterr = 0;
    int got;
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (got == ':') {
            fprintf(stderr, "cmtest: %s wants a value\n", argv[optind - 1]);
            return false;
        }
        const struct option_row *row = command->options;
        for (size_t i = 0; row && row->name; row++, i++)
            if (got == 1000 + (int)i || (row->letter && got == row->letter))
                break;
        if (got == '?' || !row || !row->name) {
            complain(command, argv[optind - 1]);
            return false;
        }
        if (!set(row, optarg, options))
            return false;
    }
    return take_argument(command, argc, argv, options);
}

void options_help(const struct command *command)
{
    printf("cmtest %s: %s\n\nUsage: cmtest %s%s%s%s\n", command->name, command->help, command->name,
           command->options ? " [OPTION...]" : "", command->arguments ? " " : "",
           command->arguments ? command->arguments : "");
    if (command->details)
        printf("\n%s", command->details);
    if (command->options && command->options->name)
        printf("\nOptions:\n");
    for (const struct option_row *row = command->options; row && row->name; row++) {
        char left[40], letter[5] = "    ";
        if (row->letter)
            snprintf(letter, sizeof letter, "-%c, ", row->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name, row->value ? " " : "",
                 row->value ? row->value : "");
        printf("  %-22s %s\n", left, row->help);
    }
    if (command->more)
        command->more(stdout);
}
