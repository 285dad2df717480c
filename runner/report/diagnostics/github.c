/* Workflow commands of GitHub Actions: annotations beside the lines of a pull request. It shows ten
 * errors and ten warnings of a step, so that errors come first and the rest is one notice. */
#include "diagnostic.h"
#include "words.h"

#include <string.h>

#define SHOWN_MAX 10

/* property: it ends at a comma or a colon, too. */
static void add_escaped(struct text *out, const char *string, bool property)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_JSON);
    for (const char *bytes = text_get(&clean); *bytes; bytes++)
        if (strchr("%\r\n", *bytes) || (property && strchr(":,", *bytes)))
            text_printf(out, "%%%02X", (unsigned char)*bytes);
        else if ((unsigned char)*bytes < 0x20 || *bytes == 0x7f)
            text_add(out, "?");
        else
            text_add_bytes(out, bytes, 1);
    text_fini(&clean);
}

static void add_command(const struct finding *finding, const char *path, struct text *out)
{
    const struct place *place = &finding->place;
    text_printf(out, "::%s file=", finding->severity == DIAG_ERROR ? "error" : "warning");
    add_escaped(out, diagnostic_file(place, path), true);
    text_printf(out, ",line=%d", diagnostic_line(place));
    if (diagnostic_has_line(place))
        text_printf(out, ",endLine=%d,col=%d,endColumn=%d", diagnostic_line(place),
                    diagnostic_column(place), diagnostic_end_column(place));
    text_add(out, ",title=");
    add_escaped(out, finding->code, true);
    text_add(out, "::");
    add_escaped(out, finding->message, false);
    if (finding->hint) {
        text_add(out, "%0A");
        add_escaped(out, finding->hint, false);
    }
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        text_add(out, "%0A");
        add_escaped(out, diagnostic_file(&related->place, path), false);
        text_printf(out, ":%d: ", diagnostic_line(&related->place));
        add_escaped(out, related->message, false);
    }
    text_add(out, "\n");
}

static size_t add_commands(struct diag *diag, enum diag_severity severity, const char *path,
                           struct text *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < diag_count(diag); i++) {
        const struct finding *finding = diag_get(diag, i);
        if (finding->severity != severity || shown == SHOWN_MAX)
            continue;
        add_command(finding, path, out);
        shown++;
    }
    return shown;
}

static void write_github(struct diag *diag, const char *path, bool color, struct text *out)
{
    (void)color;
    size_t shown = add_commands(diag, DIAG_ERROR, path, out);
    shown += add_commands(diag, DIAG_WARNING, path, out);
    size_t rest = diag_count(diag) + diag_dropped(diag) - shown;
    if (rest) {
        text_add(out, "::notice file=");
        add_escaped(out, diagnostic_file(&(struct place){0}, path), true);
        text_printf(out, ",line=1,title=cmtest::%zu more\n", rest);
    }
}

const struct diag_format diag_format_github = {
    .name = "github",
    .help = "workflow commands, for annotations in GitHub Actions",
    .machine = true,
    .write = write_github,
};
