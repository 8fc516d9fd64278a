/* An argument of the import: plain, packed, or several in one. */
#include "fuzz/fuzz.h"

#include "base/text.h"
#include "survey/parcel.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void require(bool promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int fd = memfd_create("parcel", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    Err err = {0};
    AUTO_PARCEL parcel = NULL;
    ParcelFile file;
    bool more = true;
    ErrCode code = parcel_open(path, "/tmp", &parcel, &err);
    while (code == OK && more) {
        struct stat status;
        code = parcel_next(parcel, &file, &more, &err);
        if (code != OK || !more)
            break;
        require(stat(file.path, &status) == 0);
        require(text_valid(file.name, strlen(file.name), NULL));
        require(strpbrk(file.name, "\n\r\t") == NULL);
    }
    require(code == OK || ((code == ERR_INPUT || code == ERR_LIMIT) && *err.text));
    close(fd);
    return 0;
}
