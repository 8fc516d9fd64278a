/* tests/outreach/outbox_fill.h: campaigns with messages put straight into the tables, for the
 * tests of what comes after the launch, and gateways to send them to.
 * Shape:  people and messages are numbered from 1; message n goes to 13800000000 + n.
 * Owns:   texts live in the home's arena. */
#ifndef TESTS_OUTREACH_OUTBOX_FILL_H
#define TESTS_OUTREACH_OUTBOX_FILL_H

#include "base/buffer.h"
#include "outreach/dispatcher.h"
#include "people/identity.h"
#include "support/home.h"

#include <sys/stat.h>
#include <unistd.h>

static inline const char *outbox_phone(TestHome *home, int n)
{
    return arena_printf(home->context.arena, "%lld", 13800000000LL + n);
}

static inline const char *outbox_hash(TestHome *home, const char *phone)
{
    uint8_t hash[SEAL_HASH_BYTES];
    identity_phone_hash(home->context.sealer, phone, hash);
    return seal_hex(home->context.arena, hash, sizeof hash);
}

static inline const char *outbox_seal(TestHome *home, const char *text)
{
    size_t length;
    const uint8_t *sealed =
        seal(home->context.sealer, home->context.arena, text, strlen(text), &length);
    return seal_hex(home->context.arena, sealed, length);
}

/* Empties the base; people 1..count with name and phone, as one answer each. */
static inline void outbox_people(TestHome *home, int count)
{
    test_reset(home);
    unlink(arena_printf(home->context.arena, "%s/epoch", home->dir));
    AUTO_BUFFER sql = BUFFER(64 << 20);
    for (int n = 1; n <= count; n++) {
        const char *phone = outbox_phone(home, n);
        buffer_printf(&sql, "%s(%d, 1, UNHEX('%s'), '林%d', UNHEX('%s'))",
                      n % 500 == 1
                          ? "INSERT INTO person (id, answers, phone_hash, name, phone) VALUES "
                          : ", ",
                      n, outbox_hash(home, phone), n, outbox_seal(home, phone));
        if (n % 500 == 0 || n == count)
            buffer_text(&sql, ";\n");
    }
    test_sql(home, buffer_string(&sql));
}

/* A running campaign with one queued message to each of the people first..last. */
static inline void outbox_campaign(TestHome *home, int id, int first, int last)
{
    AUTO_BUFFER sql = BUFFER(64 << 20);
    buffer_printf(&sql,
                  "INSERT INTO campaign (id, name, state, template, template_text, policy, "
                  "policy_sha256, verdicts, "
                  "as_of, people, other_verdicts, content_hash, planned_by, planned_at, "
                  "launched_at, launch_epoch) "
                  "SELECT %d, 'campaign %d', 'running', 't', '', 'p', '', 'likely', '2012-10-01', "
                  "%d, '{}', '', "
                  "'tester', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), epoch FROM base_state;\n",
                  id, id, last - first + 1);
    for (int n = first; n <= last; n++) {
        const char *phone = outbox_phone(home, n);
        buffer_printf(
            &sql,
            "%s(%d, %d, 'likely', 'r', UNHEX('%s'), UNHEX('%s'), '【东莞人社】林%d：您好', 1)",
            (n - first) % 500 == 0 ? "INSERT INTO message (campaign_id, person_id, verdict, route, "
                                     "phone_hash, phone, text, segments) VALUES "
                                   : ", ",
            id, n, outbox_hash(home, phone), outbox_seal(home, phone), n);
        if ((n - first) % 500 == 499 || n == last)
            buffer_text(&sql, ";\n");
    }
    test_sql(home, buffer_string(&sql));
}

static inline void outbox_gateway_of(TestHome *home, const char *type, unsigned port)
{
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", "
                                   "\"url\": \"http://127.0.0.1:%u/send\"}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:0\"}",
                                   type, port));
}

/* A home whose gateway is a simulator at this port; receipts come to any free port. */
static inline void outbox_gateway(TestHome *home, unsigned port)
{
    outbox_gateway_of(home, "simulator", port);
}

/* Makes a type "mute" of the home's own: one of the shipped, but it never sends receipts, and nobody
 * waits for them. */
static inline void outbox_mute_type(TestHome *home, const char *type)
{
    Arena *arena = home->context.arena;
    json_t *file = json_load_file(
        config_shared(arena, arena_printf(arena, "outreach/gateways/%s.json", type)), 0, NULL);
    assert_non_null(file);
    json_object_del(file, "receipt");
    json_object_del(file, "reply");
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    assert_int_equal(
        json_dump_file(file, arena_printf(arena, "%s/gateways/mute.json", home->dir), 0), 0);
    json_decref(file);
}

static inline void outbox_gateway_without_receipts(TestHome *home, unsigned port)
{
    outbox_mute_type(home, "simulator");
    outbox_gateway_of(home, "mute", port);
}

static inline int64_t outbox_in_state(TestHome *home, const char *state)
{
    return test_number(home,
                       arena_printf(home->context.arena,
                                    "SELECT COUNT(*) FROM message WHERE state = '%s'", state));
}

/* A worker in this process, until nothing is left to do. */
static inline ErrCode outbox_dispatch(TestHome *home, DispatchReport *report, Err *err)
{
    Context *context = &home->context;
    DispatchSettings settings = {.db = context->db,
                                 .sealer = context->sealer,
                                 .config = &context->config,
                                 .until_done = true,
                                 .quiet = true};
    return dispatcher_run(&settings, context->arena, report, err);
}

static inline DispatchReport outbox_dispatched(TestHome *home)
{
    Err err = {0};
    DispatchReport report = {0};
    assert_ok(outbox_dispatch(home, &report, &err), &err);
    return report;
}

#endif
