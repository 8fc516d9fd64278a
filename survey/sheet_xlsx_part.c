/* XML parts of the zip, each inflated in pieces, under every ceiling; and expat over such a part. */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

#include <malloc.h>

/* expat's memory, counted: its allocators get no context, and a thread has one budget for all its
 * parsers. */
static _Thread_local size_t parser_bytes;

static void *parser_malloc(size_t bytes)
{
    if (bytes > PARSER_BYTES_MAX - parser_bytes)
        return NULL;
    void *memory = malloc(bytes);
    size_t size = malloc_usable_size(memory);
    if (size > PARSER_BYTES_MAX - parser_bytes) {
        free(memory);
        return NULL;
    }
    parser_bytes += size;
    return memory;
}

static void parser_free(void *memory)
{
    parser_bytes -= malloc_usable_size(memory);
    free(memory);
}

static void *parser_realloc(void *memory, size_t bytes)
{
    void *grown = parser_malloc(bytes);
    if (!grown || !memory)
        return grown;
    size_t held = malloc_usable_size(memory);
    memcpy(grown, memory, held < bytes ? held : bytes);
    parser_free(memory);
    return grown;
}

static void refuse_doctype(void *user, const char *name, const char *system_id,
                           const char *public_id, int internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)internal_subset;
    Part *part = user;
    err_set(&part->failure, ERR_INPUT,
            _("'%s' declares a document type (DOCTYPE), which no workbook may"), part->name);
    part_stop(part);
}

static ErrCode entry_open(Part *part, bool quick, Err *err)
{
    zip_int64_t index = zip_name_locate(part->archive->zip, part->name, ZIP_FL_NOCASE);
    if (index < 0)
        return err_set(err, ERR_INPUT, _("the workbook has no part '%s'"), part->name);
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(part->archive->zip, (zip_uint64_t)index, 0, &stat) != 0)
        return archive_failure(part->name, zip_get_error(part->archive->zip), err);
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
        err_set(err, ERR_INPUT, _("'%s' is encrypted"), part->name);
        return err_hint(err, _("save the workbook without a password"));
    }
    part->packed_bytes =
        stat.comp_size < part->archive->file_bytes ? stat.comp_size : part->archive->file_bytes;
    part->inflater = quick ? inflater_open(part->archive->zip, (zip_uint64_t)index) : NULL;
    if (part->inflater)
        return OK;
    part->file = zip_fopen_index(part->archive->zip, (zip_uint64_t)index, 0);
    if (!part->file)
        return archive_failure(part->name, zip_get_error(part->archive->zip), err);
    return OK;
}

ErrCode part_open(Archive *archive, const char *name, const PartHandlers *handlers, void *state,
                  Part *part, Err *err)
{
    static const XML_Memory_Handling_Suite MEMORY = {parser_malloc, parser_realloc, parser_free};
    *part = (Part){.archive = archive, .name = name, .state = state};
    TRY(entry_open(part, !handlers, err));
    if (!handlers)
        return OK;
    part->parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
    if (!part->parser) {
        part_close(part);
        return err_set(err, ERR_LIMIT, _("'%s' cannot be read: out of memory"), name);
    }
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, handlers->start, handlers->end);
    XML_SetCharacterDataHandler(part->parser, handlers->text);
    XML_SetStartDoctypeDeclHandler(part->parser, refuse_doctype);
    return OK;
}

void part_close(Part *part)
{
    if (part->file)
        zip_fclose(part->file);
    inflater_close(part->inflater);
    part->inflater = NULL;
    if (part->parser)
        XML_ParserFree(part->parser);
    part->file = NULL;
    part->parser = NULL;
}

void part_stop(Part *part)
{
    XML_StopParser(part->parser, XML_FALSE);
}

void part_pause(Part *part)
{
    XML_StopParser(part->parser, XML_TRUE);
}

ErrCode part_again(Part *part, const PartHandlers *handlers, Err *err)
{
    Part before = *part;
    part_close(part);
    before.archive->inflated_bytes -= before.inflated_bytes;
    return part_open(before.archive, before.name, handlers, before.state, part, err);
}

