// The start and the end: what a careless parent left, and the files that a world leaves outside of a namespace.
#define _GNU_SOURCE
#include "world_guardian.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
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
  if (cleanup.socket != NULL) {
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
