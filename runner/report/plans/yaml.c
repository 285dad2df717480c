/* The spec itself, with all that was included, merged and expanded into it. */
#include "cmtest/plan_report.h"

static void write(const struct plan_case *each, const struct plan_page *page, struct text *out)
{
    (void)page;
    if (each->spec->case_name)
        text_printf(out, "--- # %s\n", each->spec->case_name);
    if (!spec_save(each->spec, out))
        text_add(out, "# this spec cannot be written; please report it as a defect of cmtest\n");
}

const struct plan_format plan_format_yaml = {
    .name = "yaml",
    .help = "the spec itself: included, merged and expanded, without passwords",
    .write = write,
};
