# room(NAME FLOORS rooms... LIBRARIES packages... SHOWN packages...): one static library from NAME/*.c.
# LIBRARIES stay inside the room; SHOWN ones appear in its headers.
# The door: build/door/NAME/NAME is a link to the room's folder, and only targets that link the room have
# build/door/NAME on their include path; so "outreach/plan.h" does not compile where outreach is not linked.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

function(room name)
  cmake_parse_arguments(ROOM "" "" "FLOORS;LIBRARIES;SHOWN" ${ARGN})
  set(door ${CMAKE_BINARY_DIR}/door/${name})
  file(MAKE_DIRECTORY ${door})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${name} ${door}/${name} SYMBOLIC)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/embed\\.c$")
  file(GLOB headers CONFIGURE_DEPENDS ${door}/${name}/*.h)
  list(FILTER headers EXCLUDE REGEX "/poison\\.h$")

  if(NOT sources) # a room still being furnished
    file(WRITE ${CMAKE_BINARY_DIR}/empty.c "extern int empty; int empty;\n")
    set(sources ${CMAKE_BINARY_DIR}/empty.c)
  endif()
  add_library(${name} STATIC ${sources})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${door} FILES ${headers})
  target_compile_options(${name} PRIVATE ${STRICT_C_FLAGS})
  string(TOUPPER ${name} upper)
  target_compile_definitions(${name} PRIVATE TALENT_ROOM_${upper})
  target_link_libraries(${name} PUBLIC ${ROOM_FLOORS})
  foreach(package ${ROOM_SHOWN})
    target_link_libraries(${name} PUBLIC PkgConfig::${package})
  endforeach()
  foreach(package ${ROOM_LIBRARIES})
    target_link_libraries(${name} PRIVATE PkgConfig::${package})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY ROOMS ${name})
endfunction()
