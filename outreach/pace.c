#include "outreach/pace.h"

enum { BREAK_AFTER = 5, BREAK_STEPS = 6, BREAK_MAX_S = 60 };

static const int64_t SECOND_US = 1000000;
static const double BUCKET_S = 0.1;
static const double SLOWEST_PER_S = 1.0;
static const double GROWTH = 1.01;

Pace pace_start(double rate_per_s, int64_t now_us)
{
    return (Pace){.ceiling_per_s = rate_per_s,
                  .allowed_per_s = rate_per_s,
                  .tokens = 1,
                  .filled_us = now_us,
                  .slowed_us = now_us - SECOND_US,
                  .second_us = now_us};
}

static double bucket_depth(const Pace *pace)
{
    double depth = pace->allowed_per_s * BUCKET_S;
    return depth < 1 ? 1 : depth;
}

static void bucket_fill(Pace *pace, int64_t now_us)
{
    pace->tokens += (double)(now_us - pace->filled_us) / (double)SECOND_US * pace->allowed_per_s;
    if (pace->tokens > bucket_depth(pace))
        pace->tokens = bucket_depth(pace);
    pace->filled_us = now_us;
}

static void second_count(Pace *pace, int64_t now_us, size_t taken)
{
    int64_t elapsed_us = now_us - pace->second_us;
    if (elapsed_us >= SECOND_US) {
        pace->measured_per_s = pace->second_count * (double)SECOND_US / (double)elapsed_us;
        pace->second_us = now_us;
        pace->second_count = 0;
    }
    pace->second_count += (double)taken;
}

static int64_t held_until(const Pace *pace)
{
    return pace->told_until_us > pace->broken_until_us ? pace->told_until_us
                                                       : pace->broken_until_us;
}

static int64_t breaker_us(const Pace *pace)
{
    int step = pace->failures - BREAK_AFTER;
    int64_t seconds = step >= BREAK_STEPS ? BREAK_MAX_S : (int64_t)1 << step;
    return seconds * SECOND_US;
}

size_t pace_allow(Pace *pace, int64_t now_us, size_t wanted)
{
    if (wanted == 0 || now_us < held_until(pace))
        return 0;
    size_t allowed = wanted;
    if (pace->allowed_per_s > 0) {
        bucket_fill(pace, now_us);
        if ((double)allowed > pace->tokens)
            allowed = (size_t)pace->tokens;
    }
    if (allowed > 0 && pace_broken(pace)) {
        allowed = 1; /* the probe; the next one only after as long again */
        pace->broken_until_us = now_us + breaker_us(pace);
    }
    pace->tokens -= pace->allowed_per_s > 0 ? (double)allowed : 0;
    second_count(pace, now_us, allowed);
    return allowed;
}

void pace_return(Pace *pace, size_t count)
{
    pace->tokens += pace->allowed_per_s > 0 ? (double)count : 0;
    pace->second_count -= (double)count < pace->second_count ? (double)count : pace->second_count;
}

int64_t pace_wait_us(const Pace *pace, int64_t now_us)
{
    int64_t wait_us = held_until(pace) > now_us ? held_until(pace) - now_us : 0;
    if (pace->allowed_per_s <= 0)
        return wait_us;
    double missing = 1 - pace->tokens;
    int64_t token_us = missing > 0 ? (int64_t)(missing / pace->allowed_per_s * 1e6) + 1 : 0;
    token_us -= now_us - pace->filled_us;
    return token_us > wait_us ? token_us : wait_us;
}

void pace_succeeded(Pace *pace, int64_t now_us)
{
    pace->failures = 0;
    pace->broken_until_us = 0;
    bool slowed = pace->allowed_per_s > 0 &&
                  (pace->ceiling_per_s <= 0 || pace->allowed_per_s < pace->ceiling_per_s);
    if (!slowed)
        return;
    bucket_fill(pace, now_us);
    pace->allowed_per_s *= GROWTH; /* 70 good answers make up for one "too fast" */
    if (pace->ceiling_per_s > 0 && pace->allowed_per_s > pace->ceiling_per_s)
        pace->allowed_per_s = pace->ceiling_per_s;
}

void pace_throttled(Pace *pace, int64_t now_us, int64_t retry_after_ms)
{
    int64_t until_us = now_us + (retry_after_ms > 0 ? retry_after_ms * 1000 : SECOND_US);
    if (until_us > pace->told_until_us)
        pace->told_until_us = until_us;
    pace->failures = 0;
    if (now_us - pace->slowed_us < SECOND_US)
        return; /* the refusals of one burst count once */
    double rate = pace->allowed_per_s;
    double recent =
        pace->measured_per_s > pace->second_count ? pace->measured_per_s : pace->second_count;
    if (rate <= 0 || (recent > 0 && recent < rate))
        rate = recent;
    pace->allowed_per_s = rate / 2 < SLOWEST_PER_S ? SLOWEST_PER_S : rate / 2;
    if (pace->ceiling_per_s > 0 && pace->allowed_per_s > pace->ceiling_per_s)
        pace->allowed_per_s = pace->ceiling_per_s;
    pace->slowed_us = now_us;
    pace->filled_us = now_us;
    pace->tokens = 0;
}

void pace_failed(Pace *pace, int64_t now_us)
{
    if (pace->failures < BREAK_AFTER + BREAK_STEPS)
        pace->failures++;
    if (pace_broken(pace) && now_us >= pace->broken_until_us)
        pace->broken_until_us = now_us + breaker_us(pace);
}

bool pace_broken(const Pace *pace)
{
    return pace->failures >= BREAK_AFTER;
}
