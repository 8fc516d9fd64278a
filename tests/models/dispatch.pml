/* tests/models/dispatch.pml: how two workers take three messages to a gateway: claim two at once,
 * mark the next one as begun, send, record; with crashes, leases that run out, a base that goes away,
 * receipts, and a person who settles.
 * Checked exhaustively by tests/models/check.sh.
 * Shape:  one step of a process is one thing that the outside can see: a committed transaction, a
 *         request, an answer, a crash. Whatever a step does between is a transaction of the base.
 * Holds:  asserted where it could break, and at the end, when nothing can move any more:
 *         - a message reaches a phone once; more often only when a person said of a copy that it was
 *           not sent;
 *         - a worker without its claim neither sends nor records;
 *         - every state is true;
 *         - nothing is forgotten: all is settled, or uncertain, or with the gateway.
 * Mutants: -DNO_FENCE, -DNO_LEASE_CHECK, -DLAPSED_IS_QUEUED, -DNO_SWEEP, -DSEND_BEFORE_CLAIM,
 *         -DLOST_IS_NOT_SENT, -DSEND_UNMARKED each take one rule away; each must be found out.
 * Source: outreach/claim.c, claim_sweep.c, attempt.c, journal.c, receipt.c, transitions.def; DESIGN 7
 *         "Dispatch". */

#ifndef MESSAGES
#define MESSAGES 3
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2
#endif
#ifndef TROUBLES
#define TROUBLES 2 /* of these in one run; leases run out as often as they like beside them */
#endif
#define CRASHES 1 /* of a worker */
#define OUTAGES 1 /* of the base, while an answer is being recorded */
#define WORDS 1   /* of a person, about a message that is uncertain */

mtype = { queued, claimed, uncertain, settled, sent, delivered, rejected, suppressed };
mtype = { accepted, refused, not_taken, lost };

typedef Message {
    mtype state = queued;
    byte fence;              /* claims so far */
    bool over;               /* its lease has run out */
    bool begun;              /* a request for it may have begun, as far as the base knows */
    byte copies, waved;      /* on the phone; of these, said by a person not to be */
    bool taken[ATTEMPTS];    /* by the gateway, attempt by attempt */
    bool said[ATTEMPTS];     /* a person said: not sent */
}
Message message[MESSAGES];

typedef Journal { bool used; byte about, under; mtype says; byte second, second_under }
Journal journal; /* one at a time is enough: the base goes away once */

byte words, outages, crashes;
bool silent; /* no receipt ever comes */
bool told;   /* a person says: sent */

#define CURRENT(m, f) (message[m].fence == f)
#ifdef NO_FENCE
#define MINE(m, f) (message[m].state == claimed)
#else
#define MINE(m, f) (message[m].state == claimed && CURRENT(m, f))
#endif
#define TAKEN(m) message[m].taken[message[m].fence - 1]

/* Every state is true: what is said to have been sent was, what is said not to have been was not.
 * Once that is seen, sent, delivered, rejected and suppressed are all alike to who comes later. */
inline move(m, to) {
    assert(message[m].state != settled);
    assert(to != queued || message[m].copies == message[m].waved);
    assert(to != rejected || !TAKEN(m));
    assert(to != sent || TAKEN(m) || told);
    assert(to != delivered || TAKEN(m));
    assert(to != suppressed || TAKEN(m));
    message[m].over = false;
    message[m].begun = false;
    if
    :: to == queued || to == claimed || to == uncertain -> message[m].state = to
    :: else ->
       message[m].state = settled;
       message[m].taken[0] = false; message[m].taken[1] = false;
       message[m].said[0] = false; message[m].said[1] = false;
       message[m].copies = 0; message[m].waved = 0;
       message[m].fence = ATTEMPTS
    fi
}

/* An answer comes into the base, in one transaction. Done twice it changes nothing twice. */
inline record(m, f, answer, late) {
    if
    :: MINE(m, f) ->
        assert(CURRENT(m, f)); /* a stale worker records nothing */
        if
        :: answer == accepted -> move(m, sent)
        :: answer == refused -> move(m, rejected)
        :: answer == not_taken -> move(m, queued)
        :: answer == lost -> move(m, uncertain)
        fi
    :: else ->
        if
        :: late && message[m].state == uncertain && CURRENT(m, f) && answer == accepted -> move(m, sent)
        :: else -> skip
        fi
    fi
}

