#include "outreach/text_measure.h"

#include "base/buffer.h"
#include "base/command.h"
#include "base/progress.h"
#include "base/text.h"
#include "outreach/wording.h"

typedef struct Measuring {
    const MeasureRequest *request;
    Arena *arena; /* of the result */
    TextMeasure measure;
} Measuring;

/* "欧阳锋" as "欧**": the text stays as long as it is. */
static const char *name_masked(Arena *arena, const char *name)
{
    const char *rest = name, *end = name + strlen(name);
    text_next(&rest, end);
    AUTO_BUFFER masked = BUFFER(1024);
    buffer_add(&masked, name, (size_t)(rest - name));
    for (size_t units = text_utf16_units(rest); units > 0; units--)
        buffer_char(&masked, '*');
    return arena_strdup(arena, buffer_string(&masked));
}

static const char *text_without_name(Arena *arena, const Template *template, const SmsText *text)
{
    Wording wording;
    const char *name = NULL;
    bool read = wording_read(arena, template, text->gaps, &wording);
    for (size_t at = 0; read && at < wording.count; at++) {
        if (text_equal(wording.names[at], placeholder_word(PLACEHOLDER_NAME)))
            name = wording.values[at];
    }
    if (!name)
        return arena_strdup(arena, text->text);
    const char *mask = name_masked(arena, name);
    AUTO_BUFFER masked = BUFFER(8 * SMS_TEXT_UNITS);
    const char *at = text->text;
    for (const char *found = strstr(at, name); found; found = strstr(at, name)) {
        buffer_add(&masked, at, (size_t)(found - at));
        buffer_text(&masked, mask);
        at = found + strlen(name);
    }
    buffer_text(&masked, at);
    return arena_strdup(arena, buffer_string(&masked));
}

static void member_measure(Measuring *measuring, const AudienceMember *member)
{
    TextMeasure *measure = &measuring->measure;
    if (member->reason == SUPPRESSION_BAD_TEXT)
        measure->cannot_fill[member->text.refused]++;
    if (member->reason != SUPPRESSION_NONE)
        return;
    const char *text = member->text.text;
    size_t units = text_utf16_units(text);
    int segments = sms_text_parts(text, measuring->request->gsm7);
    measure->people++;
    measure->segments += segments;
    measure->beyond_bmp += units > text_characters(text);
    if (units <= measure->longest_units)
        return;
    measure->longest_units = units;
    measure->longest_segments = segments;
    measure->longest_person = member->person;
    measure->longest_text =
        text_without_name(measuring->arena, measuring->request->audience.template, &member->text);
}

static ErrCode pages_measure(Measuring *measuring, Audience *audience, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Progress progress = progress_start(!measuring->request->quiet, _("measuring"), 0);
    ErrCode code = OK;
    for (size_t count = 1, done = 0; code == OK && count > 0; done += count) {
        const AudienceMember *members = NULL;
        arena_reset(arena);
        progress_at(&progress, (int64_t)done);
        if (command_interrupted)
            code = err_set(err, ERR_INTERRUPTED, _("interrupted"));
        else
            code = audience_next(audience, arena, &members, &count, err);
        for (size_t at = 0; code == OK && at < count; at++)
            member_measure(measuring, &members[at]);
    }
    progress_end(&progress);
    return code;
}

static ErrCode measure_body(Db *db, void *state, Err *err)
{
    Measuring *measuring = state;
    measuring->measure = (TextMeasure){0};
    Audience *audience =
        audience_open(db, measuring->request->sealer, &measuring->request->audience);
    ErrCode code = pages_measure(measuring, audience, err);
    audience_close(audience);
    return code;
}

ErrCode text_measure(Db *db, Arena *arena, const MeasureRequest *request, TextMeasure *ret_measure,
                     Err *err)
{
    Measuring measuring = {.request = request, .arena = arena};
    TRY(db_transact(db, measure_body, &measuring, err));
    *ret_measure = measuring.measure;
    return OK;
}
