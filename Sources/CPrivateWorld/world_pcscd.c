// The guardian's child pcscd.
#define _GNU_SOURCE
#include "world_guardian.h"
#include "world_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  LISTEN_BACKLOG = 128,
  ACTIVATED_SOCKET = 3,  // sd_listen_fds(3)
};

static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = -1;
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
  } else {
    strcpy(address.sun_path, path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }
  if (listener >= 0 && (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
                        chmod(path, 0666) != 0 || listen(listener, LISTEN_BACKLOG) != 0)) {
    int error = errno;
    close(listener);
    listener = -1;
    errno = error;
  }
  return listener;
}

static void exec_pcscd(int listener, int status, const char *log, const char *folder, char **arguments) {
  char number[16];
  // Its own session: the terminal's signals are for the command alone.
  setsid();
  umask(022);
  if (folder[0] != '\0') {
    const char *step = "";
    if (vmyna_world_unshare(geteuid() != 0, &step) == 0) {
      (void)vmyna_world_cover(folder, &step);
    }
  }
  // A new user namespace takes this away: prctl(2), PR_SET_PDEATHSIG.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int null = open("/dev/null", O_RDWR);
  int output = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(null, STDIN_FILENO);
  dup2(output >= 0 ? output : null, STDOUT_FILENO);
  dup2(output >= 0 ? output : null, STDERR_FILENO);
  // Move the errno pipe out of the way of the number that systemd's protocol gives the socket.
  int told = fcntl(status, F_DUPFD_CLOEXEC, ACTIVATED_SOCKET + 1);
  unsetenv("NOTIFY_SOCKET");
  unsetenv("LISTEN_FDNAMES");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_PID");
  if (listener >= 0) {
    if (listener == ACTIVATED_SOCKET) {
      fcntl(listener, F_SETFD, 0);
    } else {
      dup2(listener, ACTIVATED_SOCKET);
    }
    snprintf(number, sizeof number, "%d", (int)getpid());
    setenv("LISTEN_PID", number, 1);
    setenv("LISTEN_FDS", "1", 1);
  }
  // Descriptors that `vmyna run` was given are for the command, not for pcscd: those between are closed on exec.
  long limit = sysconf(_SC_OPEN_MAX);
  int highest = limit > 4096 || limit < 0 ? 4096 : (int)limit;
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, ACTIVATED_SOCKET + 1, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) == 0) {
    highest = 0;
  }
#endif
  for (int file = ACTIVATED_SOCKET + 1; file < highest; file++) {
    fcntl(file, F_SETFD, FD_CLOEXEC);
  }
  if (listener < 0) {
    fcntl(ACTIVATED_SOCKET, F_SETFD, FD_CLOEXEC);
  }
  execv(arguments[0], arguments);
  exec_failed(told >= 0 ? told : status);
}

/// pcscd binds, listens, and then opens its socket to all (chmod): the change of attributes tells that it listens.
static int watch_for(struct guardian *self, const char *socket) {
  char folder[256];
  const char *slash = strrchr(socket, '/');
  int length = slash == NULL ? -1 : snprintf(folder, sizeof folder, "%.*s", (int)(slash - socket), socket);
  int watch = -1;
  errno = ENAMETOOLONG;
  if (length > 0 && (size_t)length < sizeof folder && strlen(slash + 1) < sizeof self->socket_name) {
    strcpy(self->socket_name, slash + 1);
    watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  }
  if (watch >= 0 && inotify_add_watch(watch, folder, IN_ATTRIB) < 0) {
    int error = errno;
    close(watch);
    watch = -1;
    errno = error;
  }
  return watch;
}

static void stop_watching(struct guardian *self) {
  if (self->watch >= 0) {
    close(self->watch);
    self->watch = -1;
  }
}

void look_for_socket(struct guardian *self) {
  _Alignas(struct inotify_event) char bytes[4096];
  bool found = false;
  ssize_t size = read(self->watch, bytes, sizeof bytes);
  for (ssize_t offset = 0; offset + (ssize_t)sizeof(struct inotify_event) <= size;) {
    const struct inotify_event *event = (const struct inotify_event *)(bytes + offset);
    found = found || (event->len > 0 && strcmp(event->name, self->socket_name) == 0);
    offset += (ssize_t)(sizeof *event + event->len);
  }
  if (found) {
    stop_watching(self);
    report(self, MESSAGE_PCSCD_STARTED, 0, 0, 0);
  }
}

void start_pcscd(struct guardian *self, const struct message *message, char **strings, size_t count) {
  int reader = -1;
  int status = -1;
  int listener = -1;
  int error = 0;
  if (count < 4) {
    error = EINVAL;
  } else if (message->values[0] != 0) {
    listener = listen_at(strings[0]);
    error = listener < 0 ? errno : 0;
  } else {
    self->watch = watch_for(self, strings[0]);
    error = self->watch < 0 ? errno : 0;
  }
  if (error == 0) {
    pid_t child = fork_child(self, &reader, &status);
    if (child == 0) {
      exec_pcscd(listener, status, strings[1], strings[2], strings + 3);
    }
    error = child < 0 ? errno : await_exec(reader);
    if (error == 0) {
      self->start_deadline = now_milliseconds() + message->values[1];
      self->pcscd = child;
    }
  }
  // pcscd holds the only copy now: if it dies, clients that wait are told.
  if (listener >= 0) {
    close(listener);
  }
  if (error != 0) {
    stop_watching(self);
  }
  if (error != 0 || self->watch < 0) {
    report(self, MESSAGE_PCSCD_STARTED, error, 0, 0);
  }
}
