# cmtest_embed(<module> <file> <symbol>): the file becomes `const char <symbol>[]` of the module,
# with a NUL at its end.

function(cmtest_embed module file symbol)
  set(out ${CMAKE_BINARY_DIR}/${symbol}.c)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  file(CONFIGURE OUTPUT ${out} @ONLY
       CONTENT "extern const char @symbol@[];\nconst char @symbol@[] = {\n@bytes@0};\n")
  target_sources(cmtest_${module} PRIVATE ${out})
endfunction()
