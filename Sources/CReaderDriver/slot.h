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
};

/// Never fails: without a service the slot is empty. False only when the machine has no descriptors left.
bool slot_open(struct slot *slot, const char *device_name);

void slot_close(struct slot *slot);

bool slot_is_present(struct slot *slot);

/// Returns when the presence has changed, when woken, or after `milliseconds`; at most one change per call, so that
/// pcscd sees the removal in an exchange of cards.
void slot_watch(struct slot *slot, int milliseconds);

void slot_wake(struct slot *slot);

/// Makes one exchange. The payload of the answer is copied to `response`; `response_length` holds its capacity, then its length.
/// `fits` tells whether it was large enough.
struct slot_exchange {
    enum frame_kind kind;
    const uint8_t *prefix;  ///< FRAME_CONTROL: the control code; else NULL
    const uint8_t *request;
    size_t request_length;
    uint8_t *response;
    size_t response_capacity;
    size_t response_length;
    bool fits;
    enum frame_status status;
};

enum link_result slot_exchange(struct slot *slot, struct slot_exchange *exchange);

/// Cold reset, warm reset or power off; keeps the ATR.
enum link_result slot_power(struct slot *slot, enum frame_kind kind, enum frame_status *status);

/// Copies the ATR; returns its length, 0 while the card has no power.
size_t slot_copy_atr(struct slot *slot, uint8_t atr[FRAME_ATR_BYTES_MAX]);

#endif
