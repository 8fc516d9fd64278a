/* From the package to its worksheets: relationships name the workbook, the workbook names its tabs,
 * relationships again say which part each tab is. */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

enum { RELATIONS_MAX = 4096, NAME_BYTES_MAX = 1024 };

typedef struct Relation {
    const char *id;
    const char *type; /* last word of its URI: "worksheet", "sharedStrings" */
    const char *target;
} Relation;

typedef struct Relations {
    Arena *arena;
    size_t count;
    Relation list[RELATIONS_MAX];
} Relations;

static void fail(Part *part, const char *what)
{
    err_set(&part->failure, ERR_INPUT, "'%s': %s", part->name, what);
    part_stop(part);
}

/* Copies an attribute; NULL, after failing the part, when it is absent or absurdly long. */
static const char *wanted(Part *part, Arena *arena, const char **attributes, const char *local)
{
    const char *value = xml_attribute(attributes, local);
    if (value && strlen(value) <= NAME_BYTES_MAX)
        return arena_strdup(arena, value);
    fail(part, _("an attribute is missing or too long"));
    return NULL;
}

static void relation_start(void *user, const char *name, const char **attributes)
{
    Part *part = user;
    Relations *relations = part->state;
    const char *mode = xml_attribute(attributes, "TargetMode");
    if (strcmp(xml_local(name), "Relationship") != 0 || (mode && strcmp(mode, "External") == 0))
        return;
    if (relations->count == RELATIONS_MAX) {
        fail(part, _("there are too many relationships"));
        return;
    }
    const char *id = wanted(part, relations->arena, attributes, "Id");
    const char *type = wanted(part, relations->arena, attributes, "Type");
    const char *target = wanted(part, relations->arena, attributes, "Target");
    if (!id || !type || !target)
        return;
    const char *word = strrchr(type, '/');
    relations->list[relations->count++] = (Relation){id, word ? word + 1 : type, target};
}

static void nothing_ends(void *user, const char *name)
{
    (void)user, (void)name;
}

static ErrCode relations_read(Archive *archive, const char *part, Relations *relations, Err *err)
{
    static const PartHandlers HANDLERS = {relation_start, nothing_ends, NULL};
    return part_parse(archive, part, &HANDLERS, relations, err);
}

static const Relation *relation_of_type(const Relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->list[i].type, type) == 0)
            return &relations->list[i];
    return NULL;
}

static const Relation *relation_of_id(const Relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->list[i].id, id) == 0)
            return &relations->list[i];
    return NULL;
}

/* The entry that a target means, seen from the folder of `base`: "xl/workbook.xml", "../a.xml" is
 * "a.xml". */
static const char *resolve(Arena *arena, const char *base, const char *target)
{
    const char *slash = strrchr(base, '/');
    size_t length = *target == '/' || !slash ? 0 : (size_t)(slash + 1 - base);
    char *path = arena_alloc(arena, length + strlen(target) + 1);
    memcpy(path, base, length);
    while (*target) {
        size_t step = strcspn(target, "/");
        if (step == 2 && memcmp(target, "..", 2) == 0) {
            for (length = length ? length - 1 : 0; length && path[length - 1] != '/';)
                length--;
        } else if (step && !(step == 1 && *target == '.')) {
            memcpy(path + length, target, step);
            length += step;
            if (target[step] == '/')
                path[length++] = '/';
        }
        target += step + (target[step] == '/');
    }
    path[length] = '\0';
    return path;
}

/* "xl/workbook.xml" → "xl/_rels/workbook.xml.rels". */
static const char *relations_part(Arena *arena, const char *part)
{
    const char *slash = strrchr(part, '/');
    const char *file = slash ? slash + 1 : part;
    return arena_printf(arena, "%.*s_rels/%s.rels", (int)(file - part), part, file);
}

static ErrCode other_document(const char *what, Err *err)
{
    err_set(err, ERR_INPUT, _("this is %s, not an .xlsx"), what);
    return err_hint(err, _("open it and save it as .xlsx"));
}

