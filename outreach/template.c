#include "outreach/template.h"

#include "base/config.h"
#include "base/text.h"
#include "outreach/reply_words.h"
#include "outreach/text.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>

enum { FILE_BYTES = 64 * 1024, ID_BYTES = 64 };

static const struct {
    const char *word, *label;
    size_t limit;
} PLACEHOLDERS[PLACEHOLDER_COUNT] = {
#define PLACEHOLDER(name, word, limit, label) [PLACEHOLDER_##name] = {word, label, limit},
#include "outreach/placeholders.def"
#undef PLACEHOLDER
};

const char *placeholder_word(Placeholder placeholder)
{
    assert(placeholder >= 0 && placeholder < PLACEHOLDER_COUNT);
    return PLACEHOLDERS[placeholder].word;
}

const char *placeholder_label(Placeholder placeholder)
{
    assert(placeholder >= 0 && placeholder < PLACEHOLDER_COUNT);
    return _(PLACEHOLDERS[placeholder].label);
}

size_t placeholder_limit(Placeholder placeholder)
{
    assert(placeholder >= 0 && placeholder < PLACEHOLDER_COUNT);
    return PLACEHOLDERS[placeholder].limit;
}

enum { KEY_ID, KEY_POLICY, KEY_LANGUAGE, KEY_SIGNATURE, KEY_CLASS, KEY_APPROVED_BY, KEY_COUNT };
static const char *const KEYS[KEY_COUNT] = {"id",        "policy", "language",
                                            "signature", "class",  "approved_by"};

/* A template while it is read. */
typedef struct Reader {
    Arena *arena;
    const char *file;
    const char *rest; /* NULL at the end */
    unsigned line;    /* of the line last taken */
    const char *values[KEY_COUNT];
    unsigned lines[KEY_COUNT];
} Reader;

static ErrCode reader_error(const Reader *reader, unsigned line, Err *err, const char *format, ...)
    PRINTF_LIKE(4, 5);
static ErrCode reader_error(const Reader *reader, unsigned line, Err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_vprintf(reader->arena, format, arguments);
    va_end(arguments);
    return err_set(err, ERR_CONFIG, "%s:%u: %s", reader->file, line, text);
}

