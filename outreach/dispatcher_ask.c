/* Asking the gateway, beside the sending and gently, about messages that stay uncertain. */
#include "outreach/asker.h"
#include "outreach/dispatcher_state.h"

/* A pass goes through all of them; the next begins when as much time has passed as makes a message
 * worth asking about. */
ErrCode dispatcher_ask(Dispatcher *dispatcher, Err *err)
{
    const GatewayQuery *query = &dispatcher->gateway.query;
    bool done;
    if (!query->given)
        return OK;
    if (!dispatcher->asker) {
        int64_t now_ms = boottime_ms();
        if (now_ms < dispatcher->ask_ms)
            return OK;
        dispatcher->ask_ms = now_ms + (int64_t)query->after_s * 1000;
        const AskSettings settings = {.db = dispatcher->settings->db,
                                      .sealer = dispatcher->settings->sealer,
                                      .gateway = &dispatcher->gateway};
        TRY(asker_open(&settings, &dispatcher->asker, err));
    }
    TRY(asker_step(dispatcher->asker, 0, &done, err));
    if (!done)
        return OK;
    asker_close(dispatcher->asker);
    dispatcher->asker = NULL;
    return OK;
}
