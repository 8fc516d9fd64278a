/* base/config.h: talent.json, checked.
 * Shape:  plain value; every key of the file has a field; absent keys have the preset given below.
 * Units:  minutes of the day for the window; messages and days for the cap.
 * Owns:   strings live in the arena given to config_load; gateways and json are released by
 *         config_done.
 * Errors: ERR_CONFIG with the JSON path; ERR_REFUSED when others can read a secret it names.
 * Source: DESIGN "Running it". */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/node.h"

typedef struct Config {
    const char *home;          /* absolute */
    const char *file;          /* the file read, NULL = presets only */
    const char *database;      /* "private" or "mariadb://…" */
    const char *gateway;       /* name in gateways, NULL = the simulator */
    json_t *gateways;          /* object name → settings, may be empty, never NULL */
    const char *listen;        /* receive.listen, preset "127.0.0.1:8480" */
    const char *public_url;    /* receive.public_url, preset "http://" + listen */
    const char *token_file;    /* receive.token_file, absolute, preset HOME/receive.token */
    bool window_open;          /* "window": null: send at any hour */
    int window_from_minute;    /* preset 9 * 60 */
    int window_to_minute;      /* preset 20 * 60 */
    const char *holidays_file; /* absolute, NULL = none: one ISO date a line */
    int cap_messages;          /* preset 1 per person … */
    int cap_days;              /* … in 30 days; 0 days = no cap */
    /* A batch beyond one of these waits for review; < 0 = never for this reason. Shares 0..1. */
    double review_changed_share;     /* of its people, preset 0.2: a known value is replaced */
    double review_quarantined_share; /* of its rows, preset 0.3 */
    int64_t review_rows_at_least;    /* smaller batches do not wait, preset 100 */
    double price_fen;                /* texts.price_fen: of one SMS (segment); 0 = not known */
    bool gsm7;                       /* texts.gsm7: the gateway sends what it can in GSM-7 */
    json_t *own_phones;              /* texts.phones: numbers that a text may name; NULL = none */
    json_t *colleagues;              /* name → mobile number, for outreach test; NULL = none */
    bool log_json;    /* "log": "json": dispatch and receive write a JSON line per event */
    int proof_months; /* retention.proof_months, preset 36, at least 6: see db purge */
    int rows_months;  /* retention.rows_months, preset 0 = raw rows of files are kept */
    json_t *json;     /* the document; own_phones and colleagues are parts of it */
} Config;

/* Chooses the home (option, $TALENT_HOME, $XDG_DATA_HOME/talent, ~/.local/share/talent), makes it
 * (mode 0700) and reads talent.json in it, or the given file. */
ErrCode config_load(Arena *arena, const char *home, const char *file, Config *ret_config,
                    Err *err) MUST_CHECK;
void config_done(Config *config);

/* A path as written in the configuration, made absolute against the home. */
const char *config_path(const Config *config, Arena *arena, const char *path);

/* Reads a one-line secret; ERR_REFUSED when group or others may read it. */
ErrCode config_secret(Arena *arena, const char *file, const char **ret_secret, Err *err) MUST_CHECK;

/* Where shipped files (forms, policies, gateways, templates) lie: $TALENT_SHARE, the installed
 * share folder, else the source tree of this build. Returns "DIR/relative", lives in arena. */
const char *config_shared(Arena *arena, const char *relative);
/* Where an administrator's own files of the same kinds lie: "HOME/relative" of the home that this
 * process works in; NULL before config_load. */
const char *config_own(Arena *arena, const char *relative);

#endif
