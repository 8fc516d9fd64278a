#include "survey/form.h"

#include "base/config.h"
#include "base/text.h"
#include "survey/form_shape.h"

#include <unistd.h>

static const char *const ROLES[] = {"id_type", "surveyed_on", "pension_start", "ask_key",
                                    "quarantine_key"};

const char *target_name(Target target)
{
    return target < FACT_COUNT ? fact_info((FactId)target)->name : ROLES[target - FACT_COUNT];
}

Target target_find(const char *name)
{
    for (Target role = TARGET_ID_TYPE; role < TARGET_COUNT; role++)
        if (strcmp(ROLES[role - FACT_COUNT], name) == 0)
            return role;
    return fact_find(name);
}

/* Reading one form file: its arrays grow here and are then fixed in the arena. */
typedef struct FormReader {
    Arena *arena;
    Form *form;
    FormColumn *columns;
    FormHeading *headings;
    size_t heading_room;
} FormReader;

/* The shape was checked: what must stand there does. */
static void read_implied(const Node *node, FormHeading *heading)
{
    const char *fact;
    json_t *word;
    heading->implies = FACT_NONE;
    json_object_foreach(json_object_get(node->value, "implies"), fact, word)
    {
        heading->implies = fact_find(fact);
        heading->implied =
            word_find(fact_info(heading->implies)->vocabulary, json_string_value(word));
    }
}

static ErrCode add_heading(FormReader *reader, const Node *node, FormHeading heading, Err *err)
{
    Form *form = reader->form;
    heading.text = arena_strdup(reader->arena, heading.text);
    heading.key = form_key(reader->arena, heading.text);
    for (size_t i = 0; i < form->heading_count; i++)
        if (strcmp(reader->headings[i].key, heading.key) == 0)
            return node_error(node, err, _("the heading '%s' stands twice in this form"),
                              heading.text);
    if (form->heading_count == reader->heading_room) {
        size_t room = reader->heading_room * 2;
        FormHeading *larger = arena_array(reader->arena, FormHeading, room);
        memcpy(larger, reader->headings, form->heading_count * sizeof *larger);
        reader->headings = larger;
        reader->heading_room = room;
    }
    reader->headings[form->heading_count++] = heading;
    form->headings = reader->headings;
    return OK;
}

static ErrCode read_synonym(FormReader *reader, const Node *node, Target target, Err *err)
{
    FormHeading heading = {.target = target, .implies = FACT_NONE};
    if (json_is_string(node->value)) {
        TRY(node_string(node, &heading.text, err));
        return add_heading(reader, node, heading, err);
    }
    TRY(node_get_string(node, "heading", &heading.text, err));
    read_implied(node, &heading);
    static const char *const UNITS[] = {"months", "years", "unsaid", NULL};
    Node invert = node_find(node, "invert"), fallback = node_find(node, "fallback"),
         unit = node_find(node, "unit");
    int choice = UNIT_MONTHS;
    if (unit.value)
        TRY(node_choice(&unit, UNITS, &choice, err));
    heading.unit = (HeadingUnit)choice;
    if (invert.value)
        TRY(node_bool(&invert, &heading.invert, err));
    if (fallback.value)
        TRY(node_bool(&fallback, &heading.fallback, err));
    if (heading.invert && (target >= FACT_COUNT || fact_info((FactId)target)->kind != KIND_FLAG))
        return node_error(node, err, _("only a yes/no fact can be inverted"));
    return add_heading(reader, node, heading, err);
}

static ErrCode read_flags(const Node *node, FormColumn *column, Err *err)
{
    Node text = node_find(node, "text"), title = node_find(node, "in_title");
    Node hidden = node_find(node, "hidden"), note = node_find(node, "note");
    if (text.value)
        TRY(node_bool(&text, &column->text, err));
    if (title.value)
        TRY(node_bool(&title, &column->in_title, err));
    if (hidden.value)
        TRY(node_bool(&hidden, &column->hidden, err));
    if (note.value)
        TRY(node_string(&note, &column->note, err));
    return OK;
}

static ErrCode read_column(FormReader *reader, const Node *node, Err *err)
{
    FormColumn *column = &reader->columns[reader->form->column_count];
    const char *fact;
    int64_t width;
    TRY(node_get_string(node, "fact", &fact, err));
    column->target = target_find(fact);
    if (form_column(reader->form, column->target))
        return node_error(node, err, _("'%s' has a column already"), fact);
    TRY(node_get_string(node, "heading", &column->heading, err));
    TRY(node_get_int(node, "width", 4, 80, &width, err));
    TRY(read_flags(node, column, err));
    column->heading = arena_strdup(reader->arena, column->heading);
    column->note = column->note ? arena_strdup(reader->arena, column->note) : NULL;
    column->width = (int)width;
    reader->form->column_count++;
    FormHeading own = {.text = column->heading, .target = column->target, .implies = FACT_NONE};
    TRY(add_heading(reader, node, own, err));
    Node synonyms;
    size_t count = 0;
    TRY(node_get(node, "synonyms", &synonyms, err));
    TRY(node_count(&synonyms, &count, err));
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(&synonyms, i);
        TRY(read_synonym(reader, &item, column->target, err));
    }
    return OK;
}

