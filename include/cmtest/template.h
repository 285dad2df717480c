/*
 * template: what `cmtest init` can write to begin with. One row per template under
 * runner/cli/templates/; a test checks that each of them is valid.
 */
#ifndef CMTEST_TEMPLATE_H
#define CMTEST_TEMPLATE_H

struct spec_template {
    const char *name; /* "quickstart" */
    const char *help;
    const char *text;
};

/* NULL-terminated, in the order of table.def; the first one is the usual one. */
extern const struct spec_template *const templates[];

#endif
