#include "frame.h"
#include "cmtest/command.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HIDE "\033[?25l"
#define SHOW "\033[?25h"
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END "\033[?2026l"

/* For signal handlers, which have nothing else to look at. */
static volatile sig_atomic_t hidden;

void frame_restore_cursor(void)
{
    static const char show[] = SYNC_END SHOW;
    int saved = errno;
    if (hidden && write(STDERR_FILENO, show, sizeof show - 1) > 0)
        hidden = 0;
    errno = saved;
}

static void die(int signal_number)
{
    frame_restore_cursor();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void suspend(int signal_number)
{
    (void)signal_number;
    frame_restore_cursor();
    raise(SIGSTOP);
}

/* What ends or stops a program at once. What somebody else (a sanitizer) has taken stays theirs. */
static void watch_for_the_end(void)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT, SIGTSTP};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        struct sigaction before, action = {.sa_handler = fatal[i] == SIGTSTP ? suspend : die};
        if (sigaction(fatal[i], NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
            before.sa_handler == SIG_DFL)
            sigaction(fatal[i], &action, NULL);
    }
}

static void put(const struct text *out)
{
    const char *at = text_get(out);
    for (size_t left = out->length; left;) {
        ssize_t done = write(STDERR_FILENO, at, left);
        if (done < 0 && errno != EINTR)
            return;
        at += done > 0 ? done : 0;
        left -= done > 0 ? (size_t)done : 0;
    }
}

/* A narrower terminal has broken its rows: so many lines stand there now. */
static unsigned lines_there(const struct frame *frame, unsigned columns)
{
    unsigned lines = 0;
    for (unsigned i = 0; i < frame->rows; i++)
        lines += frame->widths[i] > columns ? (frame->widths[i] + columns - 1) / columns : 1;
    return lines;
}

static void go_up(struct frame *frame, unsigned columns)
{
    if (frame->rows)
        text_printf(&frame->out, "\r\033[%uA", lines_there(frame, columns));
    /* After a change of width what is there is no row of ours any more. */
    if (frame->rows && columns != frame->columns)
        text_add(&frame->out, "\033[J");
}

void frame_begin(struct frame *frame, unsigned columns)
{
    if (!hidden) {
        watch_for_the_end();
        hidden = 1;
    }
    text_clear(&frame->out);
    text_add(&frame->out, SYNC_BEGIN HIDE);
    go_up(frame, columns);
    frame->rows = 0;
    frame->columns = columns;
}

void frame_row(struct frame *frame, const char *format, ...)
{
    char row[512];
    va_list args;
    va_start(args, format);
    vsnprintf(row, sizeof row, format, args);
    va_end(args);
    if (frame->rows == FRAME_ROWS_MAX)
        return;
    unsigned width = 0, most = frame->columns > 1 ? frame->columns - 1 : 1;
    for (const char *at = row; *at && width < most; width++) {
        size_t length = text_utf8_length(at, strlen(at));
        bool shown = length && (unsigned char)*at >= 0x20 && *at != 0x7f;
        text_add_bytes(&frame->out, shown ? at : "?", shown ? length : 1);
        at += length ? length : 1;
    }
    text_add(&frame->out, "\033[K\n");
    frame->widths[frame->rows++] = width;
}

void frame_show(struct frame *frame)
{
    /* Rows of a higher frame before. */
    text_add(&frame->out, "\033[J" SYNC_END);
    put(&frame->out);
}

void frame_end(struct frame *frame)
{
    text_clear(&frame->out);
    go_up(frame, terminal_width(STDERR_FILENO));
    if (frame->rows) {
        text_add(&frame->out, "\033[J");
        put(&frame->out);
    }
    frame->rows = 0;
    frame_restore_cursor();
    text_fini(&frame->out);
}
