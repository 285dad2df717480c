# What is installed beside the program, and the Debian package of it (cmake --workflow --preset
# package). Manual page and completions are printed by the program that was built, so that they
# cannot tell of another one.

include(GNUInstallDirs)

set(CMTEST_MAINTAINER "The cmtest authors <cmtest@packages.invalid>" CACHE STRING
    "name <address> of whoever answers for the package")

set(documents ${CMAKE_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
set(CMTEST_DOCUMENTS)

# cmtest_printed(<file> <folder> <argument>...): what the program prints is installed as the file.
function(cmtest_printed file folder)
  add_custom_command(OUTPUT ${documents}/${file} COMMAND cmtest ${ARGN} > ${documents}/${file}
                     DEPENDS cmtest VERBATIM)
  set(CMTEST_DOCUMENTS ${CMTEST_DOCUMENTS} ${documents}/${file} PARENT_SCOPE)
  install(FILES ${documents}/${file} DESTINATION ${folder})
endfunction()

# cmtest_compressed(<source> <file> <folder>): as Debian has its manual pages and changelogs, with
# the same bytes for the same source.
function(cmtest_compressed source file folder)
  add_custom_command(OUTPUT ${documents}/${file}.gz COMMAND gzip -9nc ${source} > ${documents}/${file}.gz
                     DEPENDS ${source} VERBATIM)
  set(CMTEST_DOCUMENTS ${CMTEST_DOCUMENTS} ${documents}/${file}.gz PARENT_SCOPE)
  install(FILES ${documents}/${file}.gz DESTINATION ${folder})
endfunction()

set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATAROOTDIR}/doc/cmtest)
cmtest_printed(cmtest ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions completion bash)
cmtest_printed(_cmtest ${CMAKE_INSTALL_DATAROOTDIR}/zsh/vendor-completions completion zsh)
cmtest_printed(cmtest.fish ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d completion fish)
add_custom_command(OUTPUT ${documents}/cmtest.1 COMMAND cmtest manual > ${documents}/cmtest.1
                   DEPENDS cmtest VERBATIM)
cmtest_compressed(${documents}/cmtest.1 cmtest.1 ${CMAKE_INSTALL_MANDIR}/man1)

string(TIMESTAMP CMTEST_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${CMAKE_SOURCE_DIR}/ci/debian/changelog.in ${documents}/changelog @ONLY)
cmtest_compressed(${documents}/changelog changelog ${CMAKE_INSTALL_DOCDIR})
cmtest_compressed(${CMAKE_SOURCE_DIR}/CHANGELOG.md CHANGELOG.md ${CMAKE_INSTALL_DOCDIR})
add_custom_target(cmtest_documents ALL DEPENDS ${CMTEST_DOCUMENTS})

install(FILES ci/debian/copyright README.md METRICS.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY schema DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/cmtest)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
# An example names its schema relative to itself.
file(CREATE_LINK ../../cmtest/schema ${documents}/schema SYMBOLIC)
install(FILES ${documents}/schema DESTINATION ${CMAKE_INSTALL_DOCDIR})

file(READ ${CMAKE_SOURCE_DIR}/ci/debian/description CPACK_DEBIAN_PACKAGE_DESCRIPTION)
string(STRIP "${CPACK_DEBIAN_PACKAGE_DESCRIPTION}" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cmtest)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "declarative SIP/RTP test runner")
set(CPACK_PACKAGE_CONTACT ${CMTEST_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
