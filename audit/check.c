#include "audit/check.h"

#include "audit/anchor.h"
#include "base/lang.h"

#include <inttypes.h>

/* The anchors in step with the lines, both by number. */
typedef struct Walk {
    const Anchors *anchors;
    size_t at;
    AuditCheck *check;
} Walk;

static void line_seen(void *state, int64_t number, const char *hash)
{
    Walk *walk = state;
    const Anchors *anchors = walk->anchors;
    while (walk->at < anchors->count && anchors->items[walk->at].number <= number) {
        const Anchor *anchor = &anchors->items[walk->at++];
        bool alike =
            anchor->number == number && strncmp(anchor->hash, hash, strlen(anchor->hash)) == 0;
        if (!alike && anchor->number > 0 && !walk->check->unlike)
            walk->check->unlike = anchor->number;
    }
}

const char *audit_anchor_file(const Config *config, Arena *arena)
{
    return config_path(config, arena, "audit.anchor");
}

ErrCode audit_check(Db *db, const Config *config, AuditCheck *ret_check, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Anchors anchors;
    AuditCheck check = {0};
    TRY(anchors_load(arena, audit_anchor_file(config, arena), &anchors, err));
    Walk walk = {.anchors = &anchors, .check = &check};
    const ChainWatch watch = {line_seen, &walk};
    TRY(chain_check(db, &watch, &check.chain, err));
    check.anchors = (int64_t)anchors.count;
    check.unreadable = anchors.unreadable;
    check.last_anchor = anchors.count ? anchors.items[anchors.count - 1].number : 0;
    if (check.last_anchor > check.chain.last)
        check.base_behind = check.last_anchor - check.chain.last;
    else
        check.file_behind = check.chain.last - check.last_anchor;
    *ret_check = check;
    return OK;
}

bool audit_sound(const AuditCheck *check)
{
    return !check->chain.broken && !check->unlike && !check->unreadable && !check->base_behind;
}

int64_t audit_first_wrong(const AuditCheck *check)
{
    int64_t broken = check->chain.broken, unlike = check->unlike;
    if (broken && (!unlike || broken <= unlike))
        return broken;
    return unlike ? unlike : check->base_behind ? check->chain.last + 1 : 0;
}

const char *audit_wrong(Arena *arena, const AuditCheck *check)
{
    int64_t first = audit_first_wrong(check);
    if (first && first == check->chain.broken)
        return arena_printf(arena, _("line %" PRId64 " %s"), first, _(check->chain.what));
    if (first && first == check->unlike)
        return arena_printf(arena, _("line %" PRId64 " is not the one that was written from here"),
                            first);
    if (first)
        return arena_printf(
            arena, _("the base is behind: it ends before line %" PRId64 ", which was written"),
            first);
    if (check->unreadable)
        return arena_printf(arena, _("%" PRId64 " lines of the anchor file are not as written"),
                            check->unreadable);
    return NULL;
}

json_t *audit_check_json(const AuditCheck *check)
{
    return json_pack(
        "{s:b, s:I, s:I, s:I, s:s?, s:I, s:I, s:I, s:I, s:I, s:I}", "sound", audit_sound(check),
        "lines", (json_int_t)check->chain.lines, "last", (json_int_t)check->chain.last, "broken",
        (json_int_t)check->chain.broken, "what", check->chain.what, "anchors",
        (json_int_t)check->anchors, "last_anchor", (json_int_t)check->last_anchor, "unlike",
        (json_int_t)check->unlike, "unreadable", (json_int_t)check->unreadable, "base_behind",
        (json_int_t)check->base_behind, "file_behind", (json_int_t)check->file_behind);
}
