/* base/lang.h: two languages from one source text.
 * Shape:  source strings are English; po/zh_CN.po holds the Chinese. _() translates now, N_() marks
 *         a string of a table that is translated when shown.
 * Errors: none; a missing translation shows the English, and a test fails on it. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) gettext(text)
#define N_(text) text

typedef enum Lang { LANG_EN, LANG_ZH } Lang;

/* Chooses the language: "zh", "en", or NULL for what LC_ALL, LC_MESSAGES, LANG say (LANGUAGE
 * first). */
Lang lang_set(const char *name);
Lang lang_now(void);

#endif
