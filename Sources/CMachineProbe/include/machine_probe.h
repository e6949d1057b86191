// What `vmyna doctor` and the road `machine` ask this machine: who listens on a Unix socket, which version of the
// PC/SC protocol both ends speak, and what a client is told. Nothing here changes anything; what may hang or crash (a
// client's library) runs in a child with a time limit, so the calls that fork are for a process of one thread.
#ifndef VMYNA_MACHINE_PROBE_H
#define VMYNA_MACHINE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: Unix sockets (unix_sockets.c)

/// Whether somebody listens on the socket file `path`: 1 yes, 0 no. The kernel's table is asked first (sock_diag(7)):
/// a connection would start what systemd has put behind the socket. -1 when the file cannot be reached.
int vmyna_probe_listens(const char *path);

/// Finds the processes at the other end of connections that were accepted on the socket bound to `path`.
/// Returns how many of them (at most `most`) were written to `clients`. Those of other users are seen by root only.
size_t vmyna_probe_clients(const char *path, pid_t *clients, size_t most);

/// Finds the processes that hold the socket which listens at `path`, as `vmyna_probe_clients` does.
size_t vmyna_probe_listeners(const char *path, pid_t *listeners, size_t most);

/// Connects to `path` without waiting for a full queue. Returns a descriptor, or the negative errno.
int vmyna_probe_connect(const char *path, int type);

// MARK: The PC/SC protocol (pcsc_protocol.c)

/// A version of the protocol between libpcsclite and pcscd (winscard_msg.h: CMD_VERSION).
struct vmyna_protocol_version {
  int32_t major;
  int32_t minor;
};

/// Asks the pcscd at `path` for its version, by proposing `proposed`.
/// Returns 0; `accepted` tells whether it takes the proposal. Else an errno (ETIMEDOUT: it says nothing).
int vmyna_probe_server_version(const char *path, struct vmyna_protocol_version proposed, int limit_milliseconds,
                               struct vmyna_protocol_version *version, bool *accepted);

/// Finds out which version this machine's libpcsclite speaks, by being its pcscd for one message.
/// Returns 0; ENOENT without the library; else an errno.
int vmyna_probe_client_version(int limit_milliseconds, struct vmyna_protocol_version *version);

// MARK: A client's view (pcsc_client.c)

enum { VMYNA_MOST_READERS = 32, VMYNA_READER_NAME = 128 };

/// One reader, as a client sees it.
struct vmyna_reader_view {
  char name[VMYNA_READER_NAME];
  /// Whether there is a card in it.
  bool has_card;
  /// What SCardConnect (shared) answers; 0 without a card.
  uint32_t connect;
};

/// What a client of pcscd is told.
struct vmyna_client_view {
  /// False when there is no libpcsclite.
  bool has_library;
  /// False when the client hung or crashed.
  bool is_complete;
  /// The answer to SCardEstablishContext.
  uint32_t establish;
  /// The answer to SCardListReaders.
  uint32_t list;
  size_t reader_count;
  struct vmyna_reader_view readers[VMYNA_MOST_READERS];
};

/// Looks at pcscd through libpcsclite. Only readers whose name begins with `connect_prefix` are connected to.
void vmyna_probe_client(const char *connect_prefix, int limit_milliseconds, struct vmyna_client_view *view);

#endif
