/*
 * The drawing of the groups: a card per group, an arrow from who calls to who is called, in two
 * columns; and once more in one column for narrow windows.
 */
#include "html/html.h"

#include <stdlib.h>
#include <string.h>
#include "step_words.h"
#include "words.h"

#define CARDS_MAX 40
#define CARD_WIDTH 320
#define GAP_X 150
#define GAP_Y 26
#define LANE 44 /* beside the cards of one column, for the arrows */
#define LINE_HEIGHT 19
#define PAD 16
#define TEXT_COLUMNS 44

struct card {
    uint32_t group;      /* ROSTER_NONE: outside */
    const char *outside; /* URI */
    int x, y, height;
    bool left;
};

struct drawing {
    const struct result *result;
    struct card cards[CARDS_MAX];
    size_t count;
    bool narrow;
    int width, height;
};

static int lines_of(const struct drawing *drawing, const struct card *card)
{
    if (card->group == ROSTER_NONE)
        return 2;
    const struct roster_group *group = &drawing->result->roster->groups[card->group];
    return 4 + (group->step_count > 0) + (group->expected != NULL);
}

static size_t find(const struct drawing *drawing, const char *target)
{
    for (size_t i = 0; i < drawing->count; i++) {
        const struct card *card = &drawing->cards[i];
        const char *name = card->group == ROSTER_NONE
                               ? card->outside
                               : drawing->result->roster->groups[card->group].name;
        if (strcmp(name, target) == 0)
            return i;
    }
    return CARDS_MAX;
}

static void collect(struct drawing *drawing)
{
    const struct roster *roster = drawing->result->roster;
    for (uint32_t i = 0; i < roster->group_count && drawing->count < CARDS_MAX; i++)
        drawing->cards[drawing->count++] =
            (struct card){.group = i, .left = roster->groups[i].target != NULL};
    for (uint32_t i = 0; i < roster->group_count && drawing->count < CARDS_MAX; i++)
        if (roster->groups[i].target && find(drawing, roster->groups[i].target) == CARDS_MAX)
            drawing->cards[drawing->count++] =
                (struct card){.group = ROSTER_NONE, .outside = roster->groups[i].target};
}

static void place(struct drawing *drawing)
{
    int y[2] = {2, 2};
    bool left = false;
    for (size_t i = 0; i < drawing->count; i++)
        left |= drawing->cards[i].left;
    for (size_t i = 0; i < drawing->count; i++) {
        struct card *card = &drawing->cards[i];
        int column = !drawing->narrow && left && !card->left;
        card->height = lines_of(drawing, card) * LINE_HEIGHT + 2 * PAD - 6;
        card->x = drawing->narrow ? LANE : 2 + column * (CARD_WIDTH + GAP_X);
        card->y = y[column];
        y[column] += card->height + GAP_Y;
    }
    drawing->height = (y[0] > y[1] ? y[0] : y[1]) - GAP_Y + 2;
    drawing->width = drawing->narrow ? LANE + CARD_WIDTH + 2 : 2 * CARD_WIDTH + GAP_X + 4;
}

static void add_line(struct text *out, const struct card *card, int line, const char *class,
                     const char *string)
{
    text_printf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", card->x + PAD,
                card->y + PAD + 9 + line * LINE_HEIGHT, class);
    html_short(out, string, TEXT_COLUMNS);
    text_add(out, "</text>");
}

/* How its endpoints ended, as a line of two colours at the foot of the card. */
static void add_ended(const struct drawing *drawing, const struct card *card, struct text *out)
{
    const struct roster_group *group = &drawing->result->roster->groups[card->group];
    uint32_t good = 0, warned = 0;
    for (uint32_t i = group->first; i < group->first + group->count; i++) {
        const struct result_endpoint *endpoint = &drawing->result->endpoints[i];
        good += endpoint->closed && endpoint->outcome.outcome == OUTCOME_SUCCESS;
        warned += endpoint->closed && endpoint->outcome.outcome == OUTCOME_COMPLETED_WITH_WARNINGS;
    }
    uint32_t bad = group->count - good - warned, count = group->count ? group->count : 1;
    int width = CARD_WIDTH - 2 * PAD, x = card->x + PAD, y = card->y + card->height - 12;
    int part = (int)((uint64_t)bad * (unsigned)width / count);
    if (bad > 0 && part < 3)
        part = 3;
    struct text ended = {0};
    text_add(&ended, group->target ? "calls \xc2\xb7 " : "answers \xc2\xb7 ");
    words_thousands(&ended, good + warned);
    text_add(&ended, " ended well");
    if (bad > 0) {
        text_add(&ended, ", ");
        words_thousands(&ended, bad);
        text_add(&ended, " did not");
    }
    add_line(out, card, 1, bad > 0 ? "bad" : "dim", text_get(&ended));
    text_fini(&ended);
    text_printf(out,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"4\" rx=\"2\" class=\"t-good\"/>", x,
                y, width);
    if (part > 0)
        text_printf(out,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"4\" rx=\"2\" class=\"t-bad\"/>",
                    x, y, part);
}

static void add_steps(struct text *out, const struct card *card, int line,
                      const struct roster_group *group)
{
    struct text steps = {0};
    text_printf(&steps, "\xe2\x96\xb8 ");
    for (uint32_t i = 0; i < group->step_count && steps.length < 200; i++)
        text_printf(&steps, "%s%s", i > 0 ? " \xe2\x86\x92 " : "", group->steps[i].action);
    add_line(out, card, line, "steps", text_get(&steps));
    text_fini(&steps);
}

