// The kernel's table of Unix sockets: sock_diag(7). It tells who listens without a connection.
#define _GNU_SOURCE
#include "machine_probe.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  STATE_ESTABLISHED = 1,  // TCP_ESTABLISHED, TCP_LISTEN of <netinet/tcp.h>, which sock_diag borrows
  STATE_LISTEN = 10,
  TABLE_BUFFER = 64 << 10,
};

/// A socket of the kernel's table.
struct entry {
  uint32_t number;
  uint32_t peer;
  uint8_t state;
  bool is_bound_here;
};

struct table {
  struct entry *entries;
  size_t count;
  size_t capacity;
};

static void keep(struct table *table, struct entry entry) {
  if (table->count == table->capacity) {
    size_t capacity = table->capacity == 0 ? 256 : table->capacity * 2;
    struct entry *larger = realloc(table->entries, capacity * sizeof *larger);
    if (larger == NULL) {
      return;
    }
    table->entries = larger;
    table->capacity = capacity;
  }
  table->entries[table->count++] = entry;
}

/// The kernel numbers devices in another way than stat(2) does, and cuts inode numbers to 32 bits.
static bool is_file(const struct unix_diag_vfs *place, const struct stat *file) {
  uint32_t device = ((uint32_t)major(file->st_dev) << 20) | (uint32_t)minor(file->st_dev);
  return place->udiag_vfs_ino == (uint32_t)file->st_ino && place->udiag_vfs_dev == device;
}

static void read_entry(struct table *table, const struct nlmsghdr *header, const struct stat *file) {
  const struct unix_diag_msg *message = NLMSG_DATA(header);
  struct entry entry = {.number = message->udiag_ino, .state = message->udiag_state};
  const struct rtattr *attribute = (const struct rtattr *)(message + 1);
  size_t left = header->nlmsg_len >= NLMSG_LENGTH(sizeof *message) ? header->nlmsg_len - NLMSG_LENGTH(sizeof *message) : 0;
  for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == UNIX_DIAG_PEER && RTA_PAYLOAD(attribute) >= sizeof entry.peer) {
      memcpy(&entry.peer, RTA_DATA(attribute), sizeof entry.peer);
    } else if (attribute->rta_type == UNIX_DIAG_VFS && RTA_PAYLOAD(attribute) >= sizeof(struct unix_diag_vfs)) {
      entry.is_bound_here = is_file(RTA_DATA(attribute), file);
    }
  }
  keep(table, entry);
}

/// Reads the table; returns false where the kernel does not give it.
static bool read_table(struct table *table, const struct stat *file) {
  bool complete = false;
  bool failed = false;
  char *buffer = malloc(TABLE_BUFFER);
  int link = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  struct {
    struct nlmsghdr header;
    struct unix_diag_req request;
  } question = {
      .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .request = {.sdiag_family = AF_UNIX,
                  .udiag_states = (1U << STATE_ESTABLISHED) | (1U << STATE_LISTEN),
                  .udiag_show = UDIAG_SHOW_VFS | UDIAG_SHOW_PEER},
  };
  failed = link < 0 || buffer == NULL || send(link, &question, sizeof question, 0) != (ssize_t)sizeof question;
  while (!failed && !complete) {
    ssize_t size = recv(link, buffer, TABLE_BUFFER, 0);
    failed = size <= 0 && !(size < 0 && errno == EINTR);
    size_t left = size > 0 ? (size_t)size : 0;
    for (const struct nlmsghdr *header = (const struct nlmsghdr *)buffer; !failed && NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      complete = complete || header->nlmsg_type == NLMSG_DONE;
      failed = failed || header->nlmsg_type == NLMSG_ERROR;
      if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY) {
        read_entry(table, header, file);
      }
    }
  }
  if (link >= 0) {
    close(link);
  }
  free(buffer);
  return complete;
}

