/* syntax: what libyaml says about text that is not YAML, in words that help. */
#ifndef CMTEST_SPEC_SYNTAX_H
#define CMTEST_SPEC_SYNTAX_H

#include "document.h"
#include <yaml.h>

/* base: position of the first code point that the parser got. */
void syntax_error(struct document *document, const yaml_parser_t *parser, size_t base);

#endif
