# Every warning is an error, with gcc and with clang (STRICT_C_FLAGS); hardening and sanitizers for all targets.
set(STRICT_C_FLAGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla -Wwrite-strings -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
    -Wnull-dereference -Werror
    -include ${CMAKE_SOURCE_DIR}/base/poison.h)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  list(APPEND STRICT_C_FLAGS -Wformat-signedness -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Walloca)
endif()

add_compile_options(-fno-common -fstack-protector-strong -fstack-clash-protection)
add_compile_definitions(_GNU_SOURCE)
add_link_options(-Wl,-z,relro -Wl,-z,now)

set(SANITIZE "" CACHE STRING "sanitizers for the whole build, e.g. address,undefined")
option(COVERAGE "count lines and branches" OFF)
if(SANITIZE)
  add_compile_options(-fsanitize=${SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL Release)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -g)
endif()
if(COVERAGE)
  add_compile_options(--coverage -O0 -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
