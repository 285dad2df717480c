#include "support/specification.h"
#include "sip_private.h"

#include <string.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>

static void lines_go_out_as_they_are(void **state)
{
    (void)state;
    struct text lines = {0};
    sip_unknown_t header[1];
    char bytes[128];
    text_add(&lines, "Contact:  <sip:a@b:1>\r\nExpires: 0\r\nX: a:b, c\r\n");
    assert_ptr_equal(lines_header(&lines, header), header);
    memset(bytes, 0, sizeof bytes);
    assert_true(msg_header_e(bytes, sizeof bytes - 1, (msg_header_t *)header, 0) > 0);
    assert_string_equal(bytes, "Contact: <sip:a@b:1>\r\nExpires: 0\r\nX: a:b, c\r\n");
    text_fini(&lines);
}

static void of_no_lines_there_is_no_header(void **state)
{
    (void)state;
    struct text lines = {0};
    sip_unknown_t header[1];
    assert_null(lines_header(&lines, header));
    text_add(&lines, "");
    assert_null(lines_header(&lines, header));
    text_fini(&lines);
}

SPECIFICATION(cmocka_unit_test(lines_go_out_as_they_are),
              cmocka_unit_test(of_no_lines_there_is_no_header))
