#include "cmtest/command.h"
#include "cmtest/topic.h"
#include "word.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TOPICS_MAX 32

static const struct topic *find(const char *name)
{
    for (size_t i = 0; topics[i]; i++)
        if (strcmp(topics[i]->name, name) == 0)
            return topics[i];
    return NULL;
}

static int unknown(const char *name)
{
    const char *names[TOPICS_MAX];
    size_t count = 0;
    for (; count < TOPICS_MAX && topics[count]; count++)
        names[count] = topics[count]->name;
    return word_unknown("list of", name, names, count);
}

static void list_topics(struct listing *listing)
{
    for (size_t i = 0; topics[i]; i++)
        listing_add(listing, (const char *const[]){topics[i]->name, topics[i]->help});
}

static const struct listing_column topic_columns[] = {{"name", NULL}, {"help", NULL}, {0}};

static const struct topic all = {.name = "topics", .columns = topic_columns, .fill = list_topics};

static const char *const formats[] = {"text", "json", "markdown"};

static int run(const struct options *options)
{
    const struct topic *topic = options->spec ? find(options->spec) : &all;
    if (!topic)
        return unknown(options->spec);
    const char *format = options->json ? "json" : options->format ? options->format : "text";
    size_t form = 0;
    while (form < 3 && strcmp(formats[form], format) != 0)
        form++;
    if (form == 3)
        return word_unknown("format", format, formats, 3);
    struct text out = {0};
    struct listing *listing = listing_new(topic->columns);
    topic->fill(listing);
    if (form == 1)
        listing_write_json(listing, topic->name, &out);
    else if (form == 2)
        listing_write_markdown(listing, topic->name, topic->help, &out);
    else
        listing_write_text(listing, terminal_width(STDOUT_FILENO), &out);
    fputs(text_get(&out), stdout);
    listing_free(listing);
    text_fini(&out);
    return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
}

static void more(FILE *to)
{
    fputs("\nTopics:\n", to);
    for (size_t i = 0; topics[i]; i++)
        fprintf(to, "  %-22s %s\n", topics[i]->name, topics[i]->help);
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "FORMAT") == 0)
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            text_printf(out, "%s\n", formats[i]);
    else if (strcmp(value, "[TOPIC]") == 0)
        for (size_t i = 0; topics[i]; i++)
            text_printf(out, "%s\n", topics[i]->name);
}

static const struct option_row option_rows[] = {
    {"format", 'f', OPTION_TEXT, "FORMAT", "text, json or markdown; text when not given",
     offsetof(struct options, format)},
    {"json", 0, OPTION_FLAG, NULL, "for programs (cmtest-list/1)", offsetof(struct options, json)},
    {0},
};

const struct command command_list = {
    .name = "list",
    .purpose = PURPOSE_LOOK_UP,
    .arguments = "[TOPIC]",
    .help = "the words of the language: fields, codecs, metrics, actions, ...",
    .details = "Without a topic it lists the topics.\n",
    .options = option_rows,
    .more = more,
    .run = run,
    .words = words,
};
