#include "manual.h"
#include "cmtest/command.h"
#include "cmtest/guide.h"
#include "cmtest/report.h"

#include <stdlib.h>
#include <string.h>

/* Text that roff takes as it is: neither an escape nor, at the begin of a line, a request. */
static void add(struct text *out, const char *text)
{
    bool begin = !out->length || out->data[out->length - 1] == '\n';
    for (; *text; text++) {
        if (begin && (*text == '.' || *text == '\''))
            text_add(out, "\\&");
        begin = *text == '\n';
        if (*text == '\\')
            text_add(out, "\\e");
        else if (*text == '-')
            text_add(out, "\\-");
        else if (*text == '`')
            text_add(out, "\\(ga");
        else if (*text == '\'')
            text_add(out, "\\(aq");
        else
            text_add_bytes(out, text, 1);
    }
}

/* Lines as they are. */
static void add_block(struct text *out, const char *text)
{
    text_add(out, ".PP\n.nf\n");
    while (*text == '\n')
        text++;
    for (; *text; text += strcspn(text, "\n") + (strchr(text, '\n') != NULL)) {
        size_t length = strcspn(text, "\n");
        char line[512];
        text_copy(line, length + 1 < sizeof line ? length + 1 : sizeof line, text);
        /* Readers warn of an empty line. */
        if (length)
            add(out, line);
        else
            text_add(out, ".sp");
        text_add(out, "\n");
    }
    text_add(out, ".fi\n");
}

static void add_term(struct text *out, const char *term, const char *help)
{
    text_add(out, ".TP\n.B ");
    add(out, term);
    text_add(out, "\n");
    add(out, help);
    text_add(out, "\n");
}

static void add_option(struct text *out, const struct option_row *row)
{
    text_add(out, ".TP\n");
    if (row->letter)
        text_printf(out, "\\fB\\-%c\\fR, ", row->letter);
    text_add(out, "\\fB\\-\\-");
    add(out, row->name);
    text_add(out, "\\fR");
    if (row->value) {
        text_add(out, " \\fI");
        add(out, row->value);
        text_add(out, "\\fR");
    }
    text_add(out, "\n");
    add(out, row->help);
    text_add(out, "\n");
}

static void add_more(struct text *out, const struct command *command)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *to = command->more ? open_memstream(&bytes, &size) : NULL;
    if (!to)
        return;
    command->more(to);
    if (fclose(to) == 0 && bytes && *bytes)
        add_block(out, bytes);
    free(bytes);
}

static void add_command(struct text *out, const struct command *command)
{
    text_add(out, ".SS cmtest ");
    add(out, command->name);
    if (command->options)
        text_add(out, " [OPTION...]");
    if (command->arguments) {
        text_add(out, " ");
        add(out, command->arguments);
    }
    text_add(out, "\n");
    add(out, command->help);
    text_add(out, "\n");
    if (command->details)
        add_block(out, command->details);
    for (const struct option_row *row = command->options; row && row->name; row++)
        add_option(out, row);
    add_more(out, command);
}

static void add_files(struct text *out)
{
    text_add(out, ".SH FILES\nIn the output folder, \\fIcmtest\\-out\\fR when \\fB\\-\\-out\\fR is "
                  "not given:\n");
    for (size_t i = 0; report_formats[i]; i++)
        if (report_formats[i]->file)
            add_term(out, report_formats[i]->file, report_formats[i]->help);
    add_term(out, "evidence/", "SIP ladders, messages and captures of calls that did not end well");
    text_add(out, ".PP\nConfig files, in which options may stand:\n");
    add_term(out, ".cmtest.yaml", "in this folder or above it, up to the top of the repository");
    add_term(out, "~/.config/cmtest/config.yaml", "your own; the one above goes over it");
    text_add(out, ".PP\nOf the Debian package:\n");
    add_term(out, "/usr/share/doc/cmtest/examples", "specs to learn from, one lesson each");
    add_term(out, "/usr/share/cmtest/schema", "JSON Schemas of specs and of result.json");
}

void manual_write(struct text *out)
{
    text_add(out, ".TH CMTEST 1 \"\" \"cmtest " CMTEST_VERSION "\" \"User Commands\"\n"
                  ".SH NAME\n"
                  "cmtest \\- place real SIP calls with real media and judge them\n"
                  ".SH SYNOPSIS\n"
                  ".B cmtest\n"
                  ".I COMMAND\n"
                  "[\\fIOPTION\\fR...] [\\fISPEC\\fR]\n"
                  ".SH DESCRIPTION\n"
                  "A spec in YAML says which virtual phones register where,\n"
                  "who calls whom with which codecs, and what quality is acceptable.\n"
                  ".B cmtest run\n"
                  "places the calls, judges them, and writes reports for people and pipelines.\n"
                  ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->purpose != PURPOSE_HIDDEN)
            add_command(out, commands[i]);
    text_add(out, ".SS cmtest help [COMMAND|SUBJECT]\ntell of a command, or of a subject:\n");
    for (size_t i = 0; guides[i]; i++)
        add_term(out, guides[i]->name, guides[i]->help);
    text_add(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; exit_codes[i].meaning; i++) {
        text_printf(out, ".TP\n.B %d\n", exit_codes[i].code);
        add(out, exit_codes[i].meaning);
        text_add(out, "\n");
    }
    text_add(out, ".SH ENVIRONMENT\n");
    for (size_t i = 0; variables[i].name; i++)
        add_term(out, variables[i].name, variables[i].help);
    add_files(out);
    text_add(out, ".SH EXAMPLES\nA first run, without any server:\n.PP\n.nf\n"
                  "cmtest init && cmtest run cmtest.yaml\n.fi\n");
}
