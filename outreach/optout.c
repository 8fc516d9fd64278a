#include "outreach/optout.h"

#include "outreach/outbox.h"
#include "people/identity.h"
#include "people/person.h"
#include "people/phone.h"

#include <inttypes.h>
#include <unistd.h>

enum { NUMBERS_AT_MOST = 100000, LINE_BYTES = 256 };

/* What waits for this number is withheld now, not only when a dispatcher claims it. */
static ErrCode waiting_withhold(Db *db, const uint8_t *hash, int64_t *ret_withheld, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_OUTBOX_WAITING, PARAMS(v_bytes(hash, SEAL_HASH_BYTES)), &rows,
                 err));
    AUTO_ARENA arena = arena_new(0);
    size_t count = rows_count(rows), at = 0;
    Move *moves = arena_array(arena, Move, count + 1);
    while (rows_next(rows))
        moves[at++] = (Move){.message = rows_int(rows, 0),
                             .from = STATE_QUEUED,
                             .to = STATE_SUPPRESSED,
                             .cause = "optout",
                             .fence = -1};
    TRY(outbox_move(db, moves, count, NULL, err));
    *ret_withheld = (int64_t)count;
    return OK;
}

ErrCode optout_add(Db *db, const Sealer *sealer, const OptOut *optout, bool *ret_added,
                   int64_t *ret_withheld, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    uint8_t hash[SEAL_HASH_BYTES];
    size_t sealed_length = 0;
    uint64_t inserted = 0;
    int64_t withheld = 0;
    identity_phone_hash(sealer, optout->phone, hash);
    const uint8_t *sealed =
        seal(sealer, arena, optout->phone, strlen(optout->phone), &sealed_length);
    TRY(db_run(db, QUERY_OUTREACH_OPTOUT_INSERT,
               PARAMS(v_bytes(hash, sizeof hash), v_bytes(sealed, sealed_length),
                      v_text(optout->source), v_text(optout->why), v_text(optout->user)),
               &inserted, err));
    TRY(waiting_withhold(db, hash, &withheld, err));
    *ret_added = inserted == 1;
    *ret_withheld = withheld;
    return OK;
}

ErrCode optout_remove(Db *db, const Sealer *sealer, const char *phone, const char *user,
                      bool *ret_removed, Err *err)
{
    uint8_t hash[SEAL_HASH_BYTES];
    uint64_t removed = 0;
    identity_phone_hash(sealer, phone, hash);
    TRY(db_run(db, QUERY_OUTREACH_OPTOUT_REMOVE, PARAMS(v_text(user), v_bytes(hash, sizeof hash)),
               &removed, err));
    *ret_removed = removed == 1;
    return OK;
}

static ErrCode person_number(Context *context, int64_t id, const char **ret_phone, Err *err)
{
    Person person;
    TRY(person_load(context->db, context->sealer, context->arena, id, &person, err));
    if (!person.facts.values[FACT_PHONE].known)
        return err_set(err, ERR_REFUSED, _("person '%" PRId64 "' has no phone number"), id);
    *ret_phone = person.facts.values[FACT_PHONE].text;
    return OK;
}

/* One number per line; blank lines are passed over. */
static ErrCode lines_read(Context *context, FILE *in, const char **phones, size_t *ret_count,
                          Err *err)
{
    char line[LINE_BYTES];
    size_t count = 0;
    for (unsigned number = 1; fgets(line, sizeof line, in); number++) {
        Phone phone;
        PhoneProblem problem = phone_check(line, &phone);
        if (problem == PHONE_EMPTY)
            continue;
        if (problem != PHONE_FINE) {
            (void)err_set(err, ERR_INPUT, _("line %u of standard input is no mobile number"),
                          number);
            return err_hint(err, _("give one number a line; nothing has been changed"));
        }
        if (count == NUMBERS_AT_MOST)
            return err_set(err, ERR_LIMIT, _("more than %d numbers at once"), NUMBERS_AT_MOST);
        phones[count++] = arena_strdup(context->arena, phone.digits);
    }
    *ret_count = count;
    return OK;
}

ErrCode optout_numbers(Context *context, const Arguments *arguments, const char *const **ret_phones,
                       size_t *ret_count, Err *err)
{
    bool by_person = option_given(arguments, "person");
    const char **phones =
        arena_array(context->arena, const char *, by_person ? 1 : NUMBERS_AT_MOST);
    size_t count = 1;
    if (by_person) {
        TRY(person_number(context, option_int(arguments, "person", 0), &phones[0], err));
    } else {
        if (isatty(STDIN_FILENO) && !context->quiet)
            fprintf(stderr, "%s\n", _("phone numbers, one a line, then Ctrl-D:"));
        TRY(lines_read(context, stdin, phones, &count, err));
    }
    if (count == 0) {
        (void)err_set(err, ERR_INPUT, _("standard input holds no phone number"));
        return err_hint(err, _("give the numbers on standard input, or --person ID"));
    }
    *ret_phones = phones;
    *ret_count = count;
    return OK;
}