static ErrCode hint_nearest(const char *word, const char *const *words, size_t count, Err *err)
{
    const char *nearest = text_nearest(word, words, count);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

/* The next line without its end and outer space; NULL at the end of the file. */
static const char *reader_line(Reader *reader)
{
    if (!reader->rest)
        return NULL;
    const char *start = reader->rest, *end = strchr(start, '\n');
    reader->rest = end ? end + 1 : NULL;
    reader->line++;
    size_t length = end ? (size_t)(end - start) : strlen(start);
    return text_trim(reader->arena, arena_strndup(reader->arena, start, length));
}

static ErrCode read_key(Reader *reader, const char *line, Err *err)
{
    const char *colon = strchr(line, ':');
    if (!colon)
        return reader_error(reader, reader->line, err, _("expected 'key: value' or '---'"));
    const char *key = arena_strndup(reader->arena, line, (size_t)(colon - line));
    const char *value = text_trim(reader->arena, colon + 1);
    for (size_t at = 0; at < KEY_COUNT; at++) {
        if (!text_equal(key, KEYS[at]))
            continue;
        if (reader->values[at])
            return reader_error(reader, reader->line, err, _("key '%s' stands twice"), key);
        if (!*value)
            return reader_error(reader, reader->line, err, _("key '%s' is empty"), key);
        reader->values[at] = value;
        reader->lines[at] = reader->line;
        return OK;
    }
    (void)reader_error(reader, reader->line, err, _("unknown key '%s'"), key);
    return hint_nearest(key, KEYS, KEY_COUNT, err);
}

static ErrCode read_front_matter(Reader *reader, Err *err)
{
    const char *line = reader_line(reader);
    if (!line || strcmp(line, "---") != 0)
        return reader_error(reader, 1, err, _("the first line must be '---'"));
    while ((line = reader_line(reader)) != NULL && strcmp(line, "---") != 0) {
        if (*line)
            TRY(read_key(reader, line, err));
    }
    if (!line)
        return reader_error(reader, reader->line, err,
                            _("the front matter is not closed by '---'"));
    for (size_t at = 0; at < KEY_COUNT; at++) {
        if (!reader->values[at])
            return reader_error(reader, reader->line, err, _("key '%s' is missing"), KEYS[at]);
    }
    return OK;
}

/* The value of a key must be one of a few words. */
static ErrCode read_choice(const Reader *reader, int key, const char *const *words, size_t count,
                           Err *err)
{
    const char *value = reader->values[key], *list = words[0];
    for (size_t at = 0; at < count; at++) {
        if (text_equal(value, words[at]))
            return OK;
        if (at > 0)
            list = arena_printf(reader->arena, "%s, %s", list, words[at]);
    }
    (void)reader_error(reader, reader->lines[key], err, _("'%s' must be one of %s, not '%s'"),
                       KEYS[key], list, value);
    return hint_nearest(value, words, count, err);
}

/* Words of an id: what can be a file name everywhere. */
static bool id_sound(const char *id)
{
    return *id && strlen(id) <= ID_BYTES &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(id);
}

static ErrCode read_values(const Reader *reader, Template *template, Err *err)
{
    static const char *const LANGUAGES[] = {"zh"}, *const CLASSES[] = {"notice", "promotion"};
    if (!id_sound(reader->values[KEY_ID]))
        return reader_error(reader, reader->lines[KEY_ID], err,
                            _("id '%s' may hold small letters, digits, '-' and '_' only"),
                            reader->values[KEY_ID]);
    TRY(read_choice(reader, KEY_LANGUAGE, LANGUAGES, 1, err));
    TRY(read_choice(reader, KEY_CLASS, CLASSES, 2, err));
    size_t signature = text_utf16_units(reader->values[KEY_SIGNATURE]);
    if (signature < 2 || signature > 12 || !sms_value_safe(reader->values[KEY_SIGNATURE]))
        return reader_error(reader, reader->lines[KEY_SIGNATURE], err,
                            _("the signature must be 2 to 12 characters, without 【】"));
    template->id = reader->values[KEY_ID];
    template->policy = reader->values[KEY_POLICY];
    template->language = reader->values[KEY_LANGUAGE];
    template->signature = reader->values[KEY_SIGNATURE];
    template->class_word = reader->values[KEY_CLASS];
    template->approved_by = reader->values[KEY_APPROVED_BY];
    return OK;
}

/* The placeholder that opens at *cursor, which is moved behind it. What a text offers to reply is
 * the same for everyone and becomes part of the text. */
static ErrCode read_placeholder(const Reader *reader, const char **cursor, TemplatePiece *piece,
                                Err *err)
{
    const char *word_at = *cursor + 2, *close = strstr(word_at, "}}");
    if (!text_starts(*cursor, "{{") || !close)
        return reader_error(reader, reader->line, err,
                            _("a brace must belong to a {{placeholder}}"));
    const char *words[PLACEHOLDER_COUNT + REPLY_OFFERS];
    const char *word = arena_strndup(reader->arena, word_at, (size_t)(close - word_at));
    for (size_t at = 0; at < REPLY_OFFERS; at++)
        words[PLACEHOLDER_COUNT + at] = REPLY_OFFER_WORDS[at];
    piece->text = reply_offer(reader->arena, word);
    if (piece->text) {
        *cursor = close + 2;
        return OK;
    }
    for (size_t at = 0; at < PLACEHOLDER_COUNT; at++) {
        words[at] = PLACEHOLDERS[at].word;
        if (text_equal(word, words[at])) {
            piece->placeholder = (Placeholder)at;
            *cursor = close + 2;
            return OK;
        }
    }
    (void)reader_error(reader, reader->line, err, _("placeholder '%s' is not declared"), word);
    return hint_nearest(word, words, PLACEHOLDER_COUNT + REPLY_OFFERS, err);
}

/* Cuts the text into pieces; what stands between placeholders must be as safe as what they bring.
 */
static ErrCode read_pieces(const Reader *reader, Template *template, Err *err)
{
    const char *cursor = template->text;
    TemplatePiece *pieces = arena_array(reader->arena, TemplatePiece, strlen(cursor) + 1);
    while (*cursor) {
        TemplatePiece *piece = &pieces[template->piece_count++];
        size_t plain = strcspn(cursor, "{}");
        piece->placeholder = PLACEHOLDER_NONE;
        piece->text = NULL;
        if (plain > 0) {
            piece->text = arena_strndup(reader->arena, cursor, plain);
            cursor += plain;
            if (!sms_value_safe(piece->text))
                return reader_error(
                    reader, reader->line, err,
                    _("the text may hold no 【】, no link and no control character"));
        } else {
            TRY(read_placeholder(reader, &cursor, piece, err));
            if (piece->placeholder != PLACEHOLDER_NONE)
                template->uses[piece->placeholder] = true;
        }
    }
    template->pieces = pieces;
    return OK;
}

static ErrCode read_text(Reader *reader, Template *template, Err *err)
{
    const char *line;
    unsigned text_line = 0;
    while ((line = reader_line(reader)) != NULL) {
        if (!*line)
            continue;
        if (template->text)
            return reader_error(reader, reader->line, err, _("the text must stand on one line"));
        template->text = line;
        text_line = reader->line;
    }
    if (!template->text)
        return reader_error(reader, reader->line, err,
                            _("there is no text below the front matter"));
    reader->line = text_line;
    TRY(read_pieces(reader, template, err));
    if (sms_text_longest_units(template) > SMS_TEXT_UNITS)
        return reader_error(reader, reader->line, err,
                            _("the text can become longer than %d characters"), SMS_TEXT_UNITS);
    return OK;
}

const char *template_said(Arena *arena, const Template *template)
{
    const char *said = "";
    for (size_t at = 0; at < template->piece_count; at++) {
        const TemplatePiece *piece = &template->pieces[at];
        said = piece->placeholder == PLACEHOLDER_NONE
                   ? arena_printf(arena, "%s%s", said, piece->text)
                   : arena_printf(arena, "%s{{%s}}", said, placeholder_word(piece->placeholder));
    }
    return said;
}

ErrCode template_parse(Arena *arena, const char *file, const char *bytes, size_t length,
                       Template *ret_template, Err *err)
{
    size_t bad = 0;
    if (length > FILE_BYTES)
        return err_set(err, ERR_CONFIG, _("%s: a template is at most %d bytes"), file, FILE_BYTES);
    if (!text_valid(bytes, length, &bad) || memchr(bytes, '\0', length)) {
        (void)err_set(err, ERR_CONFIG, _("%s: byte %zu is not UTF-8 text"), file, bad);
        return err_hint(err, _("save the template as UTF-8"));
    }
    const char *source = arena_strndup(arena, bytes, length);
    Reader reader = {.arena = arena, .file = file, .rest = source};
    if (text_starts(source, "\xEF\xBB\xBF"))
        reader.rest += 3;
    Template template = {.source = source};
    TRY(read_front_matter(&reader, err));
    TRY(read_values(&reader, &template, err));
    TRY(read_text(&reader, &template, err));
    *ret_template = template;
    return OK;
}

static ErrCode template_read(Arena *arena, const char *id, const char *file, Template *ret_template,
                             Err *err)
{
    FILE *stream = fopen(file, "re");
    if (!stream)
        return err_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno,
                         _("cannot read template '%s'"), file);
    char *bytes = arena_alloc(arena, FILE_BYTES + 1);
    size_t length = fread(bytes, 1, FILE_BYTES + 1, stream);
    bool failed = ferror(stream) != 0;
    fclose(stream);
    if (failed)
        return err_set(err, ERR_IO, _("cannot read template '%s'"), file);
    Template template;
    TRY(template_parse(arena, file, bytes, length, &template, err));
    if (!text_equal(template.id, id))
        return err_set(err, ERR_CONFIG, _("%s: id '%s' is not the file's name"), file, template.id);
    *ret_template = template;
    return OK;
}

