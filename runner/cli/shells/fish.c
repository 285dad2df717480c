#include "completion.h"
#include "cmtest/guide.h"

static const char head[] =
    "# fish completion of cmtest " CMTEST_VERSION ", from `cmtest completion fish`\n"
    "\n"
    "function __cmtest_none\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "function __cmtest_is\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -ge 2; and test $words[2] = $argv[1]\n"
    "end\n"
    "\n"
    "complete -c cmtest -f\n"
    "complete -c cmtest -n __cmtest_none -a help -d 'tell of a command or a subject'\n";

static void add_row(const char *condition, const char *word, const char *help, struct text *out)
{
    text_printf(out, "complete -c cmtest -n %s -a '%s' -d '", condition, word);
    completion_quote(help, "\\", out);
    text_add(out, "'\n");
}

/* The end of a `complete` line. */
static void add_kind(const struct command *command, const struct option_row *row, struct text *out)
{
    struct text words = {0};
    switch (completion_of(command, row, &words)) {
    case COMPLETE_NOTHING:
        break;
    case COMPLETE_FILE:
        text_add(out, " -F");
        break;
    case COMPLETE_FOLDER:
        text_add(out, " -a '(__fish_complete_directories)'");
        break;
    case COMPLETE_SPEC:
        text_add(out, " -k -a '(__fish_complete_suffix .yaml .yml)'");
        break;
    case COMPLETE_WORDS:
        text_add(out, " -a '");
        completion_join(&words, out);
        text_add(out, "'");
        break;
    }
    text_fini(&words);
}

static void add_command(const struct command *command, struct text *out)
{
    for (const struct option_row *row = command->options; row && row->name; row++) {
        text_printf(out, "complete -c cmtest -n '__cmtest_is %s' -l %s", command->name, row->name);
        if (row->letter)
            text_printf(out, " -s %c", row->letter);
        text_add(out, " -d '");
        completion_quote(row->help, "\\", out);
        text_add(out, "'");
        if (option_valued(row)) {
            text_add(out, " -r");
            add_kind(command, row, out);
        }
        text_add(out, "\n");
    }
    if (!command->arguments)
        return;
    text_printf(out, "complete -c cmtest -n '__cmtest_is %s'", command->name);
    add_kind(command, NULL, out);
    text_add(out, "\n");
}

static void write(struct text *out)
{
    text_add(out, head);
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->purpose == PURPOSE_HIDDEN)
            continue;
        add_row("__cmtest_none", commands[i]->name, commands[i]->help, out);
        add_row("'__cmtest_is help'", commands[i]->name, commands[i]->help, out);
    }
    for (size_t i = 0; guides[i]; i++)
        add_row("'__cmtest_is help'", guides[i]->name, guides[i]->help, out);
    for (size_t i = 0; commands[i]; i++)
        add_command(commands[i], out);
}

const struct shell shell_fish = {
    .name = "fish",
    .hint = "cmtest completion fish | source",
    .write = write,
};
