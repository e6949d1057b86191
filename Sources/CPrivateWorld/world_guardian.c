// The guardian: parent of pcscd and of the command, and of every process that either of them loses (it is a
// subreaper), so that it can end them all. It has one thread and works from one loop: messages of `vmyna run`,
// ends of children, times that are up.
//
//   end of                | what happens
//   ----------------------|------------------------------------------------------------------------
//   `vmyna run`           | the channel closes: the guardian kills everything and removes the files
//   the command           | its descendants are killed, the end is reported
//   pcscd                 | reported; the command is asked to end, then killed
//   the guardian          | pcscd and the command die with it (PDEATHSIG); `vmyna run` does the rest
#define _GNU_SOURCE
#include "private_world.h"
#include "world_channel.h"
#include "world_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  LISTEN_BACKLOG = 128,
  ACTIVATED_SOCKET = 3,  // sd_listen_fds(3)
  CLEANUP_LIMIT_MILLISECONDS = 10000,
  RESCAN_MILLISECONDS = 20,
};

static const int64_t kNever = INT64_MAX;

struct guardian {
  int channel;
  int signals;
  pid_t owner;
  pid_t owner_group;
  sigset_t children_mask;
  struct vmyna_cleanup cleanup;

  pid_t pcscd_starter;  // the process that pcscd's daemon leaves
  pid_t pcscd;
  pid_t last_pcscd;
  char pid_file[128];
  int64_t start_deadline;

  pid_t command;
  bool own_group;
  int64_t timeout_deadline;
  int64_t kill_deadline;
  int64_t grace;
  bool timed_out;
  bool killed;
};

static void report(struct guardian *self, uint32_t kind, int64_t first, int64_t second, int64_t third) {
  struct message message = {.kind = kind, .length = 0, .values = {first, second, third}};
  (void)message_send(self->channel, message, NULL);
}

// MARK: Children

/// The state in which a child leaves the guardian: it dies with it and has the signals of `vmyna run`'s start.
static void become_child(const struct guardian *self, pid_t guardian) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guardian) {
    _exit(127);
  }
  sigprocmask(SIG_SETMASK, &self->children_mask, NULL);
}

