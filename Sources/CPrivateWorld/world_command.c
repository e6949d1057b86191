// How the guardian makes children, and its child the command.
#define _GNU_SOURCE
#include "world_guardian.h"
#include "world_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/// The state in which a child leaves the guardian: it dies with it and has the signals of `vmyna run`'s start.
static void become_child(const struct guardian *self, pid_t guardian) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guardian) {
    _exit(127);
  }
  sigprocmask(SIG_SETMASK, &self->children_mask, NULL);
}

pid_t fork_child(const struct guardian *self, int *reader, int *status) {
  int ends[2];
  pid_t guardian = getpid();
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return -1;
  }
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    *status = ends[1];
    become_child(self, guardian);
  } else {
    close(ends[1]);
    *reader = ends[0];
  }
  return child;
}

int await_exec(int reader) {
  int error = 0;
  ssize_t size = 0;
  while ((size = read(reader, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  close(reader);
  return size == (ssize_t)sizeof error ? error : 0;
}

void exec_failed(int status) {
  int error = errno;
  (void)!write(status, &error, sizeof error);
  _exit(127);
}

static void release_standard_files(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int file = 0; null >= 0 && file <= STDERR_FILENO; file++) {
    dup2(null, file);
  }
  if (null > STDERR_FILENO) {
    close(null);
  }
}

/// execvp also says "permission denied" if it could not look into some folder of PATH.
static bool is_in_path(const char *name) {
  char candidate[4096];
  bool found = false;
  const char *folder = getenv("PATH");
  while (folder != NULL && *folder != '\0' && !found) {
    size_t length = strcspn(folder, ":");
    int size = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, folder, name);
    found = size > 0 && (size_t)size < sizeof candidate && access(candidate, F_OK) == 0;
    folder += length + (folder[length] == ':' ? 1 : 0);
  }
  return found;
}

void run_command(struct guardian *self, const struct message *message, char **strings, size_t count) {
  int reader = -1;
  int status = -1;
  int error = 0;
  size_t arguments = (size_t)message->values[0];
  // With a terminal the command stays in the job that the shell knows, so that ^C, ^Z, fg and bg work on the whole;
  // without, its own group makes it one target.
  int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  self->own_group = terminal < 0;
  if (terminal >= 0) {
    close(terminal);
  }
  char **argv = message->values[0] > 0 && arguments <= count ? calloc(arguments + 1, sizeof *argv) : NULL;
  if (argv == NULL) {
    error = EINVAL;
  } else if (self->pcscd == 0) {
    error = ECONNREFUSED;
  } else {
    memcpy(argv, strings, arguments * sizeof *argv);
    pid_t child = fork_child(self, &reader, &status);
    if (child == 0) {
      if (self->own_group || setpgid(0, self->owner_group) != 0) {
        setpgid(0, 0);
      }
      environ = strings + arguments;
      execvp(argv[0], argv);
      if (errno == EACCES && strchr(argv[0], '/') == NULL && !is_in_path(argv[0])) {
        errno = ENOENT;
      }
      exec_failed(status);
    }
    error = child < 0 ? errno : await_exec(reader);
    if (error == 0) {
      self->command = child;
      self->grace = message->values[2];
      self->timeout_deadline = message->values[1] < 0 ? kNever : now_milliseconds() + message->values[1];
      release_standard_files();
    }
  }
  free(argv);
  if (error != 0) {
    report(self, MESSAGE_NOT_STARTED, error, 0, 0);
  }
}