/* The gateway takes it or not; what it answers is true, when the answer arrives. */
inline request(m, f) {
    if
    :: message[m].taken[f - 1] = true;
       message[m].copies++;
       if
       :: message[m].said[f - 1] -> message[m].waved++ /* that word was too early */
       :: else -> skip
       fi;
       if
       :: answer = accepted
       :: answer = lost
       fi
    :: answer = refused
    :: answer = not_taken
    :: answer = lost
    fi;
    assert(message[m].copies <= 1 + message[m].waved) /* nobody is told twice */
}

#define DUE(m) (message[m].state == queued && message[m].fence < ATTEMPTS)
#define MORE (crashes + outages + words < TROUBLES)
#define MAY_DIE (MORE && crashes < CRASHES)
#define MAY_FAIL (MORE && outages < OUTAGES)

inline empty_hands() { m = 0; f = 0; answer = 0; held = 0; held_under = 0 }

/* Takes the first message that is due; the claim is committed at the end of the transaction. */
inline claim(n, under) {
    if
    :: DUE(0) -> n = 0
    :: !DUE(0) && DUE(1) -> n = 1
    :: !DUE(0) && !DUE(1) -> n = MESSAGES - 1
    fi;
    message[n].fence++;
    under = message[n].fence;
    move(n, claimed)
}

/* What is in hand but was not begun goes back, with whatever else is recorded. */
inline give_back(n, under) {
    if
    :: under > 0 -> record(n, under, not_taken, false)
    :: else -> skip
    fi
}

proctype Worker() {
    byte m, f, held, held_under; /* the message in hand, and the next one of the same lease; under 0 = none */
    mtype answer;

start: /* what a dead one left in the journal, before any claim */
    atomic {
        if
        :: journal.used ->
            record(journal.about, journal.under, journal.says, true);
            give_back(journal.second, journal.second_under);
            journal.used = false; journal.about = 0; journal.under = 0; journal.says = 0;
            journal.second = 0; journal.second_under = 0
        :: else -> skip
        fi
    };
end_next:
    atomic { /* claims are committed, and read back, before anything is sent; the first may begin */
        DUE(0) || DUE(1) || DUE(MESSAGES - 1) ->
#ifdef SEND_BEFORE_CLAIM
        if
        :: DUE(0) -> m = 0
        :: !DUE(0) && DUE(1) -> m = 1
        :: !DUE(0) && !DUE(1) -> m = MESSAGES - 1
        fi;
        f = message[m].fence + 1
    };
    atomic { request(m, f) };
    atomic {
        if
        :: message[m].state == queued -> message[m].fence++; move(m, claimed); message[m].begun = true
        :: else -> skip
        fi
    };
begun:
    skip;
#else
        claim(m, f);
        message[m].begun = true;
        if
        :: DUE(0) || DUE(1) || DUE(MESSAGES - 1) -> claim(held, held_under)
        :: else -> skip
        fi
    };
begun:
    if
    :: atomic { MAY_DIE -> crashes++; empty_hands() }; goto start /* the claims stay behind */
    :: atomic {                           /* the last look, and the request that begins with it */
        if
#ifdef NO_LEASE_CHECK
        :: true ->
#else
        :: !(MINE(m, f) && !message[m].over) -> answer = not_taken
        :: MINE(m, f) && !message[m].over ->
#endif
            assert(message[m].state == claimed && CURRENT(m, f) && !message[m].over); /* a stale worker sends nothing */
            request(m, f)
        fi }
    fi;
#endif
#ifdef LOST_IS_NOT_SENT
    if
    :: answer == lost -> answer = not_taken
    :: else -> skip
    fi;
