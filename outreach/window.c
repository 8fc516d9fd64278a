#include "outreach/window.h"

#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOLIDAYS_MAX = 1000, LINE_BYTES = 256, MINUTE_MS = 60 * 1000, DAY_MINUTES = 24 * 60 };

static ErrCode holiday_parse(const char *file, int line, const char *text, Date *days,
                             size_t *count, Err *err)
{
    if (*text == '\0')
        return OK;
    if (*count == HOLIDAYS_MAX)
        return err_set(err, ERR_LIMIT, _("'%s' names more than %d days"), file, HOLIDAYS_MAX);
    if (!date_parse(text, &days[*count])) {
        err_set(err, ERR_CONFIG, _("%s:%d: '%s' is not a date"), file, line, text);
        return err_hint(err, _("write one day a line, such as 2012-10-01"));
    }
    (*count)++;
    return OK;
}

ErrCode window_load(const Config *config, Arena *arena, Window *ret_window, Err *err)
{
    Window window = {.always = config->window_open,
                     .from_minute = config->window_from_minute,
                     .to_minute = config->window_to_minute};
    if (config->holidays_file && !window.always) {
        FILE *file = fopen(config->holidays_file, "re");
        if (!file)
            return err_errno(err, ERR_IO, errno, _("cannot read the holidays file '%s'"),
                             config->holidays_file);
        Date *days = arena_array(arena, Date, HOLIDAYS_MAX);
        char line[LINE_BYTES];
        ErrCode code = OK;
        for (int number = 1; code == OK && fgets(line, sizeof line, file); number++) {
            line[strcspn(line, "#\r\n")] = '\0';
            code = holiday_parse(config->holidays_file, number, text_trim(arena, line), days,
                                 &window.holiday_count, err);
        }
        fclose(file);
        TRY(code);
        window.holidays = days;
    }
    *ret_window = window;
    return OK;
}

static bool holiday(const Window *window, Date day)
{
    for (size_t at = 0; at < window->holiday_count; at++)
        if (window->holidays[at] == day)
            return true;
    return false;
}

bool window_open(const Window *window, Moment at)
{
    if (window->always)
        return true;
    int minute = moment_minute_of_day(at);
    return minute >= window->from_minute && minute < window->to_minute &&
           !holiday(window, moment_date(at));
}

Moment window_next(const Window *window, Moment at)
{
    if (window_open(window, at))
        return at;
    Moment midnight = at - at % MINUTE_MS - (Moment)moment_minute_of_day(at) * MINUTE_MS;
    for (int day = 0; day <= 366; day++) {
        Moment opening = midnight + ((Moment)day * DAY_MINUTES + window->from_minute) * MINUTE_MS;
        if (opening > at && window_open(window, opening))
            return opening;
    }
    return 0;
}
