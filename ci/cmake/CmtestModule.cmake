# cmtest_module(<name> [TABLES <plural folder>...] [USES <lower module>...] [LIBRARIES <target>...])
#
# A module is the folder runner/<name>: a static library cmtest_<name> of its .c files and of the
# rows of its tables (one .c per ROW(id) line of <table>/table.def). A module that has no source yet
# is skipped. layer_<name> links the module whole against only what it declares: a call upward
# does not link.

set(CMTEST_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Wvla
    -Wundef -Wwrite-strings -Wpointer-arith -Wformat=2 -Wno-format-nonliteral
    CACHE STRING "warnings")

add_library(cmtest_options INTERFACE)
target_compile_options(cmtest_options INTERFACE ${CMTEST_WARNINGS} -fno-common)
target_compile_definitions(cmtest_options INTERFACE _GNU_SOURCE CMTEST_VERSION="${PROJECT_VERSION}")
target_include_directories(cmtest_options INTERFACE ${CMAKE_SOURCE_DIR}/include)
if(CMTEST_SANITIZE)
  target_compile_options(cmtest_options INTERFACE -fsanitize=${CMTEST_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cmtest_options INTERFACE -fsanitize=${CMTEST_SANITIZE})
endif()
if(CMTEST_COVERAGE)
  target_compile_options(cmtest_options INTERFACE --coverage)
  target_link_options(cmtest_options INTERFACE --coverage)
endif()

file(WRITE ${CMAKE_BINARY_DIR}/layer.c "int main(void)\n{\n    return 0;\n}\n")

function(cmtest_module name)
  cmake_parse_arguments(M "" "" "TABLES;USES;LIBRARIES" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/runner/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.c)
  foreach(table IN LISTS M_TABLES)
    set(def ${dir}/${table}/table.def)
    if(EXISTS ${def})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${def})
      file(STRINGS ${def} rows REGEX "^ROW\\(")
      foreach(row IN LISTS rows)
        string(REGEX REPLACE "^ROW\\(([a-z0-9_]+)\\).*" "\\1" id "${row}")
        list(APPEND sources ${dir}/${table}/${id}.c)
      endforeach()
    endif()
  endforeach()
  if(NOT sources)
    message(STATUS "module ${name}: no source yet")
    return()
  endif()
  add_library(cmtest_${name} STATIC ${sources})
  target_include_directories(cmtest_${name} PRIVATE ${dir})
  set(used)
  foreach(module IN LISTS M_USES)
    if(TARGET cmtest_${module})
      list(APPEND used cmtest_${module})
    endif()
  endforeach()
  target_link_libraries(cmtest_${name} PUBLIC cmtest_options ${used} PRIVATE ${M_LIBRARIES})
  # Whole archive: every object must resolve from the declared modules alone.
  add_executable(layer_${name} ${CMAKE_BINARY_DIR}/layer.c)
  target_link_libraries(layer_${name} PRIVATE
    -Wl,--whole-archive cmtest_${name} -Wl,--no-whole-archive)
endfunction()
