#include "support/specification.h"

#include "golden.h"
#include "traced.h"
#include "evidence.h"

static void show(const struct fixture *f, struct text *out)
{
    struct evidence_list list;
    evidence_choose(&list, f->result);
    assert_int_equal(list.count, 1);
    evidence_text(f->result, &list.calls[0], out);
}

static void refused_call_is_as_the_golden_file(void **state)
{
    struct fixture f;
    struct traced t = {0};
    struct text out = {0};
    (void)state;
    traced_run(&t, &f, 2);
    show(&f, &out);
    assert_golden("busy-evidence.txt", text_get(&out), out.length);
    text_fini(&out);
    fixture_fini(&f);
}

SPECIFICATION(cmocka_unit_test(refused_call_is_as_the_golden_file))
