/* people/linker.h: what link.c knows while it decides, and how it learns what the base holds.
 * Shape:  a Linker holds the different ID numbers (Holder) and the different names with phones
 *         (Contact) of the answers at hand, each with what old and new answers say of it.
 * Owns:   everything lives in the linker's arena.
 * Errors: ERR_DB….
 * Source: people/link.h; sql/queries/people/link.sql. */
#ifndef PEOPLE_LINKER_H
#define PEOPLE_LINKER_H

#include "people/record.h"

/* A person as it is being decided. */
typedef struct Owner {
    int64_t person; /* 0 = not in the base yet */
    size_t answers; /* how many of the call's go to it; old ones that must move to it count too */
} Owner;

/* Someone with an ID number among the new answers. */
typedef struct Holder {
    const uint8_t *id_hash;
    Owner owner;
    bool known; /* was in the base before, or a decision says who it is */
} Holder;

/* A name with a phone, and what all answers that have it, old and new, say of it. */
typedef struct Contact {
    const uint8_t *hash;
    const uint8_t *id_hash; /* of the first ID'd person seen with it; NULL = none */
    Owner *identified;      /* that person */
    Owner in_base;          /* where it stands when it is not among the holders */
    bool several;           /* more than one ID'd person has it */
    int64_t bare_person;    /* who holds the old answers without ID number; 0 = there are none */
    bool bare_identified;   /* that person has other answers with an ID number */
    Owner own;              /* the person without ID number of this contact … */
    bool decided;           /* … or whoever a decision says that it is */
    int64_t former;   /* the number it had as a person without ID number; 0 = none is remembered */
    bool former_free; /* nobody has that number now … */
    bool former_due;  /* … since whoever took it over, or led the contact away, is gone */
} Contact;

typedef struct Linker {
    Arena *arena;
    Holder *holders; /* sorted by hash */
    size_t holder_count;
    Contact *contacts; /* sorted by hash */
    size_t contact_count;
    /* Of the new answers, in their order: */
    size_t count;
    Holder **holder_of;   /* NULL = has no ID number */
    Contact **contact_of; /* NULL = has no name or no phone */
} Linker;

/* Among the new answers; NULL = none has this ID number. */
Holder *holder_find(const Linker *linker, const uint8_t *id_hash);

/* An answer with the contact's name and phone has this ID number. Two ID numbers that a decision
 * made one person are one: the owners' numbers must be looked up already. */
void contact_identify(Contact *contact, const uint8_t *id_hash, Owner *owner);

/* Which holders are in the base. */
ErrCode holders_look_up(Db *db, Linker *linker, Err *err) MUST_CHECK;
/* For which holders and contacts a decision says who they are; after holders_look_up. */
ErrCode decided_look_up(Db *db, Linker *linker, Err *err) MUST_CHECK;
/* The hashes of so many contacts as statements take them; live in the linker's arena. */
Value contacts_packed(const Linker *linker, size_t from, size_t count);
/* What the answers of the base say of the contacts. */
ErrCode contacts_look_up(Db *db, Linker *linker, Err *err) MUST_CHECK;

#endif
