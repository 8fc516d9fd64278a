/* Where forms lie: the shipped ones, and an administrator's own in the home. */
#include "base/config.h"
#include "base/text.h"
#include "survey/form.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

enum { FORMS_MAX = 64 };

/* Forms as they are found: the general ones before those that are told by their marks, and of equals
 * the shipped ones first. */
typedef struct Shelf {
    Arena *arena;
    const Form *forms[2 * FORMS_MAX];
    size_t count;
} Shelf;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char SCHEMA[] = "form.schema.json";

static ErrCode list_files(Arena *arena, const char *folder, const char *names[FORMS_MAX],
                          size_t *ret_count, Err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return err_errno(err, ERR_IO, errno, _("cannot read the folder of forms '%s'"), folder);
    size_t count = 0;
    for (struct dirent *entry = readdir(dir); entry && count < FORMS_MAX; entry = readdir(dir))
        if (text_ends(entry->d_name, ".json") && entry->d_name[0] != '.' &&
            strcmp(entry->d_name, SCHEMA) != 0)
            names[count++] =
                arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(".json"));
    closedir(dir);
    qsort(names, count, sizeof *names, by_name);
    *ret_count = count;
    return OK;
}

/* A form of the home takes the place of a shipped one of its name. */
static void shelf_put(Shelf *shelf, const Form *form)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(shelf->forms[i]->id, form->id) == 0) {
            shelf->forms[i] = form;
            return;
        }
    shelf->forms[shelf->count++] = form;
}

static ErrCode shelf_fill(Shelf *shelf, const char *folder, Err *err)
{
    const char *names[FORMS_MAX];
    size_t count = 0;
    TRY(list_files(shelf->arena, folder, names, &count, err));
    for (size_t i = 0; i < count; i++) {
        Form *form = arena_alloc(shelf->arena, sizeof *form);
        TRY(form_read(shelf->arena, names[i],
                      arena_printf(shelf->arena, "%s/%s.json", folder, names[i]), form, err));
        shelf_put(shelf, form);
    }
    return OK;
}

ErrCode form_load_all(Arena *arena, const Form *const **ret_forms, size_t *ret_count, Err *err)
{
    Shelf *shelf = arena_alloc(arena, sizeof *shelf);
    shelf->arena = arena;
    const char *shipped = config_shared(arena, FORMS), *own = config_own(arena, "forms");
    TRY(shelf_fill(shelf, shipped, err));
    if (shelf->count == 0)
        return err_set(err, ERR_CONFIG, _("the folder of forms '%s' holds none"), shipped);
    if (own && access(own, F_OK) == 0)
        TRY(shelf_fill(shelf, own, err));
    const Form **forms = arena_array(arena, const Form *, shelf->count);
    size_t count = 0;
    for (int marked = 0; marked <= 1; marked++)
        for (size_t i = 0; i < shelf->count; i++)
            if ((shelf->forms[i]->marks.count > 0) == (marked == 1))
                forms[count++] = shelf->forms[i];
    *ret_forms = forms;
    *ret_count = count;
    return OK;
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
