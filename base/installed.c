#include "base/installed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool installed_share(const char *relative, char ret_path[PATH_MAX])
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return false;
    program[length] = '\0';
    for (int up = 0; up < 2; up++) { /* off with "/talent", then with "/bin" */
        char *slash = strrchr(program, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    int written = snprintf(ret_path, PATH_MAX, "%s/share/%s", program, relative);
    return written < PATH_MAX && access(ret_path, R_OK) == 0;
}
