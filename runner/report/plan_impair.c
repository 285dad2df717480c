#include "plan_signalling.h"

/* Every thing of a direction begins with this, behind others. */
static struct text *next(struct text *out, size_t begin)
{
    if (out->length > begin)
        text_add(out, ", ");
    return out;
}

static void add_loss(const struct impairment_config *config, struct text *out)
{
    double enter = config->burst.enter, leave = config->burst.leave;
    if (config->loss > 0)
        text_printf(out, "%.3g%% lost", config->loss);
    if (config->loss_every)
        text_printf(out, "every %uth lost", config->loss_every);
    if (enter <= 0)
        return;
    double bad = enter / (enter + leave);
    text_printf(out, "%.3g%% lost in bursts of %.3g",
                bad * config->burst.loss_bad + (1 - bad) * config->burst.loss_good, 100 / leave);
    if (config->burst.loss_bad < 100 || config->burst.loss_good > 0)
        text_printf(out, " (%.3g%% inside, %.3g%% outside)", config->burst.loss_bad,
                    config->burst.loss_good);
}

static void add_direction(const struct impairment_config *config, struct text *out)
{
    size_t begin = out->length;
    add_loss(config, out);
    if (config->delay_ns)
        text_printf(next(out, begin), "delay %.3g ms", (double)config->delay_ns / 1e6);
    if (config->jitter_ns)
        text_printf(next(out, begin), "jitter %.3g ms%s", (double)config->jitter_ns / 1e6,
                    config->keep_order ? "" : " that may overtake");
    if (config->reorder > 0)
        text_printf(next(out, begin), "%.3g%% overtaken by %u", config->reorder, config->distance);
    if (config->duplicate > 0)
        text_printf(next(out, begin), "%.3g%% twice", config->duplicate);
}

void plan_impaired(const struct plan_group *group, struct text *out)
{
    static const char *const names[] = {"RTP that it sends is impaired: ",
                                        "RTP that it receives is impaired: "};
    for (int i = 0; i < 2; i++) {
        if (!group->impair[i])
            continue;
        text_add(out, out->length ? "; " : "");
        text_add(out, names[i]);
        add_direction(group->impair[i], out);
    }
}
