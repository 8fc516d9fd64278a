# Every .sql file goes into the program: build/generated/sql/queries.h (the names) and queries.c (the texts).
set(generated ${CMAKE_BINARY_DIR}/generated/sql)
file(MAKE_DIRECTORY ${generated})
file(GLOB query_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/sql ${CMAKE_SOURCE_DIR}/sql/queries/*/*.sql)
file(GLOB schema_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/sql ${CMAKE_SOURCE_DIR}/sql/schema/*.sql)
list(SORT query_files)
list(SORT schema_files)
set(sql_files ${query_files} ${schema_files})
list(TRANSFORM sql_files PREPEND ${CMAKE_SOURCE_DIR}/sql/ OUTPUT_VARIABLE sql_paths)

add_executable(embed sql/embed.c)
add_custom_command(
  OUTPUT ${generated}/queries.h ${generated}/queries.c
  COMMAND embed ${CMAKE_SOURCE_DIR}/sql ${generated} ${sql_files}
  DEPENDS embed ${sql_paths}
  VERBATIM)
add_custom_target(queries DEPENDS ${generated}/queries.h ${generated}/queries.c)
target_sources(sql PRIVATE ${generated}/queries.c)
target_include_directories(sql PUBLIC ${CMAKE_BINARY_DIR}/generated)
add_dependencies(sql queries)
set_source_files_properties(${generated}/queries.c PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
