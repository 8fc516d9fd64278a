/* survey/mojibake.h: text that was decoded with the wrong encoding before it reached us.
 * Errors: none.
 * Source: DOMAIN "CSV encoding" (UTF-8 read as GBK: 餐饮 → 椁愰ギ), checklist 2. */
#ifndef SURVEY_MOJIBAKE_H
#define SURVEY_MOJIBAKE_H

#include "base/arena.h"

#include <stdbool.h>

/* True when the text's GB18030 bytes are themselves UTF-8 for Han characters, or when it holds what
 * such an accident leaves behind (锟斤拷). Real names and firms do not: three of their characters
 * would have to fit by chance. */
bool mojibake(Arena *arena, const char *text);

#endif
