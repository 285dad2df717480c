#include "cmtest/command.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool set_and_not_empty(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

const char *const color_words[] = {"auto", "always", "never", NULL};

bool terminal_color(int fd, const struct options *options)
{
    const char *term = getenv("TERM");
    if (options->no_color)
        return false;
    if (options->color && strcmp(options->color, "auto") != 0)
        return strcmp(options->color, "always") == 0;
    if (set_and_not_empty("NO_COLOR"))
        return false;
    if (set_and_not_empty("FORCE_COLOR"))
        return true;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

unsigned terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
        return size.ws_col;
    return 80;
}

bool terminal_symbols(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
