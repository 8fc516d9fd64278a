#include "base/text.h"
#include "policy/parse.h"

#include <errno.h>
#include <inttypes.h>

static ErrCode move_number(Parameter *parameter, const char *text, Err *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < parameter->min || number > parameter->max)
        return err_set(err, ERR_USAGE,
                       _("parameter '%s' takes a number from %" PRId64 " to %" PRId64 ", not '%s'"),
                       parameter->name, parameter->min, parameter->max, text);
    parameter->number = number;
    return OK;
}

static ErrCode move_flag(Parameter *parameter, const char *text, Err *err)
{
    static const char *const WORDS[][2] = {
        {"no", "yes"}, {"false", "true"}, {"否", "是"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        for (int truth = 0; truth <= 1; truth++) {
            if (text_equal(text, WORDS[i][truth])) {
                parameter->number = truth;
                return OK;
            }
        }
    }
    return err_set(err, ERR_USAGE, _("parameter '%s' takes yes or no, not '%s'"), parameter->name,
                   text);
}

static ErrCode move_word(Arena *arena, Parameter *parameter, const char *text, Err *err)
{
    const char *list = "";
    for (size_t i = 0; parameter->choices[i]; i++) {
        if (text_equal(text, parameter->choices[i])) {
            parameter->word = parameter->choices[i];
            return OK;
        }
        list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", parameter->choices[i]);
    }
    err_set(err, ERR_USAGE, _("parameter '%s' does not take '%s'"), parameter->name, text);
    return err_hint(err, _("one of: %s"), list);
}

ErrCode setting_apply(Policy *policy, const char *setting, Err *err)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting) {
        err_set(err, ERR_USAGE, _("'%s' moves no parameter"), setting);
        return err_hint(err, _("write PARAM=VALUE, for example age_max=50"));
    }
    const char *name = arena_strndup(policy->arena, setting, (size_t)(equals - setting));
    Parameter *parameter = parameter_named(policy, name);
    if (!parameter) {
        err_set(err, ERR_USAGE, _("policy '%s' has no parameter '%s'"), policy->id, name);
        return parameter_hint(policy, name, err);
    }
    parameter->moved = true;
    switch (parameter->kind) {
    case PARAMETER_NUMBER:
        return move_number(parameter, equals + 1, err);
    case PARAMETER_FLAG:
        return move_flag(parameter, equals + 1, err);
    case PARAMETER_WORD:
    default:
        break;
    }
    return move_word(policy->arena, parameter, equals + 1, err);
}
