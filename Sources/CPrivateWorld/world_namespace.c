// Namespaces and mounts. Facts: pcscd's socket folder is compiled in, so a private pcscd needs a private view of it.
#define _GNU_SOURCE
#include "private_world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char kPrivateOptions[] = "mode=0755,size=64m";

static int write_file(const char *path, const char *text) {
  int error = 0;
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    error = errno;
  } else {
    size_t length = strlen(text);
    if (write(file, text, length) != (ssize_t)length) {
      error = errno != 0 ? errno : EIO;
    }
    close(file);
  }
  return error;
}

static int map_id(const char *path, unsigned id) {
  char text[64];
  snprintf(text, sizeof text, "%u %u 1\n", id, id);
  return write_file(path, text);
}

int vmyna_world_unshare(bool user_namespace, const char **step) {
  int error = 0;
  uid_t user = geteuid();
  gid_t group = getegid();
  *step = user_namespace ? "unshare(CLONE_NEWUSER | CLONE_NEWNS)" : "unshare(CLONE_NEWNS)";
  if (unshare(user_namespace ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) != 0) {
    error = errno;
  }
  if (error == 0 && user_namespace) {
    // An unprivileged process may map its group only after giving up setgroups: user_namespaces(7).
    *step = "write to /proc/self/setgroups";
    error = write_file("/proc/self/setgroups", "deny");
    error = error == ENOENT ? 0 : error;
    if (error == 0) {
      *step = "write to /proc/self/uid_map";
      error = map_id("/proc/self/uid_map", user);
    }
    if (error == 0) {
      *step = "write to /proc/self/gid_map";
      error = map_id("/proc/self/gid_map", group);
    }
  }
  if (error == 0) {
    // Slave, not private: what the machine mounts and unmounts later still reaches the command.
    *step = "mount(MS_SLAVE) of /";
    error = mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0 ? 0 : errno;
  }
  return error;
}