static ErrCode inflate(Part *part, void *bytes, size_t room, size_t *ret_length, Err *err)
{
    if (part->inflater) {
        *ret_length = inflater_read(part->inflater, bytes, room, &part->odd);
        return OK;
    }
    zip_int64_t length = zip_fread(part->file, bytes, room);
    if (length < 0)
        return archive_failure(part->name, zip_file_get_error(part->file), err);
    *ret_length = (size_t)length;
    return OK;
}

ErrCode part_read(Part *part, void *bytes, size_t room, size_t *ret_length, Err *err)
{
    size_t length = 0;
    size_t piece = part->parser ? ARCHIVE_PIECE_BYTES : part->archive->piece_bytes;
    TRY(inflate(part, bytes, room < piece ? room : piece, &length, err));
    part->inflated_bytes += length;
    part->archive->inflated_bytes += length;
    if (part->inflated_bytes > INFLATE_FREE_BYTES &&
        part->inflated_bytes - INFLATE_FREE_BYTES > part->packed_bytes * INFLATE_RATIO_MAX)
        return err_set(err, ERR_LIMIT,
                       _("'%s' inflates to more than %d times its size: a zip bomb"), part->name,
                       INFLATE_RATIO_MAX);
    if (part->archive->inflated_bytes > INFLATE_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the workbook inflates to more than %llu GiB"),
                       (unsigned long long)(INFLATE_BYTES_MAX >> 30));
    *ret_length = length;
    return OK;
}

/* Inflates the next piece into expat's own buffer. */
static ErrCode inflate_piece(Part *part, size_t *ret_length, Err *err)
{
    void *bytes = XML_GetBuffer(part->parser, ARCHIVE_PIECE_BYTES);
    if (!bytes)
        return err_set(err, ERR_LIMIT,
                       _("'%s' needs more than %d MiB to be read: it is no ordinary workbook"),
                       part->name, PARSER_BYTES_MAX >> 20);
    return part_read(part, bytes, ARCHIVE_PIECE_BYTES, ret_length, err);
}

static ErrCode parse_failure(const Part *part, Err *err)
{
    enum XML_Error code = XML_GetErrorCode(part->parser);
    if (part->failure.code != OK) {
        *err = part->failure;
        return err->code;
    }
    if (code == XML_ERROR_NO_MEMORY)
        return err_set(err, ERR_LIMIT,
                       _("'%s' needs more than %d MiB to be read: it is no ordinary workbook"),
                       part->name, PARSER_BYTES_MAX >> 20);
    err_set(err, ERR_INPUT, _("'%s' is damaged at its byte %lld: %s"), part->name,
            (long long)XML_GetCurrentByteIndex(part->parser), XML_ErrorString(code));
    return err_hint(err, _("open the workbook in Excel or WPS and save it again"));
}

ErrCode part_step(Part *part, Err *err)
{
    enum XML_Status status;
    if (part->suspended) {
        status = XML_ResumeParser(part->parser);
    } else {
        size_t length = 0;
        TRY(inflate_piece(part, &length, err));
        part->fed = length == 0;
        status = XML_ParseBuffer(part->parser, (int)length, part->fed);
    }
    if (status == XML_STATUS_ERROR)
        return parse_failure(part, err);
    part->suspended = status == XML_STATUS_SUSPENDED;
    part->ended = part->fed && !part->suspended;
    return OK;
}

ErrCode part_parse(Archive *archive, const char *name, const PartHandlers *handlers, void *state,
                   Err *err)
{
    Part part;
    TRY(part_open(archive, name, handlers, state, &part, err));
    ErrCode code = OK;
    while (code == OK && !part.ended)
        code = part_step(&part, err);
    part_close(&part);
    return code;
}

const char *xml_attribute(const char **attributes, const char *local)
{
    for (; *attributes; attributes += 2)
        if (strcmp(xml_local(*attributes), local) == 0)
            return attributes[1];
    return NULL;
}

bool xml_true(const char *value)
{
    return value &&
           (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}