static ErrCode find_workbook(Archive *archive, Relations *package, const char **ret_part, Err *err)
{
    if (!archive_has(archive, "_rels/.rels")) {
        if (archive_has(archive, "META-INF/manifest.xml") && archive_has(archive, "content.xml"))
            return other_document(_("an OpenDocument file"), err);
        return other_document(_("a zip archive"), err);
    }
    TRY(relations_read(archive, "_rels/.rels", package, err));
    const Relation *document = relation_of_type(package, "officeDocument");
    if (!document)
        return other_document(_("a zip archive"), err);
    const char *part = resolve(package->arena, "", document->target);
    if (strncmp(part, "word/", 5) == 0)
        return other_document(_("a text document (.docx)"), err);
    if (strncmp(part, "ppt/", 4) == 0)
        return other_document(_("a presentation (.pptx)"), err);
    size_t length = strlen(part);
    if (length > 4 && strcmp(part + length - 4, ".bin") == 0)
        return other_document(_("a binary workbook (.xlsb)"), err);
    *ret_part = part;
    return OK;
}

typedef struct WorkbookReader {
    Book *book;
    Arena *arena;
    const Relations *relations;
    const char *part;
    unsigned tabs;
    bool rooted;
} WorkbookReader;

static void sheet_element(Part *part, WorkbookReader *reader, const char **attributes)
{
    Book *book = reader->book;
    const char *state = xml_attribute(attributes, "state");
    const char *name = wanted(part, reader->arena, attributes, "name");
    const char *id = wanted(part, reader->arena, attributes, "id");
    if (!name || !id)
        return;
    reader->tabs++;
    const Relation *relation = relation_of_id(reader->relations, id);
    if (!relation) {
        fail(part, _("a sheet has no part"));
        return;
    }
    if (strcmp(relation->type, "worksheet") != 0)
        return; /* a chart, a dialogue or a macro sheet holds no rows */
    if (book->sheet_count == ARCHIVE_ENTRIES_MAX) {
        fail(part, _("there are too many sheets"));
        return;
    }
    book->sheets[book->sheet_count++] = (BookSheet){
        .name = name,
        .part = resolve(reader->arena, reader->part, relation->target),
        .number = reader->tabs,
        .hidden = state && strcmp(state, "visible") != 0,
    };
}

static void workbook_start(void *user, const char *name, const char **attributes)
{
    Part *part = user;
    WorkbookReader *reader = part->state;
    const char *local = xml_local(name);
    if (!reader->rooted && strcmp(local, "workbook") != 0)
        fail(part, _("this is not a workbook"));
    reader->rooted = true;
    if (strcmp(local, "workbookPr") == 0)
        reader->book->date_1904 = xml_true(xml_attribute(attributes, "date1904"));
    else if (strcmp(local, "sheet") == 0)
        sheet_element(part, reader, attributes);
}

/* Styles and shared strings are optional parts. */
static ErrCode read_tables(Book *book, const Relations *relations, const char *workbook,
                           Arena *arena, Err *err)
{
    const Relation *styles = relation_of_type(relations, "styles");
    const Relation *strings = relation_of_type(relations, "sharedStrings");
    if (styles)
        TRY(styles_read(&book->archive, resolve(arena, workbook, styles->target), arena, book,
                        err));
    if (strings)
        TRY(strings_read(&book->archive, resolve(arena, workbook, strings->target), &book->strings,
                         err));
    return OK;
}

ErrCode book_open(const SheetFile *file, Book *book, Err *err)
{
    static const PartHandlers HANDLERS = {workbook_start, nothing_ends, NULL};
    Arena *arena = file->arena;
    TRY(archive_open(file, &book->archive, err));
    Relations *relations = arena_alloc(arena, sizeof *relations);
    relations->arena = arena;
    const char *workbook = NULL;
    TRY(find_workbook(&book->archive, relations, &workbook, err));
    relations->count = 0;
    const char *relations_name = relations_part(arena, workbook);
    if (archive_has(&book->archive, relations_name))
        TRY(relations_read(&book->archive, relations_name, relations, err));
    book->sheets = arena_array(arena, BookSheet, ARCHIVE_ENTRIES_MAX);
    WorkbookReader reader = {book, arena, relations, workbook, 0, false};
    TRY(part_parse(&book->archive, workbook, &HANDLERS, &reader, err));
    if (book->sheet_count == 0)
        return err_set(err, ERR_INPUT, _("the workbook has no worksheet"));
    return read_tables(book, relations, workbook, arena, err);
}

void book_done(Book *book)
{
    strings_done(&book->strings);
    archive_close(&book->archive);
}
