# The Chinese messages, where a build finds them and where an installation puts them.
find_program(MSGFMT msgfmt REQUIRED)
set(locale ${CMAKE_BINARY_DIR}/locale)
file(MAKE_DIRECTORY ${locale}/zh_CN/LC_MESSAGES)
add_custom_command(
  OUTPUT ${locale}/zh_CN/LC_MESSAGES/talent.mo
  COMMAND ${MSGFMT} --check -o ${locale}/zh_CN/LC_MESSAGES/talent.mo ${CMAKE_SOURCE_DIR}/po/zh_CN.po
  DEPENDS ${CMAKE_SOURCE_DIR}/po/zh_CN.po)
add_custom_target(messages ALL DEPENDS ${locale}/zh_CN/LC_MESSAGES/talent.mo)
set_source_files_properties(${CMAKE_SOURCE_DIR}/base/lang.c PROPERTIES COMPILE_DEFINITIONS
  "TALENT_BUILD_LOCALE=\"${locale}\"")
set_source_files_properties(${CMAKE_SOURCE_DIR}/base/config.c PROPERTIES COMPILE_DEFINITIONS
  "TALENT_SOURCE=\"${CMAKE_SOURCE_DIR}\"")
