#define _GNU_SOURCE
#include "world_processes.h"

#include "private_world.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct process {
  pid_t pid;
  pid_t parent;
  char state;
  bool ours;
};

int64_t now_milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// "PID (NAME) STATE PPID …", where NAME may hold anything, brackets too: proc(5).
static bool read_process(const char *pid, struct process *process) {
  char path[64];
  char text[512];
  bool known = false;
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    text[size > 0 ? size : 0] = '\0';
    const char *end = strrchr(text, ')');
    int parent = 0;
    known = end != NULL && sscanf(end + 1, " %c %d", &process->state, &parent) == 2;
    process->pid = (pid_t)atoi(pid);
    process->parent = (pid_t)parent;
    process->ours = false;
  }
  return known;
}

static struct process *list_processes(size_t *count) {
  size_t capacity = 0;
  struct process *all = NULL;
  DIR *folder = opendir("/proc");
  *count = 0;
  for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
    struct process found;
    if (isdigit((unsigned char)entry->d_name[0]) && read_process(entry->d_name, &found)) {
      if (*count == capacity) {
        capacity = capacity == 0 ? 256 : capacity * 2;
        struct process *larger = realloc(all, capacity * sizeof *all);
        if (larger == NULL) {
          break;
        }
        all = larger;
      }
      all[(*count)++] = found;
    }
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return all;
}

static bool is_ours(const struct process *all, size_t count, pid_t pid) {
  bool found = false;
  for (size_t index = 0; index < count && !found; index++) {
    found = all[index].pid == pid && all[index].ours;
  }
  return found;
}

int signal_descendants(pid_t root, pid_t except, int signal) {
  int found = 0;
  size_t count = 0;
  struct process *all = list_processes(&count);
  for (bool grown = true; grown;) {
    grown = false;
    for (size_t index = 0; index < count; index++) {
      struct process *one = &all[index];
      if (!one->ours && one->pid != except && (one->parent == root || is_ours(all, count, one->parent))) {
        one->ours = true;
        grown = true;
      }
    }
  }
  for (size_t index = 0; index < count; index++) {
    if (all[index].ours && all[index].state != 'Z') {
      found++;
      kill(all[index].pid, signal);
    }
  }
  free(all);
  return found;
}

bool has_only_child(pid_t child) {
  char path[64];
  char text[64];
  bool only = false;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size >= 0) {
      char *rest = text;
      text[size] = '\0';
      long first = strtol(text, &rest, 10);
      only = size == 0 || (first == child && strspn(rest, " \n") == strlen(rest));
    }
  }
  return only;
}

ssize_t vmyna_find_text(const void *bytes, size_t length, const char *text) {
  const char *found = memmem(bytes, length, text, strlen(text));
  return found == NULL ? -1 : found - (const char *)bytes;
}
