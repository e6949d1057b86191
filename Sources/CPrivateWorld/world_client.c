// The side of `vmyna run`: words to the guardian, and the signals that reach us while the command runs.
#define _GNU_SOURCE
#include "private_world.h"
#include "world_channel.h"
#include "world_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// MARK: Blocks of strings

struct block {
  char *bytes;
  size_t length;
  size_t capacity;
  bool complete;
};

static void append(struct block *block, const char *string) {
  size_t size = strlen(string) + 1;
  if (block->complete && block->length + size > block->capacity) {
    size_t capacity = (block->length + size) * 2;
    char *larger = realloc(block->bytes, capacity);
    block->complete = larger != NULL;
    block->bytes = larger != NULL ? larger : block->bytes;
    block->capacity = larger != NULL ? capacity : block->capacity;
  }
  if (block->complete) {
    memcpy(block->bytes + block->length, string, size);
    block->length += size;
  }
}

static size_t append_all(struct block *block, char *const *strings) {
  size_t count = 0;
  for (; strings[count] != NULL; count++) {
    append(block, strings[count]);
  }
  return count;
}

static bool send_block(const struct vmyna_guardian *guardian, struct message message, const struct block *block) {
  message.length = (uint32_t)block->length;
  return message_send(guardian->channel, message, block->bytes);
}

/// Whether `variable` ("NAME=value") is set by one of `changes`.
static bool is_changed(const char *variable, char *const *changes) {
  bool changed = false;
  size_t name = strcspn(variable, "=") + 1;
  for (size_t index = 0; changes[index] != NULL && !changed; index++) {
    changed = strncmp(variable, changes[index], name) == 0;
  }
  return changed;
}

// MARK: pcscd

int vmyna_guardian_start_pcscd(struct vmyna_guardian *guardian, struct vmyna_pcscd_plan plan, int *wait_status) {
  int result = 0;
  char *answer_strings = NULL;
  struct message answer = {.kind = 0};
  struct message message = {.kind = MESSAGE_START_PCSCD,
                            .values = {plan.socket_activation, plan.limit_milliseconds, 0}};
  struct block block = {.complete = true};
  append(&block, plan.socket);
  append(&block, plan.log);
  append(&block, plan.private_folder == NULL ? "" : plan.private_folder);
  append_all(&block, plan.arguments);
  if (!block.complete) {
    result = ENOMEM;
  } else if (!send_block(guardian, message, &block) ||
             !message_receive(guardian->channel, &answer, &answer_strings)) {
    result = ECHILD;
  } else if (answer.kind == MESSAGE_PCSCD_STARTED) {
    result = (int)answer.values[0];
  } else {
    *wait_status = (int)answer.values[0];
    result = -1;
  }
  free(answer_strings);
  free(block.bytes);
  return result;
}

void vmyna_guardian_ready(struct vmyna_guardian *guardian) {
  struct message message = {.kind = MESSAGE_READY};
  (void)message_send(guardian->channel, message, NULL);
}

// MARK: Signals

static const int kForwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { FORWARDED_COUNT = sizeof kForwarded / sizeof kForwarded[0] };

struct arrival {
  int signal;
  bool from_terminal;
};

static int signal_pipe[2] = {-1, -1};

static void on_signal(int signal, siginfo_t *information, void *context) {
  int error = errno;
  (void)context;
  // The terminal tells the whole job, the command included; a program tells us alone.
  struct arrival arrival = {.signal = signal, .from_terminal = information->si_code == SI_KERNEL};
  (void)!write(signal_pipe[1], &arrival, sizeof arrival);
  errno = error;
}

static void catch_signals(struct sigaction *before) {
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t index = 0; index < FORWARDED_COUNT; index++) {
    sigaction(kForwarded[index], NULL, &before[index]);
    // What `nohup` and the like had ignored stays ignored.
    if (before[index].sa_handler != SIG_IGN) {
      sigaction(kForwarded[index], &action, NULL);
    }
  }
}

static void forward(const struct vmyna_guardian *guardian) {
  struct arrival arrival;
  if (read(signal_pipe[0], &arrival, sizeof arrival) == (ssize_t)sizeof arrival) {
    struct message message = {.kind = MESSAGE_SIGNAL, .values = {arrival.signal, !arrival.from_terminal, 0}};
    (void)message_send(guardian->channel, message, NULL);
  }
}

