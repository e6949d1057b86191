#include "slot.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device_name.h"
#include "log.h"

/// One line when the reason changes, not one per attempt.
static void report(struct link *link, enum link_result result) {
    if (result != link->complaint) {
        const int priority = result == LINK_OK || result == LINK_NO_SERVICE ? PCSC_LOG_INFO : PCSC_LOG_ERROR;
        driver_log(
            priority, "vmyna slot %d, %s: %s", link->address.slot, link->address.socket.sun_path, link_explain(result));
        link->complaint = result;
    }
}

/// Whatever ends the event connection ends the card: a service that comes back shows a new one.
static void lose_events(struct slot *slot, enum link_result reason) {
    link_close(&slot->events);
    report(&slot->events, reason);
    atomic_store(&slot->silent, reason == LINK_TIMEOUT);
    slot->next_attempt = link_now() + EVENTS_RETRY_MILLISECONDS;
    atomic_store(&slot->present, false);
}

static void attempt_events(struct slot *slot) {
    struct frame_event event = {0};
    enum link_result result = link_open(&slot->events);

    if (result == LINK_OK) result = link_read_event(&slot->events, &event, LINK_HELLO_MILLISECONDS);
    if (result == LINK_OK) {
        report(&slot->events, LINK_OK);
        atomic_store(&slot->silent, false);
        slot->event_counter = event.counter;
        atomic_store(&slot->present, event.present);
    } else {
        lose_events(slot, result);
    }
}

static void take_event(struct slot *slot) {
    struct frame_event event = {0};
    enum link_result result = link_read_event(&slot->events, &event, 0);

    if (result == LINK_OK) {
        const bool expected =
            event.present != atomic_load(&slot->present) && event.counter == (uint32_t)(slot->event_counter + 1);
        if (!expected) result = LINK_VIOLATION;
    }
    if (result == LINK_OK) {
        slot->event_counter = event.counter;
        atomic_store(&slot->present, event.present);
    } else if (result != LINK_TIMEOUT) {
        lose_events(slot, result);
    }
}

bool slot_open(struct slot *slot, const char *device_name) {
    struct link_address address = {.slot = 0};

    memset(slot, 0, sizeof *slot);
    slot->addressed = device_name_parse(device_name, &address);
    slot->number = address.slot;
    address.role = FRAME_ROLE_COMMANDS;
    link_init(&slot->commands, &address);
    address.role = FRAME_ROLE_EVENTS;
    link_init(&slot->events, &address);
    atomic_init(&slot->present, false);
    atomic_init(&slot->silent, false);
    slot->wake_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    slot->open = slot->wake_descriptor >= 0 && pthread_mutex_init(&slot->lock, NULL) == 0;

    if (!slot->addressed) {
        driver_log(
            PCSC_LOG_CRITICAL,
            "vmyna: the reader stays empty, DEVICENAME \"%s\" is not vmyna:SLOT:SOCKETPATH with a slot below %d and an "
            "absolute path below %d bytes. Fix: take the text of `vmyna reader-conf`",
            device_name == NULL ? "" : device_name, FRAME_SLOTS_MAX, (int)sizeof address.socket.sun_path);
    }
    return slot->open;
}

void slot_greet(struct slot *slot) {
    if (slot->addressed) attempt_events(slot);
}

bool slot_shares_silence(const struct slot *slot, const struct slot *other) {
    // The address is written before the slot's thread begins, and only a slot that is open can be silent.
    return atomic_load(&slot->silent) &&
           strcmp(slot->events.address.socket.sun_path, other->events.address.socket.sun_path) == 0;
}

void slot_close(struct slot *slot) {
    link_close(&slot->commands);
    link_close(&slot->events);
    (void)close(slot->wake_descriptor);
    (void)pthread_mutex_destroy(&slot->lock);
    atomic_store(&slot->silent, false);
    slot->open = false;
}

bool slot_is_present(struct slot *slot) {
    // A host that has no polling thread watches by asking.
    if (!slot->watched_by_thread) {
        (void)pthread_mutex_lock(&slot->lock);
        slot_watch(slot, 0);
        (void)pthread_mutex_unlock(&slot->lock);
    }
    return atomic_load(&slot->present);
}

