/* base/poison.h: forced into every file; the calls named here do not compile.
 * Source: STYLE 30. stdlib and string are read first, because their headers name the calls; so are
 * mysql.h and xlsxwriter.h in the rooms that use them. */
#ifndef BASE_POISON_H
#define BASE_POISON_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(TALENT_ROOM_SQL)
#include <mysql.h>
#elif defined(TALENT_ROOM_BASE) || defined(TALENT_ROOM_PEOPLE) || defined(TALENT_ROOM_SURVEY) ||   \
    defined(TALENT_ROOM_OUTREACH)
#include <xlsxwriter.h>
#endif

#pragma GCC poison strcpy strcat strncpy strtok sprintf vsprintf atoi atol localtime gmtime system \
    gets

#endif
