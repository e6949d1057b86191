/// One slot of the card service as pcscd sees it: a reader with a card in it or none.

#ifndef VMYNA_SLOT_H
#define VMYNA_SLOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "link.h"

enum { EVENTS_RETRY_MILLISECONDS = 100 };

struct slot {
    bool open;
    bool addressed;  ///< false when DEVICENAME was unusable: a reader that stays empty
    uint8_t number;

    /// Guards what follows up to the events; held for a whole exchange.
    pthread_mutex_t lock;
    struct link commands;
    struct link_buffer buffer;
    uint8_t atr[FRAME_ATR_BYTES_MAX];
    size_t atr_length;  ///< 0 while the card has no power

    /// Belongs to the one thread that watches: pcscd's polling thread.
    struct link events;
    uint32_t event_counter;
    int64_t next_attempt;
    int wake_descriptor;
    bool watched_by_thread;
    atomic_bool present;
    atomic_bool silent;  ///< the service let the last attempt wait without an answer; read by other slots' threads
};

/// Needs no service. False only when the machine has no descriptors left.
bool slot_open(struct slot *slot, const char *device_name);

/// Tries once to reach the service, so that pcscd knows of the card before its first client comes. For the wait see
/// LINK_HELLO_MILLISECONDS.
void slot_greet(struct slot *slot);

/// True when both lead to the same service, and it lets `slot` wait without an answer.
bool slot_shares_silence(const struct slot *slot, const struct slot *other);

void slot_close(struct slot *slot);

bool slot_is_present(struct slot *slot);

/// Returns when the presence has changed, when woken, or after `milliseconds`; at most one change per call, so that
/// pcscd sees the removal in an exchange of cards.
void slot_watch(struct slot *slot, int milliseconds);

void slot_wake(struct slot *slot);

struct slot_exchange {
    enum frame_kind kind;
    const uint8_t *control_code;  ///< FRAME_CONTROL: 4 bytes; else NULL
    const uint8_t *request;
    size_t request_length;
    uint8_t *response;
    size_t response_capacity;

    // Filled in by the exchange.
    enum frame_status status;
    size_t response_length;
    bool fits;  ///< false when `response` is too small, and then nothing is copied
};

/// One request and its answer.
enum link_result slot_exchange(struct slot *slot, struct slot_exchange *exchange);

/// Cold reset, warm reset or power off; keeps the ATR.
enum link_result slot_power(struct slot *slot, enum frame_kind kind, enum frame_status *status);

/// Copies the ATR; returns its length, 0 while the card has no power.
size_t slot_copy_atr(struct slot *slot, uint8_t atr[FRAME_ATR_BYTES_MAX]);

#endif
