# What an installation holds; the program finds it beside itself (base/installed.h), wherever the prefix is.
include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATADIR})
install(TARGETS talent RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(folder survey/forms policy outreach/gateways templates)
  install(DIRECTORY ${folder}/ DESTINATION ${share}/talent/${folder} FILES_MATCHING PATTERN "*.json" PATTERN "*.txt")
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/locale DESTINATION ${share})

# Manual in two languages and completion, made from the declarations of the commands.
set(made ${CMAKE_BINARY_DIR}/made)
add_custom_command(
  OUTPUT ${made}/talent.1.gz ${made}/zh_CN/talent.1.gz ${made}/talent.bash
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/package/manual.sh $<TARGET_FILE:talent> ${made}
  DEPENDS talent messages ${CMAKE_CURRENT_LIST_DIR}/package/manual.sh
  VERBATIM)
add_custom_target(manual ALL DEPENDS ${made}/talent.1.gz ${made}/zh_CN/talent.1.gz ${made}/talent.bash)
install(FILES ${made}/talent.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/zh_CN/talent.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/zh_CN/man1)
install(FILES ${made}/talent.bash DESTINATION ${share}/bash-completion/completions RENAME talent)
install(FILES README.md README.zh-CN.md docs/dongguan-2012-140.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES cmake/package/talent.json DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
