#include "completion.h"
#include "cmtest/guide.h"

#include <ctype.h>
#include <string.h>

#define ROW(id) extern const struct shell shell_##id;
#include "shells/table.def"
#undef ROW
#define ROW(id) &shell_##id,
const struct shell *const shells[] = {
#include "shells/table.def"
    NULL};
#undef ROW

bool option_valued(const struct option_row *row)
{
    return row->value != NULL;
}

/* "[spec|result]", "auto|always|never" */
static bool alternatives(const char *value, struct text *words)
{
    size_t open = value[0] == '[', length = strlen(value) - (open ? 2 : 0);
    if (!memchr(value, '|', strlen(value)))
        return false;
    for (size_t i = 0; i < length; i++)
        if (isupper((unsigned char)value[open + i]))
            return false;
    for (size_t i = 0; i < length; i++)
        text_add_bytes(words, value[open + i] == '|' ? "\n" : &value[open + i], 1);
    text_add(words, "\n");
    return true;
}

static bool begins(const char *value, const char *word)
{
    return strncmp(value + (value[0] == '['), word, strlen(word)) == 0;
}

enum completion completion_of(const struct command *command, const struct option_row *row,
                              struct text *words)
{
    const char *value = row ? row->value : command->arguments;
    if (!value)
        return COMPLETE_NOTHING;
    size_t before = words->length;
    for (size_t i = 0; row && row->kind == OPTION_COLOR && color_words[i]; i++)
        text_printf(words, "%s\n", color_words[i]);
    if (command->words)
        command->words(value, words);
    if (words->length > before || alternatives(value, words))
        return COMPLETE_WORDS;
    if (begins(value, "SPEC"))
        return COMPLETE_SPEC;
    if (begins(value, "DIR"))
        return COMPLETE_FOLDER;
    /* What an earlier run wrote is a folder or a file in it. */
    static const char *const files[] = {"FILE", "PATH", "RESULT", "BASE"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (begins(value, files[i]))
            return COMPLETE_FILE;
    return COMPLETE_NOTHING;
}

void completion_commands(struct text *out)
{
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->purpose != PURPOSE_HIDDEN)
            text_printf(out, "%s\n", commands[i]->name);
}

void completion_subjects(struct text *out)
{
    for (size_t i = 0; guides[i]; i++)
        text_printf(out, "%s\n", guides[i]->name);
}

void completion_join(const struct text *words, struct text *out)
{
    const char *all = text_get(words);
    for (size_t i = 0; all[i]; i++)
        if (all[i] != '\n' || all[i + 1])
            text_add_bytes(out, all[i] == '\n' ? " " : all + i, 1);
}

void completion_quote(const char *string, const char *special, struct text *out)
{
    for (; *string; string++) {
        if (*string == '\'') {
            text_add(out, "’");
            continue;
        }
        if (strchr(special, *string))
            text_add(out, "\\");
        text_add_bytes(out, string, 1);
    }
}
