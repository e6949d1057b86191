// A private world for one command: namespaces and mounts, a guardian process that owns pcscd and the command,
// and a look at pcscd through libpcsclite. What Swift cannot do safely (fork, unshare) happens here.
// The picture and the reasons: Docs/Run.md.
#ifndef VMYNA_PRIVATE_WORLD_H
#define VMYNA_PRIVATE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: Before all else (world_cleanup.c)

/// Sets right what a careless parent may have left us: closed standard files (the next file to be opened would take
/// their place) and an ignored SIGCHLD (the ends of children would be lost).
void vmyna_world_prepare(void);

// MARK: Namespaces and mounts (world_namespace.c)

/// Leaves for a new mount namespace, together with a new user namespace if asked. The ids stay as they are: the
/// command sees the user it was started by. Returns 0 or an errno; `step` then names the call that failed.
int vmyna_world_unshare(bool user_namespace, const char **step);

/// Puts an empty private folder over `folder`. If it does not exist its parent is rebuilt in private, with
/// everything that it holds still visible, so that nothing is left on the machine. Returns as above.
int vmyna_world_cover(const char *folder, const char **step);

/// Tries `unshare` and `cover` with a user namespace in a child that ends at once: a process that is refused
/// half-way (Ubuntu's AppArmor rule does that) must not go on in a user namespace that is of no use.
/// Returns 0 or an errno; `step` receives the text of the failed call.
int vmyna_world_try_user_namespace(const char *folder, char *step, size_t step_size);

/// Makes `file` visible at `at` as well (both are plain files).
int vmyna_world_bind_file(const char *file, const char *at);

/// Hides what `folder` holds, but for its sub-folder `serial`, behind a folder that cannot be written.
int vmyna_world_hide(const char *folder);

/// Where `text` begins in `bytes`; -1 if it is not there.
ssize_t vmyna_find_text(const void *bytes, size_t length, const char *text);

/// How many threads this process has; 0 when that cannot be told.
int vmyna_world_thread_count(void);

/// Takes an exclusive lock on `folder`, without waiting. Returns the descriptor, or the negative errno.
int vmyna_world_lock(const char *folder);

// MARK: The guardian (world_guardian.c, world_client.c)

/// What the guardian removes at the end; each may be NULL.
struct vmyna_cleanup {
  /// Removed with all it holds.
  const char *folder;
  /// A socket that is unlinked if nobody listens at it any more.
  const char *socket;
  /// Unlinked if it holds the number of a process that is no more.
  const char *pid_file;
  /// The pcscd of the machine whose number `pid_file` held before; 0 for none. Its number is put back.
  pid_t machine_pcscd;
  /// Removed if it is empty.
  const char *directory;
};

/// The pcscd whose number `pid_file` holds, if it runs; else 0.
pid_t vmyna_world_running_pcscd(const char *pid_file);

/// Removes all of that; the guardian does it, unless it was killed.
void vmyna_world_remove(struct vmyna_cleanup cleanup);

/// Removes the folders of this user in `parent` whose names begin with `prefix` and that nobody has locked: those
/// of worlds whose keepers were all killed at once.
void vmyna_world_sweep(const char *parent, const char *prefix);

struct vmyna_guardian {
  pid_t pid;
  int channel;
};

/// Forks the guardian: the parent of pcscd and of the command. When this process ends, even by SIGKILL, the
/// guardian kills both with all their descendants and removes what `cleanup` names.
/// To be called while the process has one thread. Returns 0 or an errno.
int vmyna_guardian_begin(struct vmyna_cleanup cleanup, struct vmyna_guardian *guardian);

struct vmyna_pcscd_plan {
  /// Program and arguments, ended by NULL.
  char *const *arguments;
  /// Where pcscd listens when `start` returns.
  const char *socket;
  const char *log;
  /// Give pcscd the listening socket as systemd does; else wait until it has made its own.
  bool socket_activation;
  /// If not NULL: pcscd alone gets a namespace in which this folder is private (as far as the machine allows).
  const char *private_folder;
  /// pcscd is killed if `ready` is not called within this time.
  int64_t limit_milliseconds;
};

/// Starts pcscd. Returns 0, an errno, or -1 when pcscd ended by itself (`wait_status` tells how).
int vmyna_guardian_start_pcscd(struct vmyna_guardian *guardian, struct vmyna_pcscd_plan plan, int *wait_status);

/// pcscd answers: its start is no longer limited in time.
void vmyna_guardian_ready(struct vmyna_guardian *guardian);

enum vmyna_outcome {
  VMYNA_OUTCOME_ENDED = 0,
  VMYNA_OUTCOME_NOT_STARTED = 1,
  VMYNA_OUTCOME_PCSCD_LOST = 2,
  VMYNA_OUTCOME_GUARDIAN_LOST = 3,
};

struct vmyna_report {
  enum vmyna_outcome outcome;
  /// The command's wait status (or pcscd's, for PCSCD_LOST).
  int wait_status;
  /// Why the command could not be started.
  int error;
  bool timed_out;
  /// The command did not end when asked to and was killed.
  bool killed;
};

/// Runs the command with this process's environment, changed by `changes` ("NAME=value"), and waits for its end.
/// SIGINT, SIGTERM, SIGHUP and SIGQUIT that reach this process meanwhile are passed on.
/// A negative timeout means none. Returns 0 or an errno.
int vmyna_guardian_run(struct vmyna_guardian *guardian, char *const *arguments, char *const *changes,
                       int64_t timeout_milliseconds, int64_t grace_milliseconds, struct vmyna_report *report);

/// Ends pcscd and what is left of the command, removes the files, and waits until all of that is done.
void vmyna_guardian_end(struct vmyna_guardian *guardian);

// MARK: A client's look at pcscd (world_probe.c)

/// Waits until pcscd answers a client and the named readers show what is expected of them: a card (powered, with
/// an ATR) or nothing. Uses libpcsclite if it is installed, exactly as the command will.
/// Returns 0; -1 without libpcsclite; -2 when the time is over; -3 when a reader is missing (its index goes to
/// `missing`); else the PC/SC error.
long vmyna_probe_readers(const char *const *names, const bool *with_card, size_t count, int64_t limit_milliseconds,
                         size_t *missing);

#endif
