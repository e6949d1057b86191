// A client's view of pcscd, in a child: libpcsclite waits for ever for a pcscd that hangs.
#define _GNU_SOURCE
#include "machine_probe.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// winscard.h and pcsclite.h of PC/SC Lite on Linux, whose ABI has these widths.
struct reader_state {
  const char *reader;
  void *user_data;
  unsigned long current_state;
  unsigned long event_state;
  unsigned long atr_length;
  unsigned char atr[33];
};

enum {
  SCOPE_SYSTEM = 2,
  SHARE_SHARED = 2,
  PROTOCOL_ANY = 3,
  LEAVE_CARD = 0,
  STATE_PRESENT = 0x0020,
  NAMES = VMYNA_MOST_READERS * VMYNA_READER_NAME,
};

typedef long (*establish_function)(unsigned long, const void *, const void *, long *);
typedef long (*list_function)(long, const char *, char *, unsigned long *);
typedef long (*status_function)(long, unsigned long, struct reader_state *, unsigned long);
typedef long (*connect_function)(long, const char *, unsigned long, unsigned long, long *, unsigned long *);
typedef long (*disconnect_function)(long, unsigned long);

struct library {
  establish_function establish;
  list_function list;
  status_function status;
  connect_function connect;
  disconnect_function disconnect;
};

static bool load(struct library *library) {
  void *handle = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
  if (handle != NULL) {
    *(void **)&library->establish = dlsym(handle, "SCardEstablishContext");
    *(void **)&library->list = dlsym(handle, "SCardListReaders");
    *(void **)&library->status = dlsym(handle, "SCardGetStatusChange");
    *(void **)&library->connect = dlsym(handle, "SCardConnect");
    *(void **)&library->disconnect = dlsym(handle, "SCardDisconnect");
  }
  return handle != NULL && library->establish != NULL && library->list != NULL && library->status != NULL &&
         library->connect != NULL && library->disconnect != NULL;
}

static void look_at_reader(const struct library *library, long context, bool connects, struct vmyna_reader_view *view) {
  struct reader_state state = {.reader = view->name};
  if (library->status(context, 0, &state, 1) == 0) {
    view->has_card = (state.event_state & STATE_PRESENT) != 0;
  }
  if (connects && view->has_card) {
    long card = 0;
    unsigned long protocol = 0;
    view->connect = (uint32_t)library->connect(context, view->name, SHARE_SHARED, PROTOCOL_ANY, &card, &protocol);
    if (view->connect == 0) {
      (void)library->disconnect(card, LEAVE_CARD);
    }
  }
}

static void look(const char *connect_prefix, struct vmyna_client_view *view) {
  struct library library = {.establish = NULL};
  long context = 0;
  char names[NAMES];
  unsigned long length = sizeof names;
  view->has_library = load(&library);
  view->establish = view->has_library ? (uint32_t)library.establish(SCOPE_SYSTEM, NULL, NULL, &context) : 0;
  if (view->has_library && view->establish == 0) {
    view->list = (uint32_t)library.list(context, NULL, names, &length);
    size_t offset = 0;
    while (view->list == 0 && offset < length && names[offset] != '\0' && view->reader_count < VMYNA_MOST_READERS) {
      struct vmyna_reader_view *reader = &view->readers[view->reader_count];
      strncpy(reader->name, names + offset, sizeof reader->name - 1);
      offset += strnlen(names + offset, length - offset) + 1;
      look_at_reader(&library, context, strncmp(reader->name, connect_prefix, strlen(connect_prefix)) == 0, reader);
      view->reader_count++;
    }
  }
  view->is_complete = true;
}

static void await_end(pid_t child, int limit_milliseconds) {
  struct timespec pause = {.tv_nsec = 1000000};
  bool ended = false;
  for (int waited = 0; waited < limit_milliseconds && !ended; waited++) {
    ended = waitpid(child, NULL, WNOHANG) == child;
    if (!ended) {
      (void)nanosleep(&pause, NULL);
    }
  }
  if (!ended) {
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
  }
}

void vmyna_probe_client(const char *connect_prefix, int limit_milliseconds, struct vmyna_client_view *view) {
  memset(view, 0, sizeof *view);
  struct vmyna_client_view *shared =
      mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared != MAP_FAILED) {
    pid_t child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      look(connect_prefix, shared);
      _exit(0);
    }
    if (child > 0) {
      await_end(child, limit_milliseconds);
      *view = *shared;
    }
    munmap(shared, sizeof *shared);
  }
  view->reader_count = view->reader_count > VMYNA_MOST_READERS ? VMYNA_MOST_READERS : view->reader_count;
}