static ErrCode read_required(FormReader *reader, const Node *root, Err *err)
{
    Node required;
    size_t groups = 0, names = 0;
    TRY(node_get(root, "required", &required, err));
    TRY(node_count(&required, &groups, err));
    TextList *lists = arena_array(reader->arena, TextList, groups);
    for (size_t i = 0; i < groups; i++) {
        Node group = node_item(&required, i);
        TRY(node_count(&group, &names, err));
        const char **items = arena_array(reader->arena, const char *, names);
        for (size_t j = 0; j < names; j++) {
            Node item = node_item(&group, j);
            TRY(node_string(&item, &items[j], err));
            Target target = target_find(items[j]);
            if (!form_column(reader->form, target))
                return node_error(&item, err, _("'%s' has no column in this form"), items[j]);
            items[j] = arena_strdup(reader->arena, items[j]);
        }
        lists[i] = (TextList){.items = items, .count = names};
    }
    reader->form->required = lists;
    reader->form->required_count = groups;
    return OK;
}

/* A list of headings as keys; absent is empty. */
static TextList read_keys(Arena *arena, const Node *root, const char *name)
{
    const json_t *list = json_object_get(root->value, name);
    const char **keys = arena_array(arena, const char *, json_array_size(list));
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item) keys[i] = form_key(arena, json_string_value(item));
    return (TextList){.items = keys, .count = json_array_size(list)};
}

static ErrCode read_ignored(FormReader *reader, const Node *root, Err *err)
{
    Node ignored = node_find(root, "ignored");
    reader->form->ignored = read_keys(reader->arena, root, "ignored");
    for (size_t i = 0; i < reader->form->ignored.count; i++) {
        Node item = node_item(&ignored, i);
        const char *text = json_string_value(item.value);
        if (form_heading(reader->form, reader->arena, text))
            return node_error(&item, err, _("'%s' is ignored here, but is a column's heading too"),
                              text);
    }
    return OK;
}

/* A mark that is no heading of the form would never be met. */
static ErrCode read_marks(FormReader *reader, const Node *root, Err *err)
{
    const Form *form = reader->form;
    Node marks = node_find(root, "marks");
    reader->form->marks = read_keys(reader->arena, root, "marks");
    for (size_t i = 0; i < form->marks.count; i++) {
        Node item = node_item(&marks, i);
        const char *text = json_string_value(item.value);
        if (!form_heading(form, reader->arena, text) && !form_ignores(form, reader->arena, text))
            return node_error(&item, err, _("'%s' is no heading of this form"), text);
    }
    return OK;
}

/* The file of spellings: beside the form, else the shipped one of that name. */
static const char *words_file(Arena *arena, const Form *form, const char *words)
{
    const char *folder_end = strrchr(form->file, '/');
    int folder = folder_end ? (int)(folder_end + 1 - form->file) : 0;
    const char *own = arena_printf(arena, "%.*s%s", folder, form->file, words);
    return access(own, F_OK) == 0 ? own
                                  : config_shared(arena, arena_printf(arena, FORMS "/%s", words));
}

static ErrCode read_head(FormReader *reader, const Node *root, Err *err)
{
    Form *form = reader->form;
    int64_t credibility;
    const char *id, *zh, *en, *words;
    TRY(node_get_string(root, "id", &id, err));
    if (strcmp(id, form->id) != 0)
        return node_error(root, err, _("the id '%s' is not the file's name"), id);
    Node title;
    TRY(node_get(root, "title", &title, err));
    TRY(node_get_string(&title, "zh", &zh, err));
    TRY(node_get_string(&title, "en", &en, err));
    form->title_zh = arena_strdup(reader->arena, zh);
    form->title_en = arena_strdup(reader->arena, en);
    TRY(node_get_int(root, "credibility", 1, 9, &credibility, err));
    form->credibility = (int)credibility;
    TRY(node_get_string(root, "words", &words, err));
    return form_words_load(reader->arena, words_file(reader->arena, form, words), &form->words,
                           err);
}

static ErrCode read_form(Arena *arena, json_t *json, Form *form, Err *err)
{
    Node root = node_root(form->file, json), columns = node_find(&root, "columns");
    size_t count = json_array_size(columns.value);
    FormReader reader = {.arena = arena, .form = form, .heading_room = 64};
    TRY(shape_check(form_shape(arena), &root, err));
    TRY(read_head(&reader, &root, err));
    reader.columns = arena_array(arena, FormColumn, count);
    reader.headings = arena_array(arena, FormHeading, reader.heading_room);
    form->columns = reader.columns;
    for (size_t i = 0; i < count; i++) {
        Node column = node_item(&columns, i);
        TRY(read_column(&reader, &column, err));
    }
    TRY(read_required(&reader, &root, err));
    TRY(read_ignored(&reader, &root, err));
    return read_marks(&reader, &root, err);
}

ErrCode form_read(Arena *arena, const char *id, const char *file, Form *ret_form, Err *err)
{
    json_t *json;
    Form form = {.id = id, .file = file};
    TRY(node_load(file, &json, err));
    ErrCode code = read_form(arena, json, &form, err);
    json_decref(json);
    if (code == OK)
        *ret_form = form;
    return code;
}
