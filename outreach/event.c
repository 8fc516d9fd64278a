#include "outreach/event.h"

#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_bool is_on;

void events_on(bool on)
{
    atomic_store(&is_on, on);
}

bool events_are_on(void)
{
    return atomic_load(&is_on);
}

void event_say(const char *event, json_t *fields)
{
    if (!events_are_on()) {
        json_decref(fields);
        return;
    }
    char at[20], stamp[40];
    Moment now = moment_now();
    moment_format(now, at);
    at[10] = 'T';
    snprintf(stamp, sizeof stamp, "%s.%03d+08:00", at, (int)(now % 1000));
    json_t *line = json_pack("{ss, ss}", "at", stamp, "event", event);
    json_object_update(line, fields);
    char *text = json_dumps(line, JSON_COMPACT);
    size_t length = text ? strlen(text) : 0;
    if (text) {
        text[length] = '\n'; /* in the place of the NUL: one write, so that lines stay whole */
        ssize_t written = write(STDERR_FILENO, text, length + 1);
        (void)written;
    }
    free(text);
    json_decref(line);
    json_decref(fields);
}

ErrCode events_choose(const Context *context, const Arguments *arguments, Err *err)
{
    const char *word = option_text(arguments, "log");
    if (word && !text_equal(word, "text") && !text_equal(word, "json"))
        return err_set(err, ERR_USAGE, _("--log must be 'text' or 'json', not '%s'"), word);
    events_on(word ? text_equal(word, "json") : context->config.log_json);
    return OK;
}
