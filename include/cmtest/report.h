/*
 * report: writers over struct result. One row per format under runner/report/formats/.
 * Pure: the same result gives the same bytes (golden-file tested). No password can reach them,
 * because neither roster nor events hold one.
 */
#ifndef CMTEST_REPORT_H
#define CMTEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/result.h"
#include "cmtest/text.h"

struct report_format {
    const char *name; /* "junit" */
    const char *file; /* in the output folder: "junit.xml"; NULL: console only */
    const char *help;
    void (*write)(const struct result *result, struct text *out);
};

extern const struct report_format *const report_formats[];
const struct report_format *report_format_find(const char *name);

/* Writes every format that has a file into folder (made when missing, with parents), each whole or
 * not at all, and below folder/evidence what was seen of the calls that did not end well (the worst
 * 50): <group>-<index>.txt, the ladder and the messages, and .pcap, the same as packets. Those of
 * an earlier run are removed. false: *failed is the path that could not be written, errno says why.
 */
bool report_write_all(const struct result *result, const char *folder, struct text *failed);

/* The block at the end of a run on a terminal or in a log: verdict first, every threshold with its
 * figures, Why, Try, where the reports are. At most width columns where text can be broken;
 * color: ANSI. symbols: UTF-8 marks, else words only. */
void report_console(const struct result *result, const char *folder, unsigned width, bool color,
                    bool symbols, struct text *out);

#endif
