// The words between `vmyna run` and its guardian: a header, then `length` bytes of NUL-ended strings.
#ifndef VMYNA_WORLD_CHANNEL_H
#define VMYNA_WORLD_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

enum message_kind {
  // To the guardian.
  MESSAGE_START_PCSCD = 1,  // values: socket activation, limit; strings: socket, log, folder, arguments
  MESSAGE_READY,
  MESSAGE_RUN,     // values: number of arguments, timeout, grace; strings: arguments, environment
  MESSAGE_SIGNAL,  // values: signal, whether to deliver it (else the command has it already)
  MESSAGE_END,
  // From the guardian.
  MESSAGE_PCSCD_STARTED,  // values: errno
  MESSAGE_PCSCD_ENDED,    // values: wait status
  MESSAGE_NOT_STARTED,    // values: errno
  MESSAGE_COMMAND_ENDED,  // values: wait status, timed out, killed
};

struct message {
  uint32_t kind;
  uint32_t length;
  int64_t values[3];
};

/// More than Linux lets a command's arguments and environment be together.
enum { MESSAGE_LIMIT = 64 << 20 };

/// Each returns true, or false when the other side is gone.
bool message_send(int channel, struct message message, const char *strings);
/// `strings` receives a block to free, or NULL if the message has none.
bool message_receive(int channel, struct message *message, char **strings);

#endif
