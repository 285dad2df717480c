#include "cmtest/command.h"
#include "option_set.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX OPTION_ROWS_MAX

static bool set(struct option_layer *layer, size_t row, const char *text)
{
    struct text why = {0};
    bool ok = option_set(layer, row, text, &why);
    if (!ok)
        fprintf(stderr, "cmtest: --%s %s\n", layer->command->options[row].name, text_get(&why));
    text_fini(&why);
    return ok;
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
            row->kind != OPTION_FLAG && row->kind != OPTION_COUNT && row->kind != OPTION_CONSENT;
        longs[count] = (struct option){row->name, valued ? required_argument : no_argument, NULL,
                                       1000 + (int)count};
        if (row->letter) {
            char pair[3] = {row->letter, valued ? ':' : '\0', '\0'};
            strcat(shorts, pair);
        }
    }
    struct option_layer layer = {.command = command, .options = options};
    optind = 1;
    opterr = 0;
    int got;
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (got == ':') {
            fprintf(stderr, "cmtest: %s wants a value\n", argv[optind - 1]);
            return false;
        }
        const struct option_row *row = command->options;
        size_t i = 0;
        for (; row && row->name; row++, i++)
            if (got == 1000 + (int)i || (row->letter && got == row->letter))
                break;
        if (got == '?' || !row || !row->name) {
            complain(command, argv[optind - 1]);
            return false;
        }
        if (!set(&layer, i, optarg))
            return false;
    }
    return take_argument(command, argc, argv, options);
}

static void help_variables(const struct command *command)
{
    char variable[64];
    size_t column = 0;
    fputs(
        "\nThe same can be said by variables and config files: .cmtest.yaml here or above, up to\n"
        "the top of the repository, and ~/.config/cmtest/config.yaml. Lists have commas, flags\n"
        "are true or false. The command line goes first, then variables, then files; what has\n"
        "the command's name (CMTEST_RUN_OUT, a section run: of a file) is for it alone.\n",
        stdout);
    for (const struct option_row *row = command->options; row->name; row++) {
        option_variable(NULL, row->name, variable, sizeof variable);
        bool fits = column && column + strlen(variable) + 1 < 78;
        column = fits ? column + strlen(variable) + 1 : strlen(variable) + 2;
        printf("%s%s", fits ? " " : "\n  ", variable);
    }
    putchar('\n');
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
        printf("  %-24s %s\n", left, row->help);
    }
    if (command->options && command->options->name)
        help_variables(command);
    if (command->more)
        command->more(stdout);
}
