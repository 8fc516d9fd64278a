#include "data/delivery.h"

#include "base/text.h"
#include "data/book.h"
#include "data/seen.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

typedef struct Pile {
    Facts *answers;
    size_t count, capacity;
} Pile;

typedef struct Delivery {
    const Order *order;
    Arena *arena;
    Inventor inventor;
    Pile piles[CAST_COUNT];
    Seen sound; /* ID numbers on sound rows */
    size_t rows, broken;
    int next_kind; /* kinds of damage take turns through all files */
    FILE *secrets;
    json_t *files;
} Delivery;

static Facts *pile_add(Pile *pile)
{
    assert(pile->count < pile->capacity);
    return &pile->answers[pile->count++];
}

static void pile_shuffle(Pile *pile, Chance *chance)
{
    for (size_t left = pile->count; left > 1; left--) {
        size_t other = chance_index(chance, left);
        Facts kept = pile->answers[other];
        pile->answers[other] = pile->answers[left - 1];
        pile->answers[left - 1] = kept;
    }
}

/* One in a hundred has the phone of the one before: couples, dormitories, a foreman's number. */
static void pile_share_phones(Pile *pile, Chance *chance)
{
    for (size_t i = 1; i < pile->count; i++)
        if (chance_hit(chance, 10))
            pile->answers[i].values[FACT_PHONE] = pile->answers[i - 1].values[FACT_PHONE];
}

enum { ROSTER_EVERY = 14 };

/* Every so many of those who have a certificate stand on the roster too. */
static void delivery_fill_roster(Delivery *delivery)
{
    size_t certified = 0;
    for (size_t q = 0; q < CAST_ROSTER; q++)
        for (size_t i = 0; i < delivery->piles[q].count; i++) {
            const Facts *answer = &delivery->piles[q].answers[i];
            if (answer->values[FACT_CERTIFICATE_NO].known && ++certified % ROSTER_EVERY == 0)
                *pile_add(&delivery->piles[CAST_ROSTER]) = *answer;
        }
}

static void delivery_fill(Delivery *delivery)
{
    int people = delivery->order->people, left = people;
    for (size_t q = 0; q < CAST_ROSTER; q++) {
        const Questionnaire *questionnaire = &CAST[q];
        delivery->inventor.surveyed_on = date_of(2012, 9, questionnaire->filled_day);
        bool last = q + 1 == CAST_ROSTER;
        int count = last ? left : people * questionnaire->share / 1000;
        left -= count;
        for (int i = 0; i < count; i++) {
            Facts *answer = pile_add(&delivery->piles[q]);
            size_t other = (size_t)i % CAST_FIRST_SCHOOL;
            if (q < CAST_FIRST_SCHOOL)
                invent_worker(&delivery->inventor, delivery->arena, questionnaire->workplace,
                              answer);
            else if (i % 4 != 0)
                invent_student(&delivery->inventor, delivery->arena, questionnaire->workplace,
                               answer);
            else
                invent_graduate_at_work(&delivery->inventor, delivery->arena,
                                        questionnaire->workplace, CAST[other].workplace, answer,
                                        pile_add(&delivery->piles[other]));
        }
    }
    for (size_t q = 0; q < CAST_ROSTER; q++) {
        pile_share_phones(&delivery->piles[q], &delivery->inventor.chance);
        pile_shuffle(&delivery->piles[q], &delivery->inventor.chance);
    }
    delivery_fill_roster(delivery);
}

/* What must never be printed: also the number that a broken row holds instead. */
static void secrets_note(FILE *secrets, const Facts *facts, const Written *number)
{
    if (!secrets)
        return;
    if (number->text && !text_equal(number->text, facts->values[FACT_ID_NUMBER].text))
        fprintf(secrets, "id %s\n", number->text);
    fprintf(secrets, "id %s\nname %s\n", facts->values[FACT_ID_NUMBER].text,
            facts->values[FACT_NAME].text);
    if (facts->values[FACT_PHONE].known)
        fprintf(secrets, "phone %s\n", facts->values[FACT_PHONE].text);
}

/* Breaks a row in the next way that fits it; returns the kind's word, NULL when none fits. */
static const char *delivery_spoil(Delivery *delivery, const Questionnaire *questionnaire,
                                  const Facts *facts, Written *cells)
{
    for (int tried = 0; tried < SPOIL_COUNT; tried++) {
        SpoilKind kind = (SpoilKind)(delivery->next_kind++ % SPOIL_COUNT);
        if (!spoil_fits(kind, questionnaire->headings, cells))
            continue;
        spoil_row(kind, &delivery->inventor.chance, delivery->arena, questionnaire->headings,
                  questionnaire->container == CONTAINER_XLSX, facts, cells);
        return spoil_word(kind);
    }
    return NULL;
}

