# The table of people/character.h, made from Debian's unicode-data.
set(characters ${CMAKE_BINARY_DIR}/generated/people/characters.c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/people)
set(unihan_paths)
foreach(part Readings DictionaryLikeData IRGSources Variants)
  find_file(UNIHAN_${part} Unihan_${part}.txt.bz2 PATHS /usr/share/unicode REQUIRED)
  list(APPEND unihan_paths ${UNIHAN_${part}})
endforeach()
find_program(BZCAT bzcat REQUIRED)
find_program(AWK awk REQUIRED)
add_custom_command(
  OUTPUT ${characters}
  COMMAND ${BZCAT} ${unihan_paths} | LC_ALL=C ${AWK} -f ${CMAKE_SOURCE_DIR}/people/characters.awk > ${characters}.new
  COMMAND ${CMAKE_COMMAND} -E rename ${characters}.new ${characters}
  DEPENDS ${CMAKE_SOURCE_DIR}/people/characters.awk)
target_sources(people PRIVATE ${characters})
