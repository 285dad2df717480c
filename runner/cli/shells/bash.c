#include "completion.h"

/* bash splits --format=json into three words. */
static const char head[] =
    "# bash completion of cmtest " CMTEST_VERSION ", from `cmtest completion bash`\n"
    "\n"
    "_cmtest() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command=${COMP_WORDS[1]} kind=words words=''\n"
    "    COMPREPLY=()\n"
    "    if [[ $word == = ]]; then\n"
    "        word=''\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    ((COMP_CWORD > 1)) || command='' before=''\n"
    "    case $command:$before in\n";

static const char tail[] =
    "    case $kind in\n"
    "    words) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
    "    folder) mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
    "    file) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
    "    spec)\n"
    "        mapfile -t COMPREPLY < <(\n"
    "            compgen -f -X '!*.yaml' -- \"$word\"\n"
    "            compgen -f -X '!*.yml' -- \"$word\"\n"
    "            compgen -d -- \"$word\")\n"
    "        ;;\n"
    "    esac\n"
    "    [[ $kind == words ]] || compopt -o filenames 2>/dev/null || true\n"
    "}\n"
    "complete -F _cmtest cmtest\n";

static void add_kind(const struct command *command, const struct option_row *row, struct text *out)
{
    static const char *const kinds[] = {
        [COMPLETE_NOTHING] = "none", [COMPLETE_FILE] = "file",   [COMPLETE_FOLDER] = "folder",
        [COMPLETE_SPEC] = "spec",    [COMPLETE_WORDS] = "words",
    };
    struct text words = {0};
    enum completion kind = completion_of(command, row, &words);
    text_printf(out, "kind='%s'", kinds[kind]);
    if (kind == COMPLETE_WORDS) {
        text_add(out, " words='");
        completion_join(&words, out);
        text_add(out, "'");
    }
    text_fini(&words);
}

static void add_values(const struct command *command, struct text *out)
{
    for (const struct option_row *row = command->options; row && row->name; row++) {
        if (!option_valued(row))
            continue;
        text_printf(out, "    %s:--%s", command->name, row->name);
        if (row->letter)
            text_printf(out, " | %s:-%c", command->name, row->letter);
        text_add(out, ") ");
        add_kind(command, row, out);
        text_add(out, " ;;\n");
    }
}

static void add_command(const struct command *command, struct text *out)
{
    text_printf(out, "        %s:-*) words='", command->name);
    for (const struct option_row *row = command->options; row && row->name; row++)
        text_printf(out, "--%s ", row->name);
    text_printf(out, "--help' ;;\n        %s:*) ", command->name);
    add_kind(command, NULL, out);
    text_add(out, " ;;\n");
}

static void write(struct text *out)
{
    struct text names = {0}, subjects = {0};
    completion_commands(&names);
    completion_subjects(&subjects);
    text_add(out, head);
    for (size_t i = 0; commands[i]; i++)
        add_values(commands[i], out);
    text_add(out, "    *)\n        case $command:$word in\n        :*) words='");
    completion_join(&names, out);
    text_add(out, " help --help --version' ;;\n        help:*) words='");
    completion_join(&names, out);
    text_add(out, " ");
    completion_join(&subjects, out);
    text_add(out, "' ;;\n");
    for (size_t i = 0; commands[i]; i++)
        add_command(commands[i], out);
    text_add(out, "        esac\n        ;;\n    esac\n");
    text_add(out, tail);
    text_fini(&names);
    text_fini(&subjects);
}

const struct shell shell_bash = {
    .name = "bash",
    .hint = "source <(cmtest completion bash)",
    .write = write,
};
