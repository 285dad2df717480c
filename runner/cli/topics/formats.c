#include "cmtest/topic.h"
#include "cmtest/diag_format.h"
#include "cmtest/plan_report.h"
#include "cmtest/report.h"

static void fill(struct listing *listing)
{
    for (size_t i = 0; report_formats[i]; i++)
        listing_add(listing,
                    (const char *const[]){"run", report_formats[i]->name, report_formats[i]->file,
                                          report_formats[i]->help});
    for (size_t i = 0; diag_formats[i]; i++)
        listing_add(listing, (const char *const[]){"validate", diag_formats[i]->name, NULL,
                                                   diag_formats[i]->help});
    for (size_t i = 0; plan_formats[i]; i++)
        listing_add(listing, (const char *const[]){"plan", plan_formats[i]->name, NULL,
                                                   plan_formats[i]->help});
}

static const struct listing_column columns[] = {
    {"command", NULL}, {"name", NULL}, {"file", "file "}, {"help", NULL}, {0}};

const struct topic topic_formats = {
    .name = "formats",
    .help = "what the commands can write",
    .columns = columns,
    .fill = fill,
};
