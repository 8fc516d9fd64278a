/* sql/home_files.h: the small files of a home that a base is worth nothing without: the sealing
 * key, the configuration, passwords, tokens, own forms, policies, texts and gateways.
 * Shape:  a JSON array of {path, mode, bytes (base64)}; paths are relative to the home. Left out:
 *         what belongs to the private server, to this very base (epoch, journal) or can be made
 *         anew (planes), and files of more than a mebibyte.
 * Owns:   arrays are owned by the caller.
 * Errors: ERR_IO; ERR_LIMIT when all of them together are too much; ERR_INPUT for an entry that
 *         names no place inside the home. */
#ifndef SQL_HOME_FILES_H
#define SQL_HOME_FILES_H

#include "base/config.h"

/* *ret_left_out: array of the paths that were too large. */
ErrCode home_files_gather(const Config *config, json_t **ret_files, json_t **ret_left_out,
                          Err *err) MUST_CHECK;

/* Checks every entry before anything is written. */
ErrCode home_files_check(const json_t *files, Err *err) MUST_CHECK;

/* Writes what the home has not got, and returns in *ret_aside the paths beside which the copy was
 * put as PATH.restored, because another file of that name is there. */
ErrCode home_files_write(const Config *config, const json_t *files, json_t **ret_aside,
                         Err *err) MUST_CHECK;

#endif
