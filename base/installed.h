/* base/installed.h: where the program's own files lie once it is installed, wherever that is:
 * PREFIX/bin/talent has them in PREFIX/share.
 * Shape:  one question.
 * Errors: none: a program that runs from its build has no such folder. */
#ifndef BASE_INSTALLED_H
#define BASE_INSTALLED_H

#include <limits.h>
#include <stdbool.h>

/* The path of "PREFIX/share/relative"; false when it is not there. */
bool installed_share(const char *relative, char ret_path[PATH_MAX]);

#endif
