/* Memory that lies apart from the heap. */
#include "support/specification.h"
#include "cmtest/arena.h"

#include <stdint.h>

#define COUNT ((size_t)100000)

static void pages_are_zeroed_and_all_of_them_may_be_written(void **state)
{
    (void)state;
    uint64_t *pages = mem_pages(COUNT, sizeof *pages);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(pages[i], 0);
        pages[i] = i;
    }
    assert_int_equal(pages[COUNT - 1], COUNT - 1);
    mem_pages_free(pages, COUNT, sizeof *pages);
}

static void pages_of_nothing_are_somewhere(void **state)
{
    (void)state;
    void *pages = mem_pages(0, sizeof(int));
    assert_non_null(pages);
    mem_pages_free(pages, 0, sizeof(int));
    mem_pages_free(NULL, COUNT, sizeof(int));
}

SPECIFICATION(cmocka_unit_test(pages_are_zeroed_and_all_of_them_may_be_written),
              cmocka_unit_test(pages_of_nothing_are_somewhere))