static int name_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

ErrCode template_ids(Arena *arena, const char *const **ret_ids, size_t *ret_count, Err *err)
{
    enum { TEMPLATES_AT_MOST = 500 };
    const char *folder = config_shared(arena, "templates/sms");
    DIR *directory = opendir(folder);
    if (!directory)
        return err_errno(err, ERR_IO, errno, _("cannot read the templates in '%s'"), folder);
    const char **ids = arena_array(arena, const char *, TEMPLATES_AT_MOST);
    size_t count = 0;
    for (const struct dirent *entry; count < TEMPLATES_AT_MOST && (entry = readdir(directory));) {
        if (entry->d_name[0] != '.' && text_ends(entry->d_name, ".txt"))
            ids[count++] = arena_strndup(arena, entry->d_name, strlen(entry->d_name) - 4);
    }
    closedir(directory);
    qsort(ids, count, sizeof *ids, name_compare);
    *ret_ids = ids;
    *ret_count = count;
    return OK;
}

ErrCode template_load(Arena *arena, const char *id, Template *ret_template, Err *err)
{
    const char *const *ids = NULL;
    size_t count = 0;
    TRY(template_ids(arena, &ids, &count, err));
    for (size_t at = 0; at < count; at++) {
        if (text_equal(ids[at], id)) {
            const char *relative = arena_printf(arena, "templates/sms/%s.txt", id);
            return template_read(arena, id, config_shared(arena, relative), ret_template, err);
        }
    }
    (void)err_set(err, ERR_NOT_FOUND, _("there is no template '%s'"), id);
    const char *nearest = text_nearest(id, ids, count);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest)
                   : err_hint(err, _("'talent outreach template list' shows the templates"));
}
