/* sql/private.h: the program's own mariadbd under the home: started on first use, left running,
 * found again.
 * Shape:  HOME/db data, HOME/db.tmp its temporary tables, HOME/db.sock socket, HOME/db.pid,
 *         HOME/db.log, HOME/db.lock (held by whoever starts it), HOME/db.running (held by mariadbd
 *         as long as it lives: the kernel lets go of it, so it is never stale).
 * Units:  seconds for waits, bytes on disk.
 * Owns:   PrivateSocket may hold a folder descriptor: private_socket_done.
 * Errors: ERR_IO with what to do: no space, wrong owner, package missing, server did not come up.
 * Source: DESIGN "Running it"; only the OS user who made it may connect (unix_socket
 *         authentication). */
#ifndef SQL_PRIVATE_H
#define SQL_PRIVATE_H

#include "sql/server.h"

#include <sys/types.h>

/* A path of the socket that fits into sun_path (107 bytes), however deep the home lies. */
typedef struct PrivateSocket {
    char path[108];
    int folder; /* kept open while the path is in use; -1 = not needed */
} PrivateSocket;

ErrCode private_socket(const Server *server, PrivateSocket *ret_socket, Err *err) MUST_CHECK;
void private_socket_done(PrivateSocket *socket);

/* Makes sure that the server runs, initialising its data first when there is none. *ret_started
 * (may be NULL) says whether this call started it. Two processes at once end with one server. */
ErrCode private_start(const Server *server, bool *ret_started, Err *err) MUST_CHECK;

/* Asks it to shut down and waits for its end; *ret_stopped false = it did not run. */
ErrCode private_stop(const Server *server, bool *ret_stopped, Err *err) MUST_CHECK;

/* True when a server is ready on the socket: it accepts and greets. */
bool private_answers(const Server *server);

/* Its process, 0 when it does not run. */
pid_t private_pid(const Server *server);

/* What its data takes on disk. */
int64_t private_bytes(const Server *server);

/* "HOME/NAME"; lives in arena. */
char *private_path(Arena *arena, const Server *server, const char *name);

/* Takes the lock that mariadbd holds as long as it lives: *ret_lock is a descriptor, or -1 when
 * mariadbd has it. */
ErrCode private_running_lock(const Server *server, int *ret_lock, Err *err) MUST_CHECK;

/* Makes HOME/db out of nothing: whole or not at all. lock is inherited by the initialiser, so that
 * nobody starts while one that outlived its command still works. */
ErrCode private_install(const Server *server, int lock, Err *err) MUST_CHECK;

/* Makes HOME/db.tmp, where the server keeps its temporary tables, unless it is there. */
ErrCode private_tmp(const Server *server, Err *err) MUST_CHECK;

/* Where a program of MariaDB lies: $PATH, then the usual places of servers. Lives in arena; ERR_IO
 * names the package. */
ErrCode private_program(Arena *arena, const char *name, const char **ret_path, Err *err) MUST_CHECK;

/* Fills err with "what", the first error in HOME/db.log after offset, and what to do about it. */
ErrCode private_failed(const Server *server, off_t log_offset, const char *what, Err *err);

/* Where HOME/db.log ends now; and whether the disk was full since, by the log or by the look of it.
 */
off_t private_log_end(const Server *server);
bool private_ran_full(const Server *server, off_t log_offset);

/* Opens HOME/db.log for appending; *ret_offset is its end. */
ErrCode private_log_open(const Server *server, int *ret_log, off_t *ret_offset,
                         Err *err) MUST_CHECK;

/* In a forked child: standard streams from nothing and to log, no other descriptor but keep (as 3),
 * signals as new. */
void private_child(int log, int keep);

#endif
