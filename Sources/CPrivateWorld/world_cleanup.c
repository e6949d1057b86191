// The start and the end: what a careless parent left, and the files that a world leaves outside of a namespace.
#define _GNU_SOURCE
#include "machine_probe.h"
#include "world_guardian.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STALE_SECONDS = 60 };

void vmyna_world_prepare(void) {
  int file = 0;
  while (file >= 0 && file <= STDERR_FILENO) {
    file = open("/dev/null", O_RDWR);
  }
  if (file > STDERR_FILENO) {
    close(file);
  }
  signal(SIGCHLD, SIG_DFL);
}

/// The number that `path` holds; 0 if there is none.
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

pid_t vmyna_world_running_pcscd(const char *pid_file) {
  char path[64];
  char name[16] = "";
  pid_t pid = read_pid(pid_file);
  snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
  int file = pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file >= 0) {
    (void)!read(file, name, sizeof name - 1);
    close(file);
  }
  return strcmp(name, "pcscd\n") == 0 ? pid : 0;
}

/// pcscd writes its number over that of another one, even when it does not use the folder otherwise.
static void put_back(const char *pid_file, pid_t pid) {
  char text[32];
  int length = snprintf(text, sizeof text, "%d\n", (int)pid);
  int file = kill(pid, 0) == 0 && read_pid(pid_file) != pid ? open(pid_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
  if (file >= 0) {
    (void)!write(file, text, (size_t)length);
    close(file);
  }
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place) {
  (void)facts;
  (void)kind;
  (void)place;
  (void)!remove(path);
  return 0;
}

static void remove_folder(const char *folder) { (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

void vmyna_world_remove(struct vmyna_cleanup cleanup) {
  pid_t pcscd = cleanup.pid_file == NULL ? 0 : read_pid(cleanup.pid_file);
  if (pcscd > 0 && kill(pcscd, 0) != 0 && errno == ESRCH) {
    unlink(cleanup.pid_file);
  }
  if (cleanup.pid_file != NULL && cleanup.machine_pcscd > 0) {
    put_back(cleanup.pid_file, cleanup.machine_pcscd);
  }
  // By now another pcscd may have taken the place: then the socket is its own.
  if (cleanup.socket != NULL && vmyna_probe_listens(cleanup.socket) == 0) {
    unlink(cleanup.socket);
  }
  if (cleanup.folder != NULL) {
    remove_folder(cleanup.folder);
  }
  if (cleanup.directory != NULL) {
    rmdir(cleanup.directory);
  }
}

void vmyna_world_sweep(const char *parent, const char *prefix) {
  char path[256];
  struct stat facts;
  DIR *entries = opendir(parent);
  for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;) {
    int length = snprintf(path, sizeof path, "%s/%s", parent, entry->d_name);
    if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && length > 0 && (size_t)length < sizeof path &&
        lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == geteuid() &&
        // One that was made just now may not be locked yet.
        facts.st_mtime + STALE_SECONDS < time(NULL)) {
      int lock = vmyna_world_lock(path);
      if (lock >= 0) {
        remove_folder(path);
        close(lock);
      }
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
}
