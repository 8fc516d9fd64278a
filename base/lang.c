#include "base/lang.h"

#include "base/installed.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static Lang chosen = LANG_EN;

/* Returns the first locale name that the environment gives for messages. */
static const char *environment_language(void)
{
    static const char *const NAMES[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *value = getenv(NAMES[i]);
        if (value && *value)
            return value;
    }
    return "en";
}

Lang lang_set(const char *name)
{
    chosen = strncmp(name ? name : environment_language(), "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    /* gettext reads LANGUAGE in every locale but "C"; C.UTF-8 stands on every Debian, zh_CN.UTF-8
     * does not. */
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", chosen == LANG_ZH ? "zh_CN" : "en", 1);
    char path[PATH_MAX];
    bool installed = installed_share("talent", path) && installed_share("locale", path);
    bindtextdomain("talent", installed ? path : TALENT_BUILD_LOCALE);
    bind_textdomain_codeset("talent", "UTF-8");
    textdomain("talent");
    return chosen;
}

Lang lang_now(void)
{
    return chosen;
}
