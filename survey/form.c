#include "survey/form.h"

#include "base/config.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>

static const char *const ROLES[] = {"id_type", "surveyed_on", "pension_start", "quarantine_key",
                                    "ask_key"};

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

static ErrCode read_implied(const Node *node, FormHeading *heading, Err *err)
{
    Node implies = node_find(node, "implies");
    heading->implies = FACT_NONE;
    if (!implies.value)
        return OK;
    const char *fact;
    json_t *word;
    if (json_object_size(implies.value) != 1)
        return node_error(&implies, err, _("expected one fact and its word"));
    json_object_foreach(implies.value, fact, word)
    {
        FactId id = fact_find(fact);
        if (id == FACT_NONE || fact_info(id)->kind != KIND_CODE || !json_is_string(word))
            return node_error(&implies, err, _("'%s' is no fact with a vocabulary"), fact);
        heading->implies = id;
        heading->implied = word_find(fact_info(id)->vocabulary, json_string_value(word));
        if (heading->implied == 0)
            return node_error(&implies, err, _("'%s' is no word of %s"), json_string_value(word),
                              fact);
    }
    return OK;
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
    static const char *const KEYS[] = {"heading", "implies", "invert", "unit", "fallback", NULL};
    TRY(node_keys(node, KEYS, err));
    TRY(node_get_string(node, "heading", &heading.text, err));
    TRY(read_implied(node, &heading, err));
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
    static const char *const KEYS[] = {"fact",     "heading", "note",     "width", "text",
                                       "in_title", "hidden",  "synonyms", NULL};
    FormColumn *column = &reader->columns[reader->form->column_count];
    const char *fact;
    int64_t width;
    TRY(node_keys(node, KEYS, err));
    TRY(node_get_string(node, "fact", &fact, err));
    column->target = target_find(fact);
    if (column->target == TARGET_NONE)
        return node_error(node, err, _("'%s' is neither a fact nor a role of a column"), fact);
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
            if (target == TARGET_NONE || !form_column(reader->form, target))
                return node_error(&item, err, _("'%s' has no column in this form"), items[j]);
            items[j] = arena_strdup(reader->arena, items[j]);
        }
        lists[i] = (TextList){.items = items, .count = names};
    }
    reader->form->required = lists;
    reader->form->required_count = groups;
    return OK;
}

static ErrCode read_ignored(FormReader *reader, const Node *root, Err *err)
{
    Node ignored;
    size_t count = 0;
    TRY(node_get(root, "ignored", &ignored, err));
    TRY(node_count(&ignored, &count, err));
    const char **keys = arena_array(reader->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(&ignored, i);
        const char *text;
        TRY(node_string(&item, &text, err));
        if (form_heading(reader->form, reader->arena, text))
            return node_error(&item, err, _("'%s' is ignored here, but is a column's heading too"),
                              text);
        keys[i] = form_key(reader->arena, text);
    }
    reader->form->ignored = (TextList){.items = keys, .count = count};
    return OK;
}

static ErrCode read_head(FormReader *reader, const Node *root, Err *err)
{
    static const char *const KEYS[] = {"id",       "title",   "credibility", "words",
                                       "required", "columns", "ignored",     NULL};
    static const char *const LANGUAGES[] = {"zh", "en", NULL};
    Form *form = reader->form;
    int64_t credibility;
    const char *id, *zh, *en, *words;
    TRY(node_keys(root, KEYS, err));
    TRY(node_get_string(root, "id", &id, err));
    if (strcmp(id, form->id) != 0)
        return node_error(root, err, _("the id '%s' is not the file's name"), id);
    Node title;
    TRY(node_get(root, "title", &title, err));
    TRY(node_keys(&title, LANGUAGES, err));
    TRY(node_get_string(&title, "zh", &zh, err));
    TRY(node_get_string(&title, "en", &en, err));
    form->title_zh = arena_strdup(reader->arena, zh);
    form->title_en = arena_strdup(reader->arena, en);
    TRY(node_get_int(root, "credibility", 1, 9, &credibility, err));
    form->credibility = (int)credibility;
    TRY(node_get_string(root, "words", &words, err));
    const char *folder_end = strrchr(form->file, '/');
    int folder = folder_end ? (int)(folder_end + 1 - form->file) : 0;
    const char *file = arena_printf(reader->arena, "%.*s%s", folder, form->file, words);
    return form_words_load(reader->arena, file, &form->words, err);
}

static ErrCode read_form(Arena *arena, json_t *json, Form *form, Err *err)
{
    Node root = node_root(form->file, json), columns;
    size_t count = 0;
    FormReader reader = {.arena = arena, .form = form, .heading_room = 64};
    TRY(read_head(&reader, &root, err));
    TRY(node_get(&root, "columns", &columns, err));
    TRY(node_count(&columns, &count, err));
    reader.columns = arena_array(arena, FormColumn, count);
    reader.headings = arena_array(arena, FormHeading, reader.heading_room);
    form->columns = reader.columns;
    for (size_t i = 0; i < count; i++) {
        Node column = node_item(&columns, i);
        TRY(read_column(&reader, &column, err));
    }
    TRY(read_required(&reader, &root, err));
    return read_ignored(&reader, &root, err);
}

ErrCode form_load(Arena *arena, const char *id, const Form **ret_form, Err *err)
{
    const Form *const *all;
    size_t count = 0;
    TRY(form_load_all(arena, &all, &count, err));
    const char **names = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = all[i]->id;
        if (strcmp(all[i]->id, id) == 0) {
            *ret_form = all[i];
            return OK;
        }
    }
    const char *nearest = text_nearest(id, names, count);
    err_set(err, ERR_INPUT, _("there is no form '%s'"), id);
    return err_hint(err, _("did you mean '%s'?"), nearest ? nearest : names[0]);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum { FORMS_MAX = 64 };

static ErrCode list_files(Arena *arena, const char *folder, const char *names[FORMS_MAX],
                          size_t *ret_count, Err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return err_errno(err, ERR_IO, errno, _("cannot read the folder of forms '%s'"), folder);
    size_t count = 0;
    for (struct dirent *entry = readdir(dir); entry && count < FORMS_MAX; entry = readdir(dir))
        if (text_ends(entry->d_name, ".json") && entry->d_name[0] != '.')
            names[count++] =
                arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(".json"));
    closedir(dir);
    if (count == 0)
        return err_set(err, ERR_CONFIG, _("the folder of forms '%s' holds none"), folder);
    qsort(names, count, sizeof *names, by_name);
    *ret_count = count;
    return OK;
}

ErrCode form_load_all(Arena *arena, const Form *const **ret_forms, size_t *ret_count, Err *err)
{
    const char *names[FORMS_MAX], *folder = config_shared(arena, "survey/forms");
    size_t count = 0;
    TRY(list_files(arena, folder, names, &count, err));
    const Form **forms = arena_array(arena, const Form *, count);
    for (size_t i = 0; i < count; i++) {
        Form *form = arena_alloc(arena, sizeof *form);
        form->id = names[i];
        form->file = arena_printf(arena, "%s/%s.json", folder, names[i]);
        json_t *json;
        TRY(node_load(form->file, &json, err));
        ErrCode code = read_form(arena, json, form, err);
        json_decref(json);
        TRY(code);
        forms[i] = form;
    }
    *ret_forms = forms;
    *ret_count = count;
    return OK;
}
