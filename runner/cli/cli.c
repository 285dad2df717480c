#include "cmtest/arena.h"
#include "cmtest/command.h"
#include "cmtest/guide.h"
#include "cmtest/text.h"
#include "cmtest/topic.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROW(id) extern const struct command command_##id;
#include "commands/table.def"
#undef ROW

#define ROW(id) &command_##id,
const struct command *const commands[] = {
#include "commands/table.def"
    NULL};
#undef ROW

const struct exit_code exit_codes[] = {
    {EXIT_PASS, "pass"},
    {EXIT_GATE, "a threshold failed"},
    {EXIT_USAGE, "the command line is wrong"},
    {EXIT_SPEC, "the spec is invalid; nothing was sent"},
    {EXIT_ENVIRONMENT, "the environment could not run it"},
    {EXIT_INCONCLUSIVE, "inconclusive: this machine was the limit, not the peer"},
    {EXIT_INTERNAL, "internal error"},
    {EXIT_INTERRUPTED, "interrupted; all reports are written"},
    {0},
};

const struct variable variables[] = {
    {"CMTEST_<OPTION>", "an option, in capitals with _ for -: CMTEST_OUT is --out"},
    {"CMTEST_<COMMAND>_<OPTION>", "the same of one command: CMTEST_RUN_OUT"},
    {"CMTEST_CONFIG", "the config file, in place of those that are looked for; empty: none"},
    {"CMTEST_API_KEY", "the key of a platform's API; `cmtest help platform`"},
    {"https_proxy, no_proxy, ...", "proxies to the platform, unless --api-proxy names one"},
    {"NO_COLOR, FORCE_COLOR", "colours never, or also where no terminal is; --color goes first"},
    {"TERM", "\"dumb\", or none: no colours, and progress as plain lines"},
    {"LC_ALL, LC_CTYPE, LANG", "whether marks of UTF-8 can be shown"},
    {0},
};

static void help(FILE *to)
{
    static const char *const headings[] = {
        [PURPOSE_TEST] = "Test",
        [PURPOSE_WRITE] = "Write a spec",
        [PURPOSE_LOOK_UP] = "Look things up",
    };
    fputs("cmtest: places real SIP calls with real media, judges them, and writes the reports.\n\n"
          "Usage: cmtest COMMAND [OPTION...] [SPEC]\n",
          to);
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        fprintf(to, "\n%s:\n", headings[i]);
        for (size_t j = 0; commands[j]; j++)
            if ((size_t)commands[j]->purpose == i)
                fprintf(to, "  %-10s %s\n", commands[j]->name, commands[j]->help);
    }
    fputs("\nRead about a subject, with `cmtest help SUBJECT`:\n", to);
    for (size_t i = 0; guides[i]; i++)
        fprintf(to, "  %-13s %s\n", guides[i]->name, guides[i]->help);
    fputs("\n`cmtest help COMMAND` tells more of a command. A first run, without any server:\n"
          "  cmtest run examples/quickstart.yaml\n\n"
          "Exit codes:\n",
          to);
    for (size_t i = 0; exit_codes[i].meaning; i++)
        fprintf(to, "  %3d  %s\n", exit_codes[i].code, exit_codes[i].meaning);
}

static bool print_guide(const char *name)
{
    for (size_t i = 0; guides[i]; i++)
        if (strcmp(guides[i]->name, name) == 0)
            return fputs(guides[i]->text, stdout) >= 0;
    return false;
}

/* Of `cmtest help NAME`: neither a command nor a subject. */
static int unknown_subject(const char *name)
{
    for (size_t i = 0; topics[i]; i++)
        if (strcmp(topics[i]->name, name) == 0) {
            fprintf(stderr, "cmtest: that is a list: `cmtest list %s`\n", name);
            return EXIT_USAGE;
        }
    fprintf(stderr, "cmtest: there is no command or subject \"%s\"; `cmtest help` lists them\n",
            name);
    return EXIT_USAGE;
}

static int unknown_command(const char *name)
{
    const char *names[32];
    size_t count = 0;
    for (; commands[count]; count++)
        names[count] = commands[count]->name;
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        fprintf(stderr, "cmtest: there is no command \"%s\"; did you mean \"%s\"?\n", name,
                nearest);
    else
        fprintf(stderr, "cmtest: there is no command \"%s\"; `cmtest help` lists them\n", name);
    return EXIT_USAGE;
}

/* Two descriptors per endpoint: what the system allows at most, not what a shell starts with. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* A socket must not get the number of a stream that the caller closed: the verdict would go there.
 */
static void hold_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int cli_main(int argc, char **argv)
{
    hold_standard_streams();
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        name = "version";
    if (strcmp(name, "help") == 0 && argc < 3) {
        help(stdout);
        return EXIT_PASS;
    }
    bool describe = strcmp(name, "help") == 0;
    if (describe)
        name = argv[2];
    for (size_t i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) != 0)
            continue;
        struct options options = {0};
        for (int j = 2; j < argc && !describe; j++)
            if (strcmp(argv[j], "--help") == 0 || strcmp(argv[j], "-h") == 0)
                describe = true;
            else if (strcmp(argv[j], "--") == 0)
                break;
        if (describe) {
            options_help(commands[i]);
            return EXIT_PASS;
        }
        options.arena = arena_new();
        int code = EXIT_USAGE;
        if (options_preset(commands[i], (const char *const *)environ, &options) &&
            options_parse(commands[i], argc - 1, argv + 1, &options))
            code = commands[i]->run(&options);
        arena_free(options.arena);
        return code;
    }
    if (describe && print_guide(name))
        return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
    return describe ? unknown_subject(name) : unknown_command(name);
}
