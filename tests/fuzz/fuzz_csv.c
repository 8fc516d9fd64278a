/* The first byte chooses an encoding, the rest is the file. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const ENCODINGS[] = {NULL, "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};
    if (length > 1)
        fuzz_sheet(bytes + 1, length - 1,
                   ENCODINGS[bytes[0] % (sizeof ENCODINGS / sizeof *ENCODINGS)]);
    return 0;
}
