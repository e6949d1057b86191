// The guardian's state, and what it does to start its children.
#ifndef VMYNA_WORLD_GUARDIAN_H
#define VMYNA_WORLD_GUARDIAN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "private_world.h"
#include "world_channel.h"

/// A time that never comes.
static const int64_t kNever = INT64_MAX;

struct guardian {
  int channel;
  int signals;
  pid_t owner;
  pid_t owner_group;
  sigset_t children_mask;
  struct vmyna_cleanup cleanup;

  pid_t pcscd;
  int watch;  // tells when pcscd listens; -1 if it need not be told
  char socket_name[64];
  int64_t start_deadline;

  pid_t command;
  bool own_group;
  int64_t timeout_deadline;
  int64_t kill_deadline;
  int64_t grace;
  bool timed_out;
  bool killed;
};

/// Tells `vmyna run` something.
void report(struct guardian *self, uint32_t kind, int64_t first, int64_t second, int64_t third);

/// Obeys MESSAGE_START_PCSCD (world_pcscd.c).
void start_pcscd(struct guardian *self, const struct message *message, char **strings, size_t count);

/// To be called when `watch` is readable: reports a start that is complete (world_pcscd.c).
void look_for_socket(struct guardian *self);

/// Obeys MESSAGE_RUN (world_command.c).
void run_command(struct guardian *self, const struct message *message, char **strings, size_t count);

/// Forks a child that dies with the guardian and has the signals of `vmyna run`'s start. In the child, `status` is
/// the end that `exec_failed` writes to; in the guardian, `reader` is for `await_exec`.
pid_t fork_child(const struct guardian *self, int *reader, int *status);

/// Waits until the child has become its program. Returns 0 or the errno of exec.
int await_exec(int reader);

/// Tells errno to the guardian and ends the child.
void exec_failed(int status);

#endif
