/* syntax: what libyaml says about text that is not YAML, in words that help. */
#ifndef CMTEST_SPEC_SYNTAX_H
#define CMTEST_SPEC_SYNTAX_H

#include "document.h"
#include <yaml.h>

void syntax_error(struct document *document, const yaml_parser_t *parser);

#endif
