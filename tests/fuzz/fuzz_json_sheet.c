/* The whole input is the file; a bracket or a brace in front makes it JSON. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length)
        fuzz_sheet(bytes, length, NULL);
    return 0;
}
