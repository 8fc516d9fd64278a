# The Debian package: what is installed, the system's own account and services, and what happens on install, upgrade, removal.
set(package ${CMAKE_CURRENT_LIST_DIR}/package)
install(FILES ${package}/talent-db.service ${package}/talent-receive.service ${package}/talent-dispatch.service
        DESTINATION lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${package}/sysusers.conf DESTINATION lib/sysusers.d RENAME talent.conf COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${package}/empty.json DESTINATION /etc/talent RENAME talent.json COMPONENT system EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL Unspecified system)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "talent <talent@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds, sizes and tells the skilled workers whom a settlement policy meets")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "From questionnaires of enterprises and schools to an information base, from the conditions of a policy to the people
 who are likely to meet them, from a template to logged SMS, replies and monthly figures by town.")
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "mariadb-server-core, mariadb-client-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${package}/preinst ${package}/postinst ${package}/prerm ${package}/postrm ${package}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
