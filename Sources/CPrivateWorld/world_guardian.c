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
#include "world_guardian.h"
#include "world_processes.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  CLEANUP_LIMIT_MILLISECONDS = 10000,
  RESCAN_MILLISECONDS = 20,
};

void report(struct guardian *self, uint32_t kind, int64_t first, int64_t second, int64_t third) {
  struct message message = {.kind = kind, .length = 0, .values = {first, second, third}};
  (void)message_send(self->channel, message, NULL);
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
  } else if (child == self->pcscd) {
    self->pcscd = 0;
    report(self, MESSAGE_PCSCD_ENDED, status, 0, 0);
    if (self->command > 0) {
      ask_to_end(self);
    }
  }
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
  vmyna_world_remove(self->cleanup);
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
    if (self->pcscd > 0) {
      kill(self->pcscd, SIGKILL);
    }
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
    // poll passes over a negative descriptor.
    struct pollfd files[3] = {{.fd = self->channel, .events = POLLIN},
                              {.fd = self->signals, .events = POLLIN},
                              {.fd = self->watch, .events = POLLIN}};
    int ready = poll(files, 3, time_to_wait(self));
    if (ready > 0 && files[2].revents != 0) {
      look_for_socket(self);
    }
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
        .timeout_deadline = kNever, .kill_deadline = kNever, .watch = -1,
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
