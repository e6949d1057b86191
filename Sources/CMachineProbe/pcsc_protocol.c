// The first message between libpcsclite and pcscd: each tells its version of the protocol. The header is the length of
// the body and the command, the body is major, minor and an answer; all of 32 bits, in the machine's own order
// (PC/SC Lite: winscard_msg.h). It has been so since 1.6.
#define _GNU_SOURCE
#include "machine_probe.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMAND_VERSION = 0x11, SCOPE_SYSTEM = 2 };

struct header {
  uint32_t size;
  uint32_t command;
};

struct body {
  int32_t major;
  int32_t minor;
  uint32_t answer;
};

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Waits until `file` can be read. Returns 0 or ETIMEDOUT.
static int await_input(int file, int64_t deadline) {
  struct pollfd watched = {.fd = file, .events = POLLIN};
  int64_t left = deadline - now();
  int ready = left <= 0 ? 0 : poll(&watched, 1, (int)left);
  return ready > 0 ? 0 : ETIMEDOUT;
}

static int receive_all(int file, void *bytes, size_t length, int64_t deadline) {
  int error = 0;
  char *place = bytes;
  while (error == 0 && length > 0) {
    error = await_input(file, deadline);
    ssize_t size = error == 0 ? recv(file, place, length, 0) : 0;
    if (size > 0) {
      place += size;
      length -= (size_t)size;
    } else if (error == 0 && !(size < 0 && (errno == EINTR || errno == EAGAIN))) {
      error = size == 0 ? ECONNRESET : errno;
    }
  }
  return error;
}

int vmyna_probe_server_version(const char *path, struct vmyna_protocol_version proposed, int limit_milliseconds,
                               struct vmyna_protocol_version *version, bool *accepted) {
  struct {
    struct header header;
    struct body body;
  } message = {{sizeof(struct body), COMMAND_VERSION}, {proposed.major, proposed.minor, 0}};
  int64_t deadline = now() + limit_milliseconds;
  int server = vmyna_probe_connect(path, SOCK_STREAM);
  int error = server < 0 ? -server : 0;
  if (error == 0 && send(server, &message, sizeof message, MSG_NOSIGNAL) != (ssize_t)sizeof message) {
    error = errno;
  }
  if (error == 0) {
    error = receive_all(server, &message.body, sizeof message.body, deadline);
  }
  if (error == 0) {
    version->major = message.body.major;
    version->minor = message.body.minor;
    *accepted = message.body.answer == 0;
  }
  if (server >= 0) {
    close(server);
  }
  return error;
}

typedef long (*establish_function)(unsigned long, const void *, const void *, long *);

/// The child: libpcsclite, talking to us. It exits with 1 when there is no library.
static void be_client(const char *path) {
  long context = 0;
  establish_function establish = NULL;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setenv("PCSCLITE_CSOCK_NAME", path, 1);
  void *library = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library != NULL) {
    *(void **)&establish = dlsym(library, "SCardEstablishContext");
  }
  if (establish == NULL) {
    _exit(1);
  }
  (void)establish(SCOPE_SYSTEM, NULL, NULL, &context);
  _exit(0);
}

static int listen_in(const char *folder, struct sockaddr_un *address) {
  int listener = -1;
  int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/pcscd.comm", folder);
  if (length > 0 && (size_t)length < sizeof address->sun_path) {
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }
  if (listener >= 0 &&
      (bind(listener, (const struct sockaddr *)address, sizeof *address) != 0 || listen(listener, 1) != 0)) {
    close(listener);
    listener = -1;
  }
  return listener;
}

/// Takes the client's first message; its end before that means that there is no library.
static int take_first_message(int listener, pid_t child, int64_t deadline, struct vmyna_protocol_version *version) {
  struct header header;
  struct body body;
  int error = ETIMEDOUT;
  int status = 0;
  bool ended = false;
  while (error == ETIMEDOUT && !ended && now() < deadline) {
    int64_t step = now() + 20;
    error = await_input(listener, step < deadline ? step : deadline);
    ended = error != 0 && waitpid(child, &status, WNOHANG | __WNOTHREAD) == child;
  }
  if (ended) {
    error = ENOENT;
  } else if (error == 0) {
    int client = accept(listener, NULL, NULL);
    error = client < 0 ? errno : receive_all(client, &header, sizeof header, deadline);
    error = error == 0 && header.command != COMMAND_VERSION ? EPROTO : error;
    error = error == 0 ? receive_all(client, &body, sizeof body, deadline) : error;
    if (error == 0) {
      version->major = body.major;
      version->minor = body.minor;
    }
    if (client >= 0) {
      close(client);
    }
  }
  return error;
}

int vmyna_probe_client_version(int limit_milliseconds, struct vmyna_protocol_version *version) {
  char folder[] = "/tmp/vmyna-probe-XXXXXX";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int error = mkdtemp(folder) == NULL ? errno : 0;
  int listener = error == 0 ? listen_in(folder, &address) : -1;
  if (error == 0 && listener < 0) {
    error = errno;
  }
  pid_t child = error == 0 ? fork() : -1;
  if (child == 0) {
    be_client(address.sun_path);
  }
  if (child > 0) {
    error = take_first_message(listener, child, now() + limit_milliseconds, version);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
  } else if (error == 0) {
    error = errno;
  }
  if (listener >= 0) {
    close(listener);
    unlink(address.sun_path);
  }
  rmdir(folder);
  return error;
}