int vmyna_probe_connect(const char *path, int type) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int result = -ENAMETOOLONG;
  if (strlen(path) < sizeof address.sun_path) {
    strcpy(address.sun_path, path);
    result = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (result < 0) {
      result = -errno;
    } else if (connect(result, (const struct sockaddr *)&address, sizeof address) != 0) {
      int error = errno;
      close(result);
      result = -error;
    }
  }
  return result;
}

static bool has_listener(const struct table *table) {
  bool found = false;
  for (size_t index = 0; index < table->count && !found; index++) {
    found = table->entries[index].is_bound_here && table->entries[index].state == STATE_LISTEN;
  }
  return found;
}

int vmyna_probe_listens(const char *path) {
  struct stat file;
  struct table table = {.entries = NULL};
  int result = -1;
  if (stat(path, &file) != 0) {
    result = errno == ENOENT || errno == ENOTDIR ? 0 : -1;
  } else if (!S_ISSOCK(file.st_mode)) {
    result = 0;
  } else if (read_table(&table, &file) && has_listener(&table)) {
    result = 1;
  } else {
    // An overlay gives files other numbers than the kernel's table knows, and containers may forbid the table. A
    // connection that is refused tells for sure; a full queue has a listener behind it, and so has one of another type.
    int connection = vmyna_probe_connect(path, SOCK_STREAM);
    if (connection >= 0) {
      close(connection);
    }
    result = connection >= 0 || connection == -EAGAIN || connection == -EPROTOTYPE ? 1
             : connection == -ECONNREFUSED                                        ? 0
                                                                                  : -1;
  }
  free(table.entries);
  return result;
}

/// Whether one of the process's descriptors is the socket `number`.
static bool holds(const char *process, uint32_t number) {
  char path[320];
  char wanted[32];
  char target[64];
  bool found = false;
  snprintf(wanted, sizeof wanted, "socket:[%u]", number);
  snprintf(path, sizeof path, "/proc/%s/fd", process);
  DIR *files = opendir(path);
  for (struct dirent *file = NULL; files != NULL && !found && (file = readdir(files)) != NULL;) {
    ssize_t size = readlinkat(dirfd(files), file->d_name, target, sizeof target - 1);
    target[size > 0 ? size : 0] = '\0';
    found = strcmp(target, wanted) == 0;
  }
  if (files != NULL) {
    closedir(files);
  }
  return found;
}

/// The socket whose holders are looked for, if this entry leads to one: the other end of a connection, or the listener.
static uint32_t wanted_number(const struct entry *entry, bool listeners) {
  uint32_t number = 0;
  if (entry->is_bound_here && listeners && entry->state == STATE_LISTEN) {
    number = entry->number;
  } else if (entry->is_bound_here && !listeners && entry->state == STATE_ESTABLISHED) {
    number = entry->peer;
  }
  return number;
}

static bool holds_any(const struct table *table, const char *process, bool listeners) {
  bool found = false;
  for (size_t index = 0; index < table->count && !found; index++) {
    uint32_t number = wanted_number(&table->entries[index], listeners);
    found = number != 0 && holds(process, number);
  }
  return found;
}

static size_t find_holders(const char *path, bool listeners, pid_t *holders, size_t most) {
  struct stat file;
  struct table table = {.entries = NULL};
  size_t count = 0;
  if (stat(path, &file) == 0 && read_table(&table, &file)) {
    DIR *processes = opendir("/proc");
    for (struct dirent *entry = NULL; processes != NULL && count < most && (entry = readdir(processes)) != NULL;) {
      if (isdigit((unsigned char)entry->d_name[0]) && holds_any(&table, entry->d_name, listeners)) {
        holders[count++] = (pid_t)atoi(entry->d_name);
      }
    }
    if (processes != NULL) {
      closedir(processes);
    }
  }
  free(table.entries);
  return count;
}

size_t vmyna_probe_clients(const char *path, pid_t *clients, size_t most) {
  return find_holders(path, false, clients, most);
}

size_t vmyna_probe_listeners(const char *path, pid_t *listeners, size_t most) {
  return find_holders(path, true, listeners, most);
}
