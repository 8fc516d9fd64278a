/* tests/outreach/simulated.h: the bundled simulator inside a test program, as the gateway of its home.
 * Shape:  simulate_as for a gateway type, simulate for the plain one; what it counted by key.
 * Owns:   the caller closes the simulator. */
#ifndef TESTS_OUTREACH_SIMULATED_H
#define TESTS_OUTREACH_SIMULATED_H

#include "outbox_fill.h"

#include "outreach/simulator.h"

static inline Simulator *simulate_as(TestHome *home, const char *type, const char *faults_text)
{
    Err err = {0};
    Faults faults = {.seed = 7};
    Simulator *simulator;
    assert_ok(faults_parse(faults_text, &faults, &err), &err);
    assert_ok(simulator_open("127.0.0.1:0", &faults, &simulator, &err), &err);
    outbox_gateway_of(home, type, simulator_port(simulator));
    return simulator;
}

static inline Simulator *simulate(TestHome *home, const char *faults_text)
{
    return simulate_as(home, "simulator", faults_text);
}

static inline int64_t stat_of(Simulator *simulator, const char *key)
{
    json_t *stats = simulator_stats(simulator);
    int64_t value = json_integer_value(json_object_get(stats, key));
    json_decref(stats);
    return value;
}

#endif
