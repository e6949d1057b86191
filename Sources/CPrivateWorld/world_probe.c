// pcscd powers a card in a thread of its own after it is ready for clients, so "pcscd is up" is not yet "the card is
// there". A client's call that waits for events tells, without polling. libpcsclite is loaded, not linked: it speaks
// the protocol of the pcscd installed beside it, whatever its version.
#define _GNU_SOURCE
#include "private_world.h"
#include "world_processes.h"

#include <dlfcn.h>
#include <string.h>

// winscard.h and pcsclite.h of PCSC-Lite on Linux, whose ABI has these widths.
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
  STATE_UNKNOWN = 0x0004,
  STATE_EMPTY = 0x0010,
  STATE_PRESENT = 0x0020,
  MOST_READERS = 64,
};

static const long kTimeout = 0x8010000A;
static const long kUnknownReader = 0x80100009;

typedef long (*establish_function)(unsigned long, const void *, const void *, long *);
typedef long (*release_function)(long);
typedef long (*status_function)(long, unsigned long, struct reader_state *, unsigned long);

static bool is_settled(const struct reader_state *state, bool with_card) {
  return with_card ? (state->event_state & STATE_PRESENT) != 0 && state->atr_length > 0
                   : (state->event_state & (STATE_EMPTY | STATE_PRESENT)) != 0;
}

static long await_readers(status_function status, long context, const char *const *names, const bool *with_card,
                          size_t count, int64_t limit, size_t *missing) {
  long result = 0;
  bool settled = false;
  struct reader_state states[MOST_READERS];
  memset(states, 0, sizeof states);
  for (size_t index = 0; index < count; index++) {
    states[index].reader = names[index];
  }
  while (result == 0 && !settled) {
    int64_t left = limit - now_milliseconds();
    result = left <= 0 ? kTimeout : status(context, (unsigned long)left, states, count);
    settled = result == 0;
    for (size_t index = 0; index < count && (result == 0 || result == kUnknownReader); index++) {
      if (result == kUnknownReader || (states[index].event_state & STATE_UNKNOWN) != 0) {
        *missing = index;
        result = -3;
      }
      settled = settled && is_settled(&states[index], with_card[index]);
      states[index].current_state = states[index].event_state;
    }
  }
  return result == kTimeout ? -2 : result;
}

long vmyna_probe_readers(const char *const *names, const bool *with_card, size_t count, int64_t limit_milliseconds,
                         size_t *missing) {
  long result = -1;
  // Never unloaded: it may have threads and handlers of its own.
  void *library = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library != NULL && count <= MOST_READERS) {
    establish_function establish;
    release_function release;
    status_function status;
    *(void **)&establish = dlsym(library, "SCardEstablishContext");
    *(void **)&release = dlsym(library, "SCardReleaseContext");
    *(void **)&status = dlsym(library, "SCardGetStatusChange");
    if (establish != NULL && release != NULL && status != NULL) {
      long context = 0;
      int64_t limit = now_milliseconds() + limit_milliseconds;
      result = establish(SCOPE_SYSTEM, NULL, NULL, &context);
      if (result == 0) {
        result = await_readers(status, context, names, with_card, count, limit, missing);
        release(context);
      }
    }
  }
  return result;
}
