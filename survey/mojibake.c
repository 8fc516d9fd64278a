#include "survey/mojibake.h"

#include "base/text.h"

#include <assert.h>
#include <iconv.h>
#include <pthread.h>

enum { LEAST_BYTES = 6 };

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t converter_key;

static void converter_close(void *converter)
{
    iconv_close(converter);
}

static void key_make(void)
{
    int failure = pthread_key_create(&converter_key, converter_close);
    assert(failure == 0);
}

/* The thread's own converter, closed when the thread ends; NULL = the machine knows no GB18030. */
static iconv_t converter_of_thread(void)
{
    pthread_once(&key_once, key_make);
    iconv_t converter = pthread_getspecific(converter_key);
    if (converter)
        return converter;
    converter = iconv_open("GB18030", "UTF-8");
    if (converter == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): as iconv says */
        return NULL;
    pthread_setspecific(converter_key, converter);
    return converter;
}

/* The text in GB18030; 0 = it cannot be written there, or the machine knows no GB18030. */
static size_t to_gb18030(const char *text, char *out, size_t room)
{
    iconv_t converter = converter_of_thread();
    if (!converter)
        return 0;
    char *in = (char *)(uintptr_t)text, *at = out;
    size_t left = strlen(text), space = room;
    iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &in, &left, &at, &space) == (size_t)-1)
        return 0;
    return room - space;
}

/* All characters beyond ASCII are Han, and there are at least two of them. */
static bool han_text(const char *bytes, size_t length)
{
    const char *cursor = bytes, *end = bytes + length;
    size_t han = 0;
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        if (c >= 0x4E00 && c <= 0x9FFF)
            han++;
        else if (c >= 0x80)
            return false;
    }
    return han >= 2;
}

enum { LEAST_SIGNS = 2 };

/* Chinese bytes shown as Western letters: two Han of GB2312 (ÖÐÎÄ), each a letter of a first and one of
 * a second byte, or two of UTF-8 (å¼ ä¼), each a letter of a first byte before a sign of a second. */
static bool western_mojibake(const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    size_t pairs = 0, signs = 0;
    uint32_t before = 0; /* a letter that no pair has yet */
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        signs += before >= 0xE4 && before <= 0xE9 && c >= 0x80 && c <= 0xBF && c != 0xB7;
        bool pair = before >= 0xB0 && before <= 0xF7 && c >= 0xA1 && c <= 0xFE;
        pairs += pair;
        before = pair || c < 0x80 || c > 0xFF ? 0 : c;
    }
    return pairs >= LEAST_SIGNS || signs >= LEAST_SIGNS;
}

bool mojibake(Arena *arena, const char *text)
{
    if (western_mojibake(text))
        return true;
    if (strstr(text, "锟斤拷") || strstr(text, "烫烫烫") || strstr(text, "屯屯屯"))
        return true;
    size_t room = strlen(text) * 2 + 16;
    char *bytes = arena_alloc(arena, room);
    size_t length = to_gb18030(text, bytes, room);
    return length >= LEAST_BYTES && text_valid(bytes, length, NULL) && han_text(bytes, length);
}
