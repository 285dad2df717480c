# CMTEST_OWN_HOMES: whether libsofia-sip-ua calls its su_alloc.c through the PLT, so that loop/home.c
# can stand in for it (runner/loop/home.h). A library that was linked with -Bsymbolic-functions does
# not, and has homes of its own kind; ours must then not be built, for the two cannot be mixed.
include(CheckCSourceRuns)

set(CMAKE_REQUIRED_LIBRARIES PkgConfig::SOFIA)
check_c_source_runs("
#include <stdlib.h>
#include <sofia-sip/su_alloc.h>
static int asked;
void *su_home_new(isize_t size) { asked = 1; return calloc(1, (size_t)size); }
int main(void) { return su_home_create() && asked ? 0 : 1; }
" CMTEST_OWN_HOMES)
unset(CMAKE_REQUIRED_LIBRARIES)

if(NOT CMTEST_OWN_HOMES)
  set_source_files_properties(runner/loop/home.c runner/loop/home_block.c
                              PROPERTIES HEADER_FILE_ONLY ON)
endif()
