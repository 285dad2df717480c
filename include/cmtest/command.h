/*
 * command: the commands of the program. One row per command under runner/cli/commands/; help and
 * parsing come from the row.
 */
#ifndef CMTEST_COMMAND_H
#define CMTEST_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "cmtest/text.h"

/* Exit codes of the program; the verdicts' ones are result_exit_code()'s. */
enum {
    EXIT_PASS = 0,
    EXIT_GATE = 1,
    EXIT_USAGE = 2,
    EXIT_SPEC = 3,
    EXIT_ENVIRONMENT = 4,
    EXIT_INCONCLUSIVE = 5,
    EXIT_INTERNAL = 70,
    EXIT_INTERRUPTED = 130
};

#define OPTION_LIST_MAX 64

struct option_list {
    const char *items[OPTION_LIST_MAX];
    size_t count;
};

struct arena;

/* What the command line said, the environment (CMTEST_<NAME>), and the config files. Strings are
 * borrowed from argv and the environment, or live in the arena. */
struct options {
    struct arena *arena;    /* cli_main()'s */
    const char *spec;       /* the first argument: a spec, or what else the command calls it */
    char *const *arguments; /* all */
    size_t argument_count;
    const char *out;
    const char *format;
    struct option_list set; /* KEY=VALUE over the spec */
    uint64_t seed;
    bool seed_given;
    bool quiet;
    unsigned verbose; /* times -v was given */
    bool no_color;
    const char *color; /* "auto", "always", "never"; NULL: not said */
    bool all;
    bool strict; /* warnings are errors */
    bool json;
    bool precise;     /* a wake of a CPU for each packet */
    uint64_t workers; /* processes; 0: as many as it has use for */
    bool allow_exec;  /* commands of a scenario may be run */
    /* Of `run`. */
    struct option_list tags, skip_tags; /* any of them */
    struct option_list filters;
    struct option_list formats; /* NAME[=PATH] */
    const char *shard;          /* "2/5" */
    uint64_t retries;
    bool fail_fast, fail_on_flaky;
    int64_t timeout_ns;     /* of the whole invocation; 0: none */
    const char *events;     /* path, "-" or "fd:3" */
    const char *thresholds; /* of `report`: the spec whose thresholds judge */
    /* Of the platform (cli/remote.h). */
    const char *on; /* an execution backend; NULL: local */
    const char *project, *test, *api_url, *api_key_file, *api_ca, *api_proxy;
    int64_t connect_timeout_ns, request_timeout_ns, retry_delay_ns, poll_ns, wait_capacity_ns;
    bool detach, allow_drift;
    const char *remote_spec; /* of `fetch` */
    const char *resume;      /* id of a run; NULL: a new one. Set by `fetch` */
    /* Of `compare`. */
    struct option_list base;    /* output folders */
    struct option_list margins; /* METRIC=VALUE */
    const char *alpha;
    bool by_group, include_own_timing;
};

enum option_kind {
    OPTION_FLAG,
    OPTION_COUNT,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_LIST,
    OPTION_DURATION, /* "90s", into int64_t ns */
    OPTION_COLOR,    /* a text: one of color_words */
    OPTION_CONSENT   /* a flag that no config file can set: whoever runs it says so */
};

struct option_row {
    const char *name; /* without the dashes; NULL ends a list */
    char letter;      /* 0: none */
    enum option_kind kind;
    const char *value; /* what the help calls its value, e.g. "DIR" */
    const char *help;
    size_t offset; /* of the member of struct options */
};

/* The headings of the main help, in their order; what is hidden has none. */
enum command_purpose { PURPOSE_TEST, PURPOSE_WRITE, PURPOSE_LOOK_UP, PURPOSE_HIDDEN };

struct command {
    const char *name;
    enum command_purpose purpose;
    const char *arguments; /* "SPEC", in brackets when it may be left out, with dots when there may
                              be several; NULL: none */
    const char *help;      /* one line */
    const char *details;   /* more lines, or NULL */
    const struct option_row *options;
    void (*more)(FILE *to); /* what the help says behind the options; may be NULL */
    int (*run)(const struct options *options);
    /* What a shell offers: the words, a line each, that the argument or the value of an option may
     * be, by what `arguments` or the option's row calls it ("[TOPIC]", "FORMAT"); nothing for what
     * it does not know. NULL: what the name itself tells (completion.h). */
    void (*words)(const char *value, struct text *out);
};

extern const struct command *const commands[];

/* The exit codes and their meaning, ends with a NULL meaning. */
struct exit_code {
    int code;
    const char *meaning;
};
extern const struct exit_code exit_codes[];

/* What the program reads of its environment, ends with a NULL name. */
struct variable {
    const char *name;
    const char *help;
};
extern const struct variable variables[];

/* The whole program: returns the exit code. */
int cli_main(int argc, char **argv);

/* What is wrong with the environment or a config file is a sentence on stderr, and false. To be
 * called first: what options_parse() finds goes over it. environment is environ. */
bool options_preset(const struct command *command, const char *const *environment,
                    struct options *options);
/* false after a sentence on stderr; then the exit code is EXIT_USAGE. argv[0] is the command. */
bool options_parse(const struct command *command, int argc, char **argv, struct options *options);
void options_help(const struct command *command);

/* Whether to colour what goes to the descriptor: --color and --no-color first, then NO_COLOR and
 * FORCE_COLOR (neither counts when it is empty), then whether it is a terminal. */
extern const char *const color_words[];
bool terminal_color(int fd, const struct options *options);
/* Columns of the terminal at fd, 80 when it is none. */
unsigned terminal_width(int fd);
/* Whether UTF-8 marks can be shown (the locale's character set). */
bool terminal_symbols(void);

#endif