/// Forks; in the child `status` is the end that tells an errno to `await_exec`, which exec closes.
static pid_t fork_child(const struct guardian *self, int *reader, int *status) {
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

static int await_exec(int reader) {
  int error = 0;
  ssize_t size = 0;
  while ((size = read(reader, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  close(reader);
  return size == (ssize_t)sizeof error ? error : 0;
}

static void exec_failed(int status) {
  int error = errno;
  (void)!write(status, &error, sizeof error);
  _exit(127);
}

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

static void start_pcscd(struct guardian *self, const struct message *message, char **strings, size_t count) {
  int reader = -1;
  int status = -1;
  int listener = -1;
  int error = 0;
  if (count < 5) {
    error = EINVAL;
  } else if (message->values[0] != 0) {
    listener = listen_at(strings[0]);
    error = listener < 0 ? errno : 0;
  }
  if (error == 0) {
    snprintf(self->pid_file, sizeof self->pid_file, "%s", strings[1]);
    pid_t child = fork_child(self, &reader, &status);
    if (child == 0) {
      exec_pcscd(listener, status, strings[2], strings[3], strings + 4);
    }
    error = child < 0 ? errno : await_exec(reader);
    if (error == 0) {
      self->start_deadline = now_milliseconds() + message->values[1];
      *(listener >= 0 ? &self->pcscd : &self->pcscd_starter) = child;
      self->last_pcscd = self->pcscd;
    }
  }
  // pcscd holds the only copy now: if it dies, clients that wait are told.
  if (listener >= 0) {
    close(listener);
  }
  if (error != 0 || self->pcscd > 0) {
    report(self, MESSAGE_PCSCD_STARTED, error, 0, 0);
  }
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

static void run_command(struct guardian *self, const struct message *message, char **strings, size_t count) {
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

// MARK: Ends

static void signal_command(struct guardian *self, int signal) {
  if (self->own_group) {
    kill(-self->command, signal);
  } else {
    (void)signal_descendants(getpid(), self->pcscd, signal);
  }
}

/// Asks the command to end and sets the time after which it is killed.
static void ask_to_end(struct guardian *self) {
  signal_command(self, SIGTERM);
  signal_command(self, SIGCONT);
  if (self->kill_deadline == kNever) {
    self->kill_deadline = now_milliseconds() + self->grace;
  }
}

static pid_t read_pid(const char *path) {
  char text[32];
  ssize_t size = -1;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    size = read(file, text, sizeof text - 1);
    close(file);
  }
  text[size > 0 ? size : 0] = '\0';
  return (pid_t)atoi(text);
}

static void kill_rest_of_command(struct guardian *self) {
  int64_t limit = now_milliseconds() + CLEANUP_LIMIT_MILLISECONDS;
  while (!has_only_child(self->pcscd) && signal_descendants(getpid(), self->pcscd, SIGKILL) > 0 && now_milliseconds() < limit) {
    struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    (void)sigtimedwait(&child, NULL, &pause);
  }
}

static void child_ended(struct guardian *self, pid_t child, int status) {
  if (child == self->command) {
    self->command = 0;
    self->timeout_deadline = kNever;
    self->kill_deadline = kNever;
    kill_rest_of_command(self);
    report(self, MESSAGE_COMMAND_ENDED, status, self->timed_out, self->killed);
  } else if (child == self->pcscd_starter) {
    self->pcscd_starter = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      self->pcscd = read_pid(self->pid_file);
      self->last_pcscd = self->pcscd;
      report(self, MESSAGE_PCSCD_STARTED, 0, 0, 0);
    } else {
      report(self, MESSAGE_PCSCD_ENDED, status, 0, 0);
    }
  } else if (child == self->pcscd) {
    self->pcscd = 0;
    report(self, MESSAGE_PCSCD_ENDED, status, 0, 0);
    if (self->command > 0) {
      ask_to_end(self);
    }
  }
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place) {
  (void)facts;
  (void)kind;
  (void)place;
  (void)!remove(path);
  return 0;
}

static void clean_up(struct guardian *self) {
  int64_t limit = now_milliseconds() + CLEANUP_LIMIT_MILLISECONDS;
  pid_t ended = 0;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  if (self->command > 0) {
    // Also without a readable /proc.
    kill(self->own_group ? -self->command : self->command, SIGKILL);
  }
  if (self->pcscd > 0) {
    // SIGKILL: pcscd takes its time for anything else, and nothing of it is kept.
    kill(self->pcscd, SIGKILL);
  }
  while ((ended = waitpid(-1, NULL, WNOHANG)) >= 0 && now_milliseconds() < limit) {
    if (ended == 0) {
      struct timespec pause = {.tv_sec = 0, .tv_nsec = RESCAN_MILLISECONDS * 1000000L};
      (void)signal_descendants(getpid(), 0, SIGKILL);
      (void)sigtimedwait(&child, NULL, &pause);
    }
  }
  if (self->cleanup.pid_file != NULL && self->last_pcscd > 0 &&
      read_pid(self->cleanup.pid_file) == self->last_pcscd) {
    unlink(self->cleanup.pid_file);
  }
  if (self->cleanup.socket != NULL) {
    unlink(self->cleanup.socket);
  }
  if (self->cleanup.folder != NULL) {
    (void)nftw(self->cleanup.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  }
  if (self->cleanup.directory != NULL) {
    rmdir(self->cleanup.directory);
  }
}

// MARK: The loop

static char **split(char *block, size_t length, size_t *count) {
  char **strings = NULL;
  *count = 0;
  for (size_t index = 0; index < length; index++) {
    *count += block[index] == '\0';
  }
  strings = calloc(*count + 1, sizeof *strings);
  for (size_t index = 0, offset = 0; strings != NULL && index < *count; index++) {
    strings[index] = block + offset;
    offset += strlen(block + offset) + 1;
  }
  return strings;
}

/// Returns false when the guardian's work is over.
static bool obey(struct guardian *self) {
  struct message message;
  char *block = NULL;
  size_t count = 0;
  bool goes_on = message_receive(self->channel, &message, &block);
  char **strings = goes_on ? split(block, message.length, &count) : NULL;
  if (goes_on && strings != NULL) {
    switch (message.kind) {
      case MESSAGE_START_PCSCD:
        start_pcscd(self, &message, strings, count);
        break;
      case MESSAGE_READY:
        self->start_deadline = kNever;
        break;
      case MESSAGE_RUN:
        run_command(self, &message, strings, count);
        break;
      case MESSAGE_SIGNAL: {
        int signal = (int)message.values[0];
        if (self->command > 0 && message.values[1] != 0) {
          kill(self->own_group ? -self->command : self->command, signal);
        }
        // An interrupt is the command's to answer; the others mean that all is to end.
        if (self->command > 0 && (signal == SIGTERM || signal == SIGHUP) && self->kill_deadline == kNever) {
          self->kill_deadline = now_milliseconds() + self->grace;
        }
        break;
      }
      default:
        goes_on = false;
    }
  }
  free(strings);
  free(block);
  return goes_on && strings != NULL;
}

static void look_at_the_clock(struct guardian *self) {
  int64_t now = now_milliseconds();
  if (self->start_deadline <= now) {
    self->start_deadline = kNever;
    kill(self->pcscd > 0 ? self->pcscd : self->pcscd_starter, SIGKILL);
  }
  if (self->command > 0 && self->timeout_deadline <= now) {
    self->timeout_deadline = kNever;
    self->timed_out = true;
    ask_to_end(self);
  }
  if (self->command > 0 && self->kill_deadline <= now) {
    self->kill_deadline = kNever;
    self->killed = true;
    signal_command(self, SIGKILL);
    kill(self->command, SIGKILL);
  }
}

static int time_to_wait(const struct guardian *self) {
  int64_t next = self->start_deadline;
  next = self->timeout_deadline < next ? self->timeout_deadline : next;
  next = self->kill_deadline < next ? self->kill_deadline : next;
  int64_t wait = next == kNever ? -1 : next - now_milliseconds();
  return next == kNever ? -1 : wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

static void guard(struct guardian *self) {
  bool goes_on = true;
  while (goes_on) {
    struct pollfd files[2] = {{.fd = self->channel, .events = POLLIN}, {.fd = self->signals, .events = POLLIN}};
    int ready = poll(files, 2, time_to_wait(self));
    if (ready > 0 && files[1].revents != 0) {
      struct signalfd_siginfo information;
      int status = 0;
      pid_t child = 0;
      (void)!read(self->signals, &information, sizeof information);
      while ((child = waitpid(-1, &status, WNOHANG)) > 0) {
        child_ended(self, child, status);
      }
    }
    if (ready > 0 && files[0].revents != 0) {
      goes_on = obey(self);
    }
    look_at_the_clock(self);
    goes_on = goes_on && getppid() == self->owner;
  }
  clean_up(self);
}

int vmyna_guardian_begin(struct vmyna_cleanup cleanup, struct vmyna_guardian *guardian) {
  int error = 0;
  int ends[2] = {-1, -1};
  pid_t owner = getpid();
  pid_t owner_group = getpgrp();
  // If the guardian is killed, its children come to us.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return errno;
  }
  pid_t child = fork();
  if (child == 0) {
    struct guardian self = {
        .channel = ends[1], .owner = owner, .owner_group = owner_group, .cleanup = cleanup, .start_deadline = kNever,
        .timeout_deadline = kNever, .kill_deadline = kNever,
    };
    sigset_t every;
    sigset_t heard;
    close(ends[0]);
    // A name of its own, so that `killall vmyna` leaves someone to tidy up.
    prctl(PR_SET_NAME, "guardian-vmyna");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    // Out of the terminal's job: ^C and ^Z are not for the guardian.
    setpgid(0, 0);
    sigfillset(&every);
    sigprocmask(SIG_SETMASK, &every, &self.children_mask);
    sigemptyset(&heard);
    sigaddset(&heard, SIGCHLD);
    sigaddset(&heard, SIGTERM);
    self.signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    guard(&self);
    _exit(0);
  }
  error = child < 0 ? errno : 0;
  close(ends[1]);
  if (error == 0) {
    guardian->pid = child;
    guardian->channel = ends[0];
  } else {
    close(ends[0]);
  }
  return error;
}