/// Sleeps until an event, a wake, or `deadline`; true when woken.
static bool sleep_until(struct slot *slot, int64_t deadline) {
    struct pollfd items[2] = {
        {.fd = slot->wake_descriptor, .events = POLLIN},
        {.fd = slot->events.descriptor, .events = POLLIN},  // a closed link, -1, is skipped by poll
    };
    const int64_t left = deadline - link_now();
    uint64_t wakes = 0;
    bool woken = false;

    if (poll(items, 2, left > 0 ? (int)left : 0) > 0) {
        woken = items[0].revents != 0 && read(slot->wake_descriptor, &wakes, sizeof wakes) == (ssize_t)sizeof wakes;
        // A wake leaves the event in its queue: the next call takes it.
        if (!woken && items[1].revents != 0) take_event(slot);
    }
    return woken;
}

void slot_watch(struct slot *slot, int milliseconds) {
    const int64_t end = link_now() + milliseconds;
    const bool before = atomic_load(&slot->present);
    bool done = false;

    while (!done) {
        const bool closed = slot->addressed && slot->events.descriptor < 0;
        if (closed && link_now() >= slot->next_attempt) attempt_events(slot);

        done = atomic_load(&slot->present) != before;
        if (!done) {
            const bool waiting = slot->addressed && slot->events.descriptor < 0 && slot->next_attempt < end;
            const bool woken = sleep_until(slot, waiting ? slot->next_attempt : end);
            done = woken || atomic_load(&slot->present) != before || link_now() >= end;
        }
    }
}

void slot_wake(struct slot *slot) {
    const uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is awake anyway.
    const ssize_t ignored = write(slot->wake_descriptor, &one, sizeof one);
    (void)ignored;
}

/// The lock is held.
static enum link_result exchange_locked(struct slot *slot, struct slot_exchange *exchange) {
    const size_t code_length = exchange->control_code != NULL ? FRAME_CONTROL_CODE_BYTES : 0;
    const size_t length = code_length + exchange->request_length;
    uint8_t *payload = slot->buffer.bytes + FRAME_HEADER_BYTES;
    struct frame_answer answer = {.type = FRAME_ANSWER_VIOLATION};

    if (code_length > 0) memcpy(payload, exchange->control_code, code_length);
    if (exchange->request_length > 0) memcpy(payload + code_length, exchange->request, exchange->request_length);

    const enum link_result result = link_exchange(&slot->commands, exchange->kind, &slot->buffer, length, &answer);
    report(&slot->commands, result);

    exchange->status = answer.status;
    exchange->fits = answer.payload_length <= exchange->response_capacity;
    exchange->response_length = 0;
    if (result == LINK_OK && exchange->fits && answer.payload_length > 0) {
        memcpy(exchange->response, answer.payload, answer.payload_length);
        exchange->response_length = answer.payload_length;
    }

    // PINs pass here and must not stay in pcscd's memory.
    const size_t used = length > answer.payload_length ? length : answer.payload_length;
    explicit_bzero(payload, used);
    return result;
}

enum link_result slot_exchange(struct slot *slot, struct slot_exchange *exchange) {
    enum link_result result = LINK_NO_SERVICE;
    const bool sendable = slot->addressed && exchange->request_length <= FRAME_APDU_BYTES_MAX;

    if (sendable) {
        (void)pthread_mutex_lock(&slot->lock);
        result = exchange_locked(slot, exchange);
        (void)pthread_mutex_unlock(&slot->lock);
    }
    return result;
}

enum link_result slot_power(struct slot *slot, enum frame_kind kind, enum frame_status *status) {
    struct slot_exchange exchange = {.kind = kind, .response = slot->atr, .response_capacity = sizeof slot->atr};
    enum link_result result = LINK_NO_SERVICE;

    (void)pthread_mutex_lock(&slot->lock);
    slot->atr_length = 0;
    if (kind == FRAME_POWER_OFF && slot->commands.descriptor < 0) {
        result = LINK_OK;  // the card lost its power with the connection
    } else if (slot->addressed) {
        result = exchange_locked(slot, &exchange);
        if (result == LINK_OK && exchange.status == FRAME_STATUS_OK) slot->atr_length = exchange.response_length;
    }
    *status = exchange.status;
    (void)pthread_mutex_unlock(&slot->lock);
    return result;
}

size_t slot_copy_atr(struct slot *slot, uint8_t atr[FRAME_ATR_BYTES_MAX]) {
    (void)pthread_mutex_lock(&slot->lock);
    const size_t length = slot->atr_length;
    memcpy(atr, slot->atr, length);
    (void)pthread_mutex_unlock(&slot->lock);
    return length;
}