// MARK: The command

/// Does the guardian's work after its death: its children are ours now.
static void end_orphans(const struct vmyna_guardian *guardian) {
  int64_t limit = now_milliseconds() + 10000;
  (void)waitpid(guardian->pid, NULL, 0);
  while (signal_descendants(getpid(), 0, SIGKILL) > 0 && now_milliseconds() < limit) {
    struct timespec pause = {.tv_sec = 0, .tv_nsec = 2000000};
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    (void)nanosleep(&pause, NULL);
  }
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
}

/// Returns true when the report is complete.
static bool listen_to(const struct vmyna_guardian *guardian, struct vmyna_report *report) {
  struct message message;
  char *strings = NULL;
  bool complete = true;
  if (!message_receive(guardian->channel, &message, &strings)) {
    end_orphans(guardian);
    report->outcome = VMYNA_OUTCOME_GUARDIAN_LOST;
  } else if (message.kind == MESSAGE_NOT_STARTED) {
    if (report->outcome != VMYNA_OUTCOME_PCSCD_LOST) {
      report->outcome = VMYNA_OUTCOME_NOT_STARTED;
    }
    report->error = (int)message.values[0];
  } else if (message.kind == MESSAGE_COMMAND_ENDED) {
    if (report->outcome != VMYNA_OUTCOME_PCSCD_LOST) {
      report->wait_status = (int)message.values[0];
    }
    report->timed_out = message.values[1] != 0;
    report->killed = message.values[2] != 0;
  } else {
    if (message.kind == MESSAGE_PCSCD_ENDED) {
      report->outcome = VMYNA_OUTCOME_PCSCD_LOST;
      report->wait_status = (int)message.values[0];
    }
    complete = false;
  }
  free(strings);
  return complete;
}

static void await_end(const struct vmyna_guardian *guardian, struct vmyna_report *report) {
  bool complete = false;
  while (!complete) {
    struct pollfd files[2] = {{.fd = guardian->channel, .events = POLLIN}, {.fd = signal_pipe[0], .events = POLLIN}};
    int ready = poll(files, 2, -1);
    if (ready > 0 && files[1].revents != 0) {
      forward(guardian);
    }
    if (ready > 0 && files[0].revents != 0) {
      complete = listen_to(guardian, report);
    }
  }
}

int vmyna_guardian_run(struct vmyna_guardian *guardian, char *const *arguments, char *const *changes,
                       int64_t timeout_milliseconds, int64_t grace_milliseconds, struct vmyna_report *report) {
  int error = 0;
  struct sigaction before[FORWARDED_COUNT];
  struct block block = {.complete = true};
  size_t count = append_all(&block, arguments);
  for (size_t index = 0; environ != NULL && environ[index] != NULL; index++) {
    if (!is_changed(environ[index], changes)) {
      append(&block, environ[index]);
    }
  }
  append_all(&block, changes);
  memset(report, 0, sizeof *report);
  if (!block.complete) {
    error = ENOMEM;
  } else if (block.length > MESSAGE_LIMIT) {
    error = E2BIG;
  } else if (pipe2(signal_pipe, O_CLOEXEC) != 0) {
    error = errno;
  } else {
    struct message message = {.kind = MESSAGE_RUN,
                              .values = {(int64_t)count, timeout_milliseconds, grace_milliseconds}};
    catch_signals(before);
    (void)send_block(guardian, message, &block);
    await_end(guardian, report);
    for (size_t index = 0; index < FORWARDED_COUNT; index++) {
      sigaction(kForwarded[index], &before[index], NULL);
    }
    close(signal_pipe[0]);
    close(signal_pipe[1]);
  }
  free(block.bytes);
  return error;
}

void vmyna_guardian_end(struct vmyna_guardian *guardian) {
  if (guardian->pid > 0) {
    struct message message = {.kind = MESSAGE_END};
    (void)message_send(guardian->channel, message, NULL);
    while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(guardian->channel);
    guardian->pid = 0;
    guardian->channel = -1;
  }
}
