/* Workflow commands of GitHub Actions: annotations beside the lines of a pull request. It shows ten
 * errors and ten warnings of a step, so that errors come first and the rest is one notice. */
#include "diagnostic.h"
#include "words.h"

#define SHOWN_MAX 10

static void add_command(const struct finding *finding, const char *path, struct text *out)
{
    const struct place *place = &finding->place;
    text_printf(out, "::%s file=", finding->severity == DIAG_ERROR ? "error" : "warning");
    words_github(out, diagnostic_file(place, path), true);
    text_printf(out, ",line=%d", diagnostic_line(place));
    if (diagnostic_has_line(place))
        text_printf(out, ",endLine=%d,col=%d,endColumn=%d", diagnostic_line(place),
                    diagnostic_column(place), diagnostic_end_column(place));
    text_add(out, ",title=");
    words_github(out, finding->code, true);
    text_add(out, "::");
    words_github(out, finding->message, false);
    if (finding->hint) {
        text_add(out, "%0A");
        words_github(out, finding->hint, false);
    }
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        text_add(out, "%0A");
        words_github(out, diagnostic_file(&related->place, path), false);
        text_printf(out, ":%d: ", diagnostic_line(&related->place));
        words_github(out, related->message, false);
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
        words_github(out, diagnostic_file(&(struct place){0}, path), true);
        text_printf(out, ",line=1,title=cmtest::%zu more\n", rest);
    }
}

const struct diag_format diag_format_github = {
    .name = "github",
    .help = "workflow commands, for annotations in GitHub Actions",
    .machine = true,
    .write = write_github,
};