/* Chooses which rows are to be broken: exactly the ordered share, anywhere. */
static bool *choose_broken(Delivery *delivery, size_t rows)
{
    bool *broken = arena_array(delivery->arena, bool, rows + 1);
    size_t left = rows * (size_t)delivery->order->broken_per_mille / 1000;
    for (size_t row = 0; row < rows; row++)
        if (chance_index(&delivery->inventor.chance, rows - row) < left) {
            broken[row] = true;
            left--;
        }
    return broken;
}

static Written *delivery_cells(Delivery *delivery, size_t q, json_t *spoiled)
{
    const Questionnaire *questionnaire = &CAST[q];
    const Pile *pile = &delivery->piles[q];
    size_t columns = heading_count(questionnaire->headings);
    Written *cells = arena_array(delivery->arena, Written, pile->count * columns + 1);
    const bool *broken = choose_broken(delivery, pile->count);
    const Clerk clerk = {.chance = &delivery->inventor.chance,
                         .arena = delivery->arena,
                         .habits = questionnaire->habits,
                         .filled_on = date_of(2012, 9, questionnaire->filled_day)};
    for (size_t row = 0; row < pile->count; row++) {
        const Facts *facts = &pile->answers[row];
        Written *line = cells + row * columns;
        for (size_t column = 0; column < columns; column++)
            line[column] =
                spell_cell(&clerk, &questionnaire->headings[column], facts, (int)row + 1);
        const char *kind =
            broken[row] ? delivery_spoil(delivery, questionnaire, facts, line) : NULL;
        secrets_note(delivery->secrets, facts,
                     &line[heading_find(questionnaire->headings, FACT_ID_NUMBER)]);
        if (kind) {
            json_int_t before = json_integer_value(json_object_get(spoiled, kind));
            json_object_set_new(spoiled, kind, json_integer(before + 1));
            delivery->broken++;
        } else {
            seen_add(&delivery->sound, strtoull(facts->values[FACT_ID_NUMBER].text, NULL, 10));
        }
    }
    return cells;
}

static ErrCode delivery_write_book(Delivery *delivery, size_t q, Err *err)
{
    const Questionnaire *questionnaire = &CAST[q];
    json_t *spoiled = json_object();
    size_t before = delivery->broken, rows = delivery->piles[q].count;
    Book book = {.questionnaire = questionnaire,
                 .path = arena_printf(delivery->arena, "%s/%s", delivery->order->folder,
                                      questionnaire->file),
                 .cells = delivery_cells(delivery, q, spoiled),
                 .rows = rows};
    json_array_append_new(delivery->files,
                          json_pack("{s:s, s:s, s:I, s:I, s:o}", "file", questionnaire->file,
                                    "form", questionnaire->form, "rows", (json_int_t)rows, "broken",
                                    (json_int_t)(delivery->broken - before), "spoiled", spoiled));
    delivery->rows += rows;
    switch (questionnaire->container) {
    case CONTAINER_XLSX:
        return book_write_xlsx(&book, err);
    case CONTAINER_GB18030:
        return book_write_csv(&book, err);
    case CONTAINER_KOBO:
        return book_write_kobo(&book, err);
    }
    return OK;
}

static ErrCode delivery_write_all(Delivery *delivery, Err *err)
{
    const Order *order = delivery->order;
    if (mkdir(order->folder, 0777) != 0 && errno != EEXIST)
        return err_errno(err, ERR_IO, errno, "cannot make folder '%s'", order->folder);
    if (order->secrets_file && !(delivery->secrets = fopen(order->secrets_file, "we")))
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", order->secrets_file);
    for (size_t q = 0; q < CAST_COUNT; q++)
        TRY(delivery_write_book(delivery, q, err));
    if (delivery->secrets && fflush(delivery->secrets) != 0)
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", order->secrets_file);
    return OK;
}

ErrCode delivery_write(const Order *order, json_t **ret_summary, Err *err)
{
    AUTO_ARENA arena = arena_new((size_t)8 << 30);
    Delivery delivery = {.order = order,
                         .arena = arena,
                         .inventor = inventor_make(order->seed, "delivery", date_of(2012, 9, 18)),
                         .files = json_array()};
    for (size_t q = 0; q < CAST_COUNT; q++) {
        delivery.piles[q].capacity = (size_t)order->people + 1;
        delivery.piles[q].answers = arena_array(arena, Facts, delivery.piles[q].capacity);
    }
    delivery_fill(&delivery);
    ErrCode code = delivery_write_all(&delivery, err);
    if (delivery.secrets)
        fclose(delivery.secrets);
    json_t *summary = json_pack("{s:I, s:i, s:I, s:I, s:I, s:o}", "seed", (json_int_t)order->seed,
                                "people", order->people, "people_sound",
                                (json_int_t)delivery.sound.count, "rows", (json_int_t)delivery.rows,
                                "broken", (json_int_t)delivery.broken, "files", delivery.files);
    seen_done(&delivery.sound);
    inventor_done(&delivery.inventor);
    if (code == OK)
        *ret_summary = summary;
    else
        json_decref(summary);
    return code;
}
