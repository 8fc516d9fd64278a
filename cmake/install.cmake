include(GNUInstallDirs)
install(TARGETS talent RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(folder survey/forms policy outreach/gateways templates)
  install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/talent/${folder}
          FILES_MATCHING PATTERN "*.json" PATTERN "*.txt")
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/locale DESTINATION ${CMAKE_INSTALL_DATADIR})