static void mirror_entry(int old_parent, const char *parent, const char *name) {
  char target[PATH_MAX];
  struct stat facts;
  int length = snprintf(target, sizeof target, "%s/%s", parent, name);
  if (length > 0 && (size_t)length < sizeof target && fstatat(old_parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0) {
    // The working directory is the old parent, so `name` is the entry under the cover. An entry that refuses to
    // be shown (it may just have vanished) is left out: the command can do without.
    if (S_ISLNK(facts.st_mode)) {
      char link[PATH_MAX];
      ssize_t size = readlinkat(old_parent, name, link, sizeof link - 1);
      if (size > 0) {
        link[size] = '\0';
        (void)!symlink(link, target);
      }
    } else if (S_ISDIR(facts.st_mode)) {
      if (mkdir(target, 0755) == 0 && mount(name, target, NULL, MS_BIND | MS_REC, NULL) != 0) {
        rmdir(target);
      }
    } else {
      int file = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
      if (file >= 0) {
        close(file);
        if (mount(name, target, NULL, MS_BIND, NULL) != 0) {
          unlink(target);
        }
      }
    }
  }
}

/// Puts a private folder over `parent` that shows all that was in it.
static int mirror(const char *parent, const char **step) {
  int error = 0;
  char here[PATH_MAX];
  int old_here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool named = getcwd(here, sizeof here) != NULL;
  int old_parent = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = NULL;
  *step = "open the parent folder";
  if (old_parent < 0 || fchdir(old_parent) != 0) {
    error = errno;
  }
  if (error == 0) {
    int copy = dup(old_parent);
    entries = copy < 0 ? NULL : fdopendir(copy);
    error = entries == NULL ? errno : 0;
  }
  if (error == 0) {
    *step = "mount(tmpfs) on the parent folder";
    error = mount("vmyna", parent, "tmpfs", MS_NOSUID | MS_NODEV, kPrivateOptions) == 0 ? 0 : errno;
  }
  for (struct dirent *entry = NULL; error == 0 && (entry = readdir(entries)) != NULL;) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      mirror_entry(old_parent, parent, entry->d_name);
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
  if (old_parent >= 0) {
    close(old_parent);
  }
  // By name first: a working directory below the parent must lead through the new mounts.
  if (!(named && chdir(here) == 0) && old_here >= 0) {
    (void)!fchdir(old_here);
  }
  if (old_here >= 0) {
    close(old_here);
  }
  return error;
}

int vmyna_world_cover(const char *folder, const char **step) {
  int error = 0;
  struct stat facts;
  if (stat(folder, &facts) == 0) {
    *step = "mount(tmpfs) on pcscd's folder";
    error = mount("vmyna", folder, "tmpfs", MS_NOSUID | MS_NODEV, kPrivateOptions) == 0 ? 0 : errno;
  } else {
    char parent[PATH_MAX];
    const char *slash = strrchr(folder, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - folder);
    *step = "find the parent of pcscd's folder";
    if (length == 0 || length >= sizeof parent) {
      error = ENOTDIR;
    } else {
      memcpy(parent, folder, length);
      parent[length] = '\0';
      error = mirror(parent, step);
    }
    if (error == 0) {
      *step = "make pcscd's folder";
      error = mkdir(folder, 0755) == 0 ? 0 : errno;
    }
  }
  if (error == 0) {
    // Other users' clients must get through whatever the umask is (pcscd does the same).
    (void)!chmod(folder, 0755);
  }
  return error;
}

int vmyna_world_try_user_namespace(const char *folder, char *step, size_t step_size) {
  int error = 0;
  int ends[2];
  if (step_size > 0) {
    step[0] = '\0';
  }
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return errno;
  }
  pid_t child = fork();
  if (child == 0) {
    const char *failed = "";
    error = vmyna_world_unshare(true, &failed);
    error = error == 0 ? vmyna_world_cover(folder, &failed) : error;
    (void)!write(ends[1], failed, strlen(failed));
    _exit(error & 0xFF);
  }
  close(ends[1]);
  if (child < 0) {
    error = errno;
  } else {
    int status = 0;
    ssize_t size = step_size > 0 ? read(ends[0], step, step_size - 1) : 0;
    if (step_size > 0) {
      step[size > 0 ? size : 0] = '\0';
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    error = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  }
  close(ends[0]);
  return error;
}

int vmyna_world_bind_file(const char *file, const char *at) {
  int error = 0;
  int target = open(at, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  if (target < 0) {
    error = errno;
  } else {
    close(target);
    error = mount(file, at, NULL, MS_BIND, NULL) == 0 ? 0 : errno;
  }
  return error;
}

int vmyna_world_hide(const char *folder) {
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  const char *options = "mode=0755,size=4k";
  char kept[PATH_MAX], source[64];
  if (snprintf(kept, sizeof kept, "%s/serial", folder) >= (int)sizeof kept) {
    return ENAMETOOLONG;
  }
  // Drivers that a reader.conf names stay where they are: another vmyna run inside this one finds its own there.
  int serial = open(kept, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (mount("vmyna", folder, "tmpfs", flags, options) != 0) {
    int error = errno;
    if (serial >= 0) {
      close(serial);
    }
    return error;
  }
  if (serial >= 0) {
    (void)snprintf(source, sizeof source, "/proc/self/fd/%d", serial);
    if (mkdir(kept, 0755) == 0) {
      (void)mount(source, kept, NULL, MS_BIND, NULL);
    }
    close(serial);
  }
  return mount("vmyna", folder, NULL, MS_REMOUNT | MS_RDONLY | flags, options) == 0 ? 0 : errno;
}

int vmyna_world_thread_count(void) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  if (tasks != NULL) {
    for (struct dirent *entry = NULL; (entry = readdir(tasks)) != NULL;) {
      count += entry->d_name[0] != '.';
    }
    closedir(tasks);
  }
  return count;
}

int vmyna_world_lock(const char *folder) {
  // The folder itself is locked: nothing is left behind, and the guardian, forked later, holds the lock as well.
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int result = file < 0 ? -errno : file;
  if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0) {
    result = -errno;
    close(file);
  }
  return result;
}
