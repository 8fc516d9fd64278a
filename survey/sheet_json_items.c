#include "survey/sheet_json_items.h"

#include "base/lang.h"

enum { PIECE_BYTES = 64 * 1024, END_OF_FILE = -1 };

void items_start(JsonItems *items, int fd, Arena *arena)
{
    *items = (JsonItems){.fd = fd, .text = BUFFER(JSON_ITEM_BYTES_MAX)};
    items->piece = arena_alloc(arena, PIECE_BYTES);
    items_rewind(items);
}

void items_rewind(JsonItems *items)
{
    json_decref(items->page);
    items->page = NULL;
    items->offset = 0;
    items->at = items->length = 0;
    items->array = items->ended = false;
    items->line = 1;
    items->item = 0;
}

void items_done(JsonItems *items)
{
    json_decref(items->page);
    buffer_done(&items->text);
}

static ErrCode item_error(const JsonItems *items, Err *err, const char *what)
{
    return err_set(err, ERR_INPUT, _("item %u, line %u: %s"), items->item, items->line, what);
}

static ErrCode peek(JsonItems *items, int *ret_byte, Err *err)
{
    if (items->at == items->length) {
        TRY(sheet_read(items->fd, items->piece, PIECE_BYTES, items->offset, &items->length, err));
        items->at = 0;
        if (items->offset == 0 && items->length >= 3 &&
            memcmp(items->piece, "\xEF\xBB\xBF", 3) == 0)
            items->at = 3;
        items->offset += items->length;
    }
    *ret_byte = items->at < items->length ? (unsigned char)items->piece[items->at] : END_OF_FILE;
    return OK;
}

static void take(JsonItems *items)
{
    if (items->piece[items->at++] == '\n')
        items->line++;
}

/* The next byte that is no white space. */
static ErrCode peek_token(JsonItems *items, int *ret_byte, Err *err)
{
    for (;;) {
        TRY(peek(items, ret_byte, err));
        if (*ret_byte != ' ' && *ret_byte != '\t' && *ret_byte != '\r' && *ret_byte != '\n')
            return OK;
        take(items);
    }
}

/* Copies one object, from its brace to the matching one, into items->text. */
static ErrCode gather(JsonItems *items, Err *err)
{
    bool quoted = false, escaped = false;
    unsigned depth = 0;
    buffer_clear(&items->text);
    do {
        int byte = 0;
        TRY(peek(items, &byte, err));
        if (byte == END_OF_FILE)
            return item_error(items, err, _("the file ends in the middle of it"));
        take(items);
        buffer_char(&items->text, (char)byte);
        if (quoted) {
            quoted = escaped || byte != '"';
            escaped = !escaped && byte == '\\';
        } else if (byte == '"') {
            quoted = true;
        } else if (byte == '{' || byte == '[') {
            depth++;
        } else if (byte == '}' || byte == ']') {
            depth--;
        }
        if (depth > JSON_DEPTH_MAX)
            return item_error(items, err, _("it is nested too deeply"));
    } while (depth && !items->text.overflow);
    if (buffer_check(&items->text, _("the item"), err) != OK)
        return err_wrap(err, _("item %u"), items->item);
    return OK;
}

/* jansson's own words quote the file, which holds people's data; so only its code is used. */
static const char *parse_failure(const json_error_t *failure)
{
    switch (json_error_code(failure)) {
    case json_error_duplicate_key:
        return _("a key stands twice in one object");
    case json_error_invalid_utf8:
        return _("a text is not UTF-8");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return _("a text holds a NUL");
    case json_error_numeric_overflow:
        return _("a number is too large");
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_stack_overflow:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_premature_end_of_input:
    case json_error_end_of_input_expected:
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_null_value:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
    default:
        return _("this is not JSON");
    }
}

static ErrCode parse(JsonItems *items, unsigned first_line, json_t **ret_item, Err *err)
{
    json_error_t failure;
    *ret_item = json_loadb(items->text.bytes, items->text.length, JSON_REJECT_DUPLICATES, &failure);
    if (*ret_item)
        return OK;
    return err_set(err, ERR_INPUT, _("item %u, line %u, column %d: %s"), items->item,
                   first_line + (unsigned)failure.line - 1, failure.column,
                   parse_failure(&failure));
}

/* When the first object is a page of KoboToolbox's API, its results are the items. */
static ErrCode open_page(JsonItems *items, json_t **item, Err *err)
{
    json_t *results = json_object_get(*item, "results");
    if (!json_is_array(results) || !json_is_integer(json_object_get(*item, "count")))
        return OK;
    if (json_is_string(json_object_get(*item, "next"))) {
        err_set(err, ERR_INPUT, _("this is only one page of the answers: 'next' names another"));
        return err_hint(err, _("export all answers, or raise the page's limit"));
    }
    items->page = json_incref(results);
    items->item = 0;
    json_decref(*item);
    *item = NULL;
    return OK;
}

static ErrCode page_next(JsonItems *items, json_t **ret_item, Err *err)
{
    json_t *item = json_array_get(items->page, items->item);
    if (!item) {
        int byte = 0;
        TRY(peek_token(items, &byte, err));
        if (byte != END_OF_FILE)
            return item_error(items, err, _("something follows the page of results"));
        return OK;
    }
    items->item++;
    if (!json_is_object(item))
        return err_set(err, ERR_INPUT, _("item %u is not an object"), items->item);
    *ret_item = json_incref(item);
    return OK;
}

/* Moves to the next item's brace; sets items->ended when there is none. */
static ErrCode find_item(JsonItems *items, Err *err)
{
    int byte = 0;
    TRY(peek_token(items, &byte, err));
    bool comma = false;
    if (items->item == 0 && !items->array && byte == '[') {
        items->array = true;
        take(items);
        TRY(peek_token(items, &byte, err));
    } else if (items->array && items->item && byte == ',') {
        comma = true;
        take(items);
        TRY(peek_token(items, &byte, err));
    } else if (items->array && items->item && byte == '{') {
        return item_error(items, err, _("a comma is missing after it"));
    }
    if (items->array && byte == ']' && !comma) {
        take(items);
        TRY(peek_token(items, &byte, err));
        if (byte != END_OF_FILE)
            return item_error(items, err, _("something follows the end of the list"));
        items->ended = true;
    } else if (byte == END_OF_FILE && !items->array) {
        items->ended = true;
    } else if (byte == END_OF_FILE) {
        return item_error(items, err, _("the file ends after it, before the end of the list"));
    } else if (byte != '{') {
        return err_set(err, ERR_INPUT, _("item %u, line %u is not an object"), items->item + 1,
                       items->line);
    }
    return OK;
}

ErrCode items_next(JsonItems *items, json_t **ret_item, Err *err)
{
    *ret_item = NULL;
    if (items->page)
        return page_next(items, ret_item, err);
    if (!items->ended)
        TRY(find_item(items, err));
    if (items->ended)
        return OK;
    items->item++;
    unsigned first_line = items->line;
    TRY(gather(items, err));
    json_t *item = NULL;
    TRY(parse(items, first_line, &item, err));
    if (items->item == 1 && !items->array && open_page(items, &item, err) != OK) {
        json_decref(item);
        return err->code;
    }
    if (items->page)
        return page_next(items, ret_item, err);
    *ret_item = item;
    return OK;
}