#endif
    if
    :: atomic { MAY_DIE -> crashes++; empty_hands() }; goto start /* the answer is lost with it */
    :: atomic { record(m, f, answer, false); f = 0; m = 0; answer = 0 }
    :: atomic { MAY_FAIL -> outages++; record(m, f, answer, false) }; /* done, but nobody is told so: */
       atomic { record(m, f, answer, false); f = 0; m = 0; answer = 0 } /* it is done again */
    :: atomic { MAY_FAIL -> outages++; /* the base is away */
           journal.used = true; journal.about = m; journal.under = f; journal.says = answer;
           journal.second = held; journal.second_under = held_under;
           empty_hands() };
       goto start
    fi;
    if
    :: held_under == 0 -> goto end_next
    :: atomic { held_under > 0 ->       /* the next one is marked, and that is committed, before it may begin */
           m = held; f = held_under; held = 0; held_under = 0;
           if
#ifdef SEND_UNMARKED
           :: true -> skip
#else
           :: MINE(m, f) && !message[m].over -> message[m].begun = true
           :: else -> give_back(m, f); f = 0; m = 0
#endif
           fi };
       if
       :: f > 0 -> goto begun
       :: f == 0 -> goto end_next
       fi
    fi
}

#define HELD(m) (message[m].state == claimed && !message[m].over)
#ifdef NO_SWEEP
#define LAPSED(m) false
#else
#define LAPSED(m) (message[m].state == claimed && message[m].over)
#endif

inline lapse(m) {
    if
#ifndef LAPSED_IS_QUEUED
    :: message[m].begun -> move(m, uncertain)
#endif
    :: !message[m].begun -> move(m, queued)
#ifdef LAPSED_IS_QUEUED
    :: message[m].begun -> move(m, queued)
#endif
    fi
}

/* Time passes over the leases; when one is over, whoever is alive sweeps it up. The margin lets no
 * request that began in time outlive its lease. */
proctype Time() {
end:
    do
    :: atomic { HELD(0) -> message[0].over = true }
    :: atomic { HELD(1) -> message[1].over = true }
    :: atomic { HELD(MESSAGES - 1) -> message[MESSAGES - 1].over = true }
    :: atomic { LAPSED(0) -> lapse(0) }
    :: atomic { LAPSED(1) -> lapse(1) }
    :: atomic { LAPSED(MESSAGES - 1) -> lapse(MESSAGES - 1) }
    od
}

/* A receipt is known by the reference of the current attempt; it comes before the answer is recorded,
 * after, twice, or never. */
#define REPORTED(m) (!silent && message[m].state != settled && message[m].fence > 0 && TAKEN(m))

inline receipt(m) {
    if
    :: message[m].state == queued -> move(m, suppressed) /* it was taken after all */
    :: else -> move(m, delivered)
    fi
}

proctype Gateway() {
end:
    do
    :: atomic { REPORTED(0) -> receipt(0) }
    :: atomic { REPORTED(1) -> receipt(1) }
    :: atomic { REPORTED(MESSAGES - 1) -> receipt(MESSAGES - 1) }
    od
}

inline settle(m) {
    words++;
    if
    :: told = true; move(m, sent); told = false
    :: message[m].said[message[m].fence - 1] = true;
       if
       :: TAKEN(m) -> message[m].waved++
       :: else -> skip
       fi;
       move(m, queued)
    fi
}

/* Whoever settles what is uncertain may be wrong; the program may not. */
proctype Person() {
end:
    do
    :: atomic { MORE && words < WORDS && message[0].state == uncertain -> settle(0) }
    :: atomic { MORE && words < WORDS && message[1].state == uncertain -> settle(1) }
    :: atomic { MORE && words < WORDS && message[MESSAGES - 1].state == uncertain -> settle(MESSAGES - 1) }
    od
}

/* Nothing is forgotten: when nobody can do anything any more, no message waits for a worker that is
 * gone, and none is due. */
proctype Judge() {
    atomic {
        timeout;
        assert(message[0].state != claimed && !DUE(0));
        assert(message[1].state != claimed && !DUE(1));
        assert(message[MESSAGES - 1].state != claimed && !DUE(MESSAGES - 1));
        assert(!journal.used)
    }
}

init {
    atomic {
        if
        :: silent = true
        :: skip
        fi;
        run Worker();
        run Worker();
        run Time();
        run Gateway();
        run Person();
        run Judge()
    }
}
