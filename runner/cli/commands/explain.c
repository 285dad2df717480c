#include "cmtest/command.h"
#include "cmtest/explanation.h"
#include "cmtest/listing.h"
#include "cmtest/scenario.h"
#include "explain_word.h"
#include "word.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CODES_MAX 256
#define PROSE_WIDTH 80

static int unknown(const char *code)
{
    const char *codes[CODES_MAX];
    size_t count = 0;
    for (; count < CODES_MAX && explanations[count]; count++)
        codes[count] = explanations[count]->code;
    for (size_t i = 0; count < CODES_MAX && actions[i]; i++)
        codes[count++] = actions[i]->choice.word;
    for (size_t i = 0; count < CODES_MAX && triggers[i]; i++)
        codes[count++] = triggers[i]->choice.word;
    int exit_code = word_unknown("error, action or trigger", code, codes, count);
    fputs("  `cmtest explain` lists all\n", stderr);
    return exit_code;
}

/* What cannot be seen or may not reach a terminal is marked. */
static void add_source(struct text *out, const char *text)
{
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        text_add(out, length ? "    " : "");
        for (size_t i = 0; i < length; i++)
            if (line[i] == '\t')
                text_add(out, "<tab>");
            else if (line[i] == ' ' && i + 1 == length)
                text_add(out, "<space>");
            else
                text_add_bytes(out, line + i, 1);
        text_add(out, "\n");
        line += length + (line[length] == '\n');
    }
}

static void add_example(struct text *out, const char *title, const char *spec, const char *set,
                        const char *file, const char *content)
{
    if (!spec)
        return;
    text_printf(out, "\n%s:\n\n", title);
    add_source(out, spec);
    if (set)
        text_printf(out, "\n  with --set %s\n", set);
    if (!content)
        return;
    text_printf(out, "\n  with %s:\n\n", file);
    add_source(out, content);
}

static unsigned prose_width(void)
{
    unsigned width = terminal_width(STDOUT_FILENO);
    return width > PROSE_WIDTH ? PROSE_WIDTH : width;
}

static void add_explanation(struct text *out, const struct explanation *each)
{
    unsigned width = prose_width();
    text_printf(out, "%s[%s]: %s\n\n", each->severity == DIAG_ERROR ? "error" : "warning",
                each->code, each->title);
    listing_wrap(out, each->meaning, 0, width);
    text_add(out, "\n");
    listing_wrap(out, each->remedy, 0, width);
    add_example(out, "Wrong", each->bad, each->bad_set, each->file, each->bad_file);
    add_example(out, "Right", each->good, each->good_set, each->file, each->good_file);
}

static void add_all(struct text *out)
{
    static const struct listing_column columns[] = {{"code", NULL}, {"title", NULL}, {0}};
    struct listing *listing = listing_new(columns);
    for (size_t i = 0; explanations[i]; i++)
        listing_add(listing, (const char *const[]){explanations[i]->code, explanations[i]->title});
    listing_write_text(listing, terminal_width(STDOUT_FILENO), out);
    listing_free(listing);
}

static int run(const struct options *options)
{
    const struct explanation *one = options->spec ? explanation_find(options->spec) : NULL;
    struct text out = {0};
    bool word = options->spec && !one && explain_word(options->spec, prose_width(), &out);
    if (options->spec && !one && !word)
        return unknown(options->spec);
    if (one)
        add_explanation(&out, one);
    else if (!word)
        add_all(&out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
    return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
}

static void words(const char *value, struct text *out)
{
    (void)value;
    for (size_t i = 0; explanations[i]; i++)
        text_printf(out, "%s\n", explanations[i]->code);
    for (size_t i = 0; actions[i]; i++)
        text_printf(out, "%s\n", actions[i]->choice.word);
    for (size_t i = 0; triggers[i]; i++)
        text_printf(out, "%s\n", triggers[i]->choice.word);
}

const struct command command_explain = {
    .name = "explain",
    .purpose = PURPOSE_LOOK_UP,
    .arguments = "[CODE|ACTION|TRIGGER]",
    .help = "what an error means, or what an action of a scenario takes",
    .details = "The code is the word in brackets: error[unknown-codec]. Without one it lists all.\n"
               "A word of `cmtest list actions` or `cmtest list triggers` is explained as well.\n",
    .run = run,
    .words = words,
};
