#include "completion.h"
#include "cmtest/guide.h"

static const char head[] =
    "#compdef cmtest\n"
    "# zsh completion of cmtest " CMTEST_VERSION ", from `cmtest completion zsh`\n"
    "\n"
    "_cmtest() {\n"
    "    local -a names subjects\n";

/* _arguments counts from the command: what is left of it is the word that names it. */
static const char middle[] = "    if ((CURRENT == 2)); then\n"
                             "        names+=('help:tell of a command or a subject')\n"
                             "        _describe -t commands command names\n"
                             "        return\n"
                             "    fi\n"
                             "    local command=$words[2]\n"
                             "    shift words\n"
                             "    ((CURRENT--))\n"
                             "    case $command in\n"
                             "    help) _describe -t subjects subject names -- subjects ;;\n";

/* When the file is autoloaded it is the function's body and has to call it; when it is sourced,
 * it names the completion. */
static const char tail[] = "    esac\n"
                           "}\n"
                           "\n"
                           "if [[ $funcstack[1] == _cmtest ]]; then\n"
                           "    _cmtest \"$@\"\n"
                           "else\n"
                           "    compdef _cmtest cmtest\n"
                           "fi\n";

static void add_pair(const char *name, const char *help, struct text *out)
{
    text_printf(out, " '%s:", name);
    completion_quote(help, ":\\", out);
    text_add(out, "'");
}

/* ":message:action" of what follows an option, or stands alone. */
static void add_action(const struct command *command, const struct option_row *row,
                       struct text *out)
{
    struct text words = {0};
    text_add(out, ":");
    completion_quote(row ? row->value : command->arguments, ":\\[]", out);
    text_add(out, ":");
    switch (completion_of(command, row, &words)) {
    case COMPLETE_NOTHING:
        text_add(out, " ");
        break;
    case COMPLETE_FILE:
        text_add(out, "_files");
        break;
    case COMPLETE_FOLDER:
        text_add(out, "_files -/");
        break;
    case COMPLETE_SPEC:
        text_add(out, "_files -g \"*.(yaml|yml)(-.)\"");
        break;
    case COMPLETE_WORDS:
        text_add(out, "(");
        completion_join(&words, out);
        text_add(out, ")");
        break;
    }
    text_fini(&words);
}

static void add_option(const struct command *command, const struct option_row *row, char letter,
                       struct text *out)
{
    bool repeated = row->kind == OPTION_LIST || row->kind == OPTION_COUNT;
    text_add(out, repeated ? " \\\n            '*" : " \\\n            '");
    if (letter)
        text_printf(out, "-%c%s", letter, option_valued(row) ? "+" : "");
    else
        text_printf(out, "--%s%s", row->name, option_valued(row) ? "=" : "");
    text_add(out, "[");
    completion_quote(row->help, "[]\\", out);
    text_add(out, "]");
    if (option_valued(row))
        add_action(command, row, out);
    text_add(out, "'");
}

static void add_command(const struct command *command, struct text *out)
{
    text_printf(out, "    %s)\n        _arguments -s -S", command->name);
    for (const struct option_row *row = command->options; row && row->name; row++) {
        add_option(command, row, 0, out);
        if (row->letter)
            add_option(command, row, row->letter, out);
    }
    text_add(out, " \\\n            '--help[tell of it]'");
    if (command->arguments) {
        text_add(out, " \\\n            '*");
        add_action(command, NULL, out);
        text_add(out, "'");
    }
    text_add(out, "\n        ;;\n");
}

static void write(struct text *out)
{
    text_add(out, head);
    text_add(out, "    names=(");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->purpose != PURPOSE_HIDDEN)
            add_pair(commands[i]->name, commands[i]->help, out);
    text_add(out, ")\n    subjects=(");
    for (size_t i = 0; guides[i]; i++)
        add_pair(guides[i]->name, guides[i]->help, out);
    text_add(out, ")\n");
    text_add(out, middle);
    for (size_t i = 0; commands[i]; i++)
        add_command(commands[i], out);
    text_add(out, tail);
}

const struct shell shell_zsh = {
    .name = "zsh",
    .hint = "source <(cmtest completion zsh)",
    .write = write,
};
