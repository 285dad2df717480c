/*
 * frame: a block of rows at the bottom of a terminal that is redrawn in place, on stderr. A frame
 * is one write, between the marks of a synchronized update (DECSET 2026, which terminals that do
 * not know it ignore), each row cleared behind its end: nothing flickers. The cursor is hidden
 * meanwhile, and comes back however the program ends.
 */
#ifndef CMTEST_CLI_FRAME_H
#define CMTEST_CLI_FRAME_H

#include <stdint.h>
#include "cmtest/text.h"

#define FRAME_ROWS_MAX 8

struct frame {
    unsigned rows;                   /* on the screen */
    unsigned widths[FRAME_ROWS_MAX]; /* columns that each of them took */
    unsigned columns;                /* of the terminal then */
    struct text out;
};

void frame_begin(struct frame *frame, unsigned columns);
/* Cut at the width, for a wrapped row would break the redrawing. */
void frame_row(struct frame *frame, const char *format, ...) __attribute__((format(printf, 2, 3)));
void frame_show(struct frame *frame);
/* Removes it, and gives the cursor back. */
void frame_end(struct frame *frame);
/* Only the cursor; may be called in a signal handler. */
void frame_restore_cursor(void);

#endif
