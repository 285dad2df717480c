#include "cmtest/command.h"
#include "cmtest/topic.h"
#include "remote.h"
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

/* ---- of a platform --------------------------------------------------------------------------- */

static const struct listing_column remote_columns[] = {
    {"id", NULL}, {"slug", NULL}, {"name", NULL}, {"tests", NULL}, {0}};

static const struct topic remote_topics[] = {
    {"projects", "projects of a platform (its API is asked)", remote_columns, NULL},
    {"tests", "tests of a project of it, with --project", remote_columns, NULL},
};
#define REMOTE_TOPICS (sizeof remote_topics / sizeof *remote_topics)

static const struct topic *find_remote(const char *name)
{
    for (size_t i = 0; name && i < REMOTE_TOPICS; i++)
        if (strcmp(remote_topics[i].name, name) == 0)
            return &remote_topics[i];
    return NULL;
}

static void add_item(void *to, const struct platform_item *item)
{
    char tests[24] = "";
    if (item->tests >= 0)
        snprintf(tests, sizeof tests, "%lld", (long long)item->tests);
    listing_add(to, (const char *const[]){item->id, item->slug, item->name, tests});
}

static int fill_remote(const struct topic *topic, const struct options *options,
                       struct listing *listing)
{
    struct remote_client client;
    struct platform_error error;
    bool tests = topic == &remote_topics[1];
    if (tests && !options->project) {
        fputs("cmtest: tests of which project? --project ID; `cmtest list projects` lists them\n",
              stderr);
        return EXIT_USAGE;
    }
    bool ok = remote_client_open(&client, options);
    int code = ok ? EXIT_PASS : EXIT_ENVIRONMENT;
    if (ok && !(tests ? platform_tests(client.client, options->project, add_item, listing, &error)
                      : platform_projects(client.client, add_item, listing, &error)))
        code = remote_failed(&error);
    remote_client_free(&client);
    return code;
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
    const struct topic *remote = find_remote(options->spec);
    const struct topic *topic = remote ? remote : options->spec ? find(options->spec) : &all;
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
    int code = EXIT_PASS;
    if (remote)
        code = fill_remote(topic, options, listing);
    else
        topic->fill(listing);
    if (code) {
        listing_free(listing);
        return code;
    }
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
    for (size_t i = 0; i < REMOTE_TOPICS; i++)
        fprintf(to, "  %-22s %s\n", remote_topics[i].name, remote_topics[i].help);
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "FORMAT") == 0)
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            text_printf(out, "%s\n", formats[i]);
    if (strcmp(value, "[TOPIC]") == 0) {
        for (size_t i = 0; topics[i]; i++)
            text_printf(out, "%s\n", topics[i]->name);
        for (size_t i = 0; i < REMOTE_TOPICS; i++)
            text_printf(out, "%s\n", remote_topics[i].name);
    }
}

static const struct option_row option_rows[] = {
    {"format", 'f', OPTION_TEXT, "FORMAT", "text, json or markdown; text when not given",
     offsetof(struct options, format)},
    {"json", 0, OPTION_FLAG, NULL, "for programs (cmtest-list/1)", offsetof(struct options, json)},
    REMOTE_OPTION_ROWS,
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
