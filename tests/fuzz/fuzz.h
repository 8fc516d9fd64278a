/* tests/fuzz/fuzz.h: what a fuzz target defines, and what several share.
 * Shape:  libFuzzer, or replay.c over a corpus, calls LLVMFuzzerTestOneInput with each input.
 * Errors: a refusal of the input is a good end; a broken promise aborts.
 * Source: libFuzzer's interface, https://llvm.org/docs/LibFuzzer.html. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Reads bytes as a file handed in, to the end or the first error, and aborts when a row breaks what
 * survey/sheet.h promises. encoding as for sheet_open. */
void fuzz_sheet(const void *bytes, size_t length, const char *encoding);

#endif