static void add_group(const struct drawing *drawing, const struct card *card, struct text *out)
{
    const struct roster_group *group = &drawing->result->roster->groups[card->group];
    struct text line = {0};
    int at = 0;
    text_printf(&line, "%s", group->name);
    text_printf(out, "<text x=\"%d\" y=\"%d\" class=\"count\" text-anchor=\"end\">\xc3\x97 ",
                card->x + CARD_WIDTH - PAD, card->y + PAD + 9);
    words_thousands(out, group->count);
    text_add(out, "</text>");
    add_line(out, card, at++, "name", text_get(&line));
    add_ended(drawing, card, out);
    at++;
    text_clear(&line);
    text_printf(&line, "codecs %s", group->codecs && *group->codecs ? group->codecs : "-");
    add_line(out, card, at++, "", text_get(&line));
    text_clear(&line);
    if (group->registrar)
        text_printf(&line, "%s \xc2\xb7 %s", group->registrar, group->server ? group->server : "");
    else
        text_printf(&line, "%s", group->server ? group->server : "no registrar");
    add_line(out, card, at++, "", text_get(&line));
    text_clear(&line);
    if (group->step_count > 0)
        add_steps(out, card, at++, group);
    if (group->expected) {
        text_printf(&line, "expects %s", group->expected);
        add_line(out, card, at++, "dim", text_get(&line));
    }
    text_fini(&line);
}

static void add_card(const struct drawing *drawing, const struct card *card, struct text *out)
{
    bool outside = card->group == ROSTER_NONE;
    text_printf(out, "<g class=\"card%s\"><title>", outside ? " outside" : "");
    html_text(out, outside ? card->outside : drawing->result->roster->groups[card->group].name);
    text_printf(out,
                "</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\" "
                "class=\"box\"/>",
                card->x, card->y, CARD_WIDTH, card->height);
    if (outside) {
        add_line(out, card, 0, "name", card->outside);
        add_line(out, card, 1, "dim", "outside of this test");
    } else
        add_group(drawing, card, out);
    text_add(out, "</g>\n");
}

/* Across the gap, or through the lane beside the cards when both are in one column. */
static void add_arrow(const struct drawing *drawing, const struct card *from, const struct card *to,
                      struct text *out)
{
    int y1 = from->y + from->height / 2, y2 = to->y + to->height / 2;
    if (from == to)
        y2 += 20;
    if (from->x < to->x) {
        int x1 = from->x + CARD_WIDTH, x2 = to->x - 4, middle = (x1 + x2) / 2;
        text_printf(out,
                    "<path class=\"arrow\" d=\"M%d %dC%d %d %d %d %d %d\"/>"
                    "<path class=\"head\" d=\"M%d %dl-9 -5v10z\"/>",
                    x1, y1, middle, y1, middle, y2, x2 - 6, y2, x2, y2);
        return;
    }
    int side = drawing->narrow ? -1 : 1;
    int x = side < 0 ? from->x : from->x + CARD_WIDTH, lane = x + side * 40;
    text_printf(out,
                "<path class=\"arrow\" d=\"M%d %dC%d %d %d %d %d %d\"/>"
                "<path class=\"head\" d=\"M%d %dl%d -5v10z\"/>",
                x, y1, lane, y1, lane, y2, x + side * 9, y2, x + side * 3, y2, side * 9);
}

static void draw(const struct result *result, bool narrow, struct text *out)
{
    struct drawing *drawing = calloc(1, sizeof(*drawing));
    const struct roster *roster = result->roster;
    if (!drawing)
        abort();
    drawing->result = result;
    drawing->narrow = narrow;
    collect(drawing);
    place(drawing);
    text_printf(out,
                "<svg class=\"topology %s\" viewBox=\"0 0 %d %d\" role=\"img\" "
                "aria-label=\"Which group calls which\" %sstyle=\"max-width:%dpx\">\n",
                narrow ? "narrow" : "wide", drawing->width, drawing->height,
                narrow ? "aria-hidden=\"true\" " : "", drawing->width);
    for (size_t i = 0; i < drawing->count; i++)
        add_card(drawing, &drawing->cards[i], out);
    for (size_t i = 0; i < drawing->count; i++) {
        const struct card *card = &drawing->cards[i];
        const char *target = card->group == ROSTER_NONE ? NULL : roster->groups[card->group].target;
        size_t to = target ? find(drawing, target) : CARDS_MAX;
        if (to < CARDS_MAX)
            add_arrow(drawing, card, &drawing->cards[to], out);
    }
    text_add(out, "</svg>\n");
    free(drawing);
}

void html_topology(const struct result *result, struct text *out)
{
    text_add(out, "<section id=\"topology\" aria-labelledby=\"h-topology\"><h2 id=\"h-topology\">"
                  "Who calls whom</h2>\n");
    draw(result, false, out);
    draw(result, true, out);
    if (result->roster->group_count > CARDS_MAX)
        text_printf(out, "<p class=\"dim\">The first %d of %u groups.</p>\n", CARDS_MAX,
                    result->roster->group_count);
    text_add(out, "</section>\n");
}
