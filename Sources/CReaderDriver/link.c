#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int64_t link_now(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void link_init(struct link *link, const struct link_address *address) {
    *link = (struct link){.address = *address, .descriptor = -1, .complaint = LINK_OK};
}

void link_close(struct link *link) {
    if (link->descriptor >= 0) (void)close(link->descriptor);
    link->descriptor = -1;
}

/// False when the deadline passes first. An error on the descriptor counts as readable: the read tells what it is.
static bool wait_readable(int descriptor, int64_t deadline) {
    bool readable = false;
    bool waiting = true;

    while (waiting) {
        struct pollfd item = {.fd = descriptor, .events = POLLIN};
        const int64_t left = deadline - link_now();
        const int count = poll(&item, 1, left > 0 ? (int)left : 0);
        readable = count > 0 || (count < 0 && errno != EINTR);
        waiting = count < 0 && errno == EINTR && left > 0;
    }
    return readable;
}

/// A message is sent whole or not at all (SOCK_SEQPACKET), so a short count is as bad as none.
static enum link_result send_message(int descriptor, const uint8_t *bytes, size_t length) {
    const int64_t deadline = link_now() + LINK_SEND_MILLISECONDS;
    enum link_result result = LINK_CLOSED;
    ssize_t count = -1;

    do {
        count = send(descriptor, bytes, length, MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR && link_now() < deadline);

    if (count == (ssize_t)length) {
        result = LINK_OK;
    } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        result = LINK_TIMEOUT;
    }
    return result;
}

/// Reads one message. With `armed`, SO_RCVTIMEO limits the first read, which saves a system call per APDU.
static enum link_result receive_message(
    int descriptor, uint8_t *bytes, size_t capacity, int64_t deadline, bool armed, size_t *length) {
    enum link_result result = LINK_TIMEOUT;
    ssize_t count = -1;
    bool again = true;

    while (again && (armed || wait_readable(descriptor, deadline))) {
        count = recv(descriptor, bytes, capacity, armed ? 0 : MSG_DONTWAIT);
        again = count < 0 && (errno == EINTR || (errno == EAGAIN && !armed));
        armed = false;
        if (count > 0) result = LINK_OK;
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) result = LINK_CLOSED;
    }
    *length = count > 0 ? (size_t)count : 0;
    return result;
}

static bool set_time_limit(int descriptor, int option, int milliseconds) {
    const struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    return setsockopt(descriptor, SOL_SOCKET, option, &limit, sizeof limit) == 0;
}

/// Non-blocking while it connects, so that a full queue of the service refuses at once; blocking with limits after.
static int connect_socket(const struct sockaddr_un *address) {
    int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (descriptor >= 0) {
        const bool ready = connect(descriptor, (const struct sockaddr *)address, sizeof *address) == 0 &&
                           set_time_limit(descriptor, SO_RCVTIMEO, LINK_ANSWER_MILLISECONDS) &&
                           set_time_limit(descriptor, SO_SNDTIMEO, LINK_SEND_MILLISECONDS) &&
                           fcntl(descriptor, F_SETFL, 0) == 0;
        if (!ready) {
            (void)close(descriptor);
            descriptor = -1;
        }
    }
    return descriptor;
}

static enum link_result say_hello(const struct link *link) {
    uint8_t message[FRAME_HELLO_BYTES + 1];
    size_t length = 0;

    frame_encode_hello(message, link->address.role, link->address.slot);
    enum link_result result = send_message(link->descriptor, message, FRAME_HELLO_BYTES);
    if (result == LINK_OK) {
        const int64_t deadline = link_now() + LINK_HELLO_MILLISECONDS;
        result = receive_message(link->descriptor, message, sizeof message, deadline, false, &length);
    }
    if (result == LINK_OK) {
        switch (frame_decode_hello(message, length)) {
        case FRAME_HELLO_OK: result = LINK_OK; break;
        case FRAME_HELLO_NO_COMMON_VERSION: result = LINK_NO_COMMON_VERSION; break;
        case FRAME_HELLO_NO_SUCH_SLOT: result = LINK_NO_SUCH_SLOT; break;
        case FRAME_HELLO_BUSY: result = LINK_BUSY; break;
        case FRAME_HELLO_MALFORMED: result = LINK_VIOLATION; break;
        }
    }
    return result;
}

enum link_result link_open(struct link *link) {
    enum link_result result = LINK_NO_SERVICE;

    link_close(link);
    link->descriptor = connect_socket(&link->address.socket);
    if (link->descriptor >= 0) result = say_hello(link);
    if (result != LINK_OK) link_close(link);
    return result;
}

/// A send that finds the connection ended has reached nobody, so a new connection may carry the same request. After a
/// send that went out nothing is ever repeated: the PIN in it may have been tried.
static enum link_result send_request(struct link *link, const uint8_t *bytes, size_t length) {
    enum link_result result = LINK_CLOSED;

    if (link->descriptor >= 0) result = send_message(link->descriptor, bytes, length);
    if (result == LINK_CLOSED) {
        result = link_open(link);
        if (result == LINK_OK) result = send_message(link->descriptor, bytes, length);
    }
    return result;
}

/// "More time" messages prolong the wait, each up to its limit and all together up to the limit of an exchange.
static enum link_result receive_answer(
    const struct link *link, enum frame_kind kind, struct link_buffer *buffer, struct frame_answer *answer) {
    const int64_t begin = link_now();
    const int64_t end = begin + LINK_EXCHANGE_MILLISECONDS_MAX;
    int64_t deadline = begin + LINK_ANSWER_MILLISECONDS;
    enum link_result result = LINK_OK;
    bool armed = true;

    do {
        size_t length = 0;
        result = receive_message(link->descriptor, buffer->bytes, sizeof buffer->bytes, deadline, armed, &length);
        if (result == LINK_OK) {
            *answer = frame_decode_answer(buffer->bytes, length, kind, link->sequence);
            if (answer->type == FRAME_ANSWER_VIOLATION) result = LINK_VIOLATION;
            if (answer->type == FRAME_ANSWER_MORE_TIME) {
                const bool long_wait = answer->milliseconds > LINK_EXTENSION_MILLISECONDS_MAX;
                const int64_t wait = long_wait ? LINK_EXTENSION_MILLISECONDS_MAX : (int64_t)answer->milliseconds;
                deadline = link_now() + wait;
                if (deadline > end) deadline = end;
                armed = false;
                if (link_now() >= end) result = LINK_TIMEOUT;
            }
        }
    } while (result == LINK_OK && answer->type != FRAME_ANSWER_FINAL);
    return result;
}

/// Where driver and service share a core, the service answers during a yield, and the read that follows finds the answer
/// without a sleep and a wake-up. The scheduler may pass over one yield, so there are a few; a signature outlasts them
/// all. Looking first is measured, too: 20 µs per APDU, against 25 µs where the yield is followed by the read itself.
static void yield_until_answered(int descriptor) {
    uint8_t byte = 0;
    ssize_t count = -1;

    for (int yields = 0; count < 0 && yields < LINK_YIELDS_MAX; yields++) {
        (void)sched_yield();
        count = recv(descriptor, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
    }
}

enum link_result link_exchange(
    struct link *link, enum frame_kind kind, struct link_buffer *buffer, size_t payload_length,
    struct frame_answer *answer) {
    link->sequence++;
    frame_encode_request(buffer->bytes, kind, link->sequence);

    enum link_result result = send_request(link, buffer->bytes, FRAME_HEADER_BYTES + payload_length);
    if (result == LINK_OK) yield_until_answered(link->descriptor);
    if (result == LINK_OK) result = receive_answer(link, kind, buffer, answer);
    if (result != LINK_OK) link_close(link);
    return result;
}

enum link_result link_read_event(struct link *link, struct frame_event *event, int milliseconds) {
    uint8_t message[FRAME_EVENT_BYTES + 1];
    size_t length = 0;

    enum link_result result =
        receive_message(link->descriptor, message, sizeof message, link_now() + milliseconds, false, &length);
    if (result == LINK_OK && !frame_decode_event(message, length, link->address.slot, event)) result = LINK_VIOLATION;
    if (result != LINK_OK && result != LINK_TIMEOUT) link_close(link);
    return result;
}

const char *link_explain(enum link_result result) {
    const char *text = "connected";

    switch (result) {
    case LINK_OK: break;
    case LINK_NO_SERVICE: text = "no card service listens there; the reader is empty until `vmyna serve` runs"; break;
    case LINK_NO_COMMON_VERSION: text = "card service and driver have no version in common; install one release"; break;
    case LINK_NO_SUCH_SLOT: text = "the card service has fewer slots; start it with more --readers"; break;
    case LINK_BUSY: text = "another pcscd holds this slot; stop it or use another socket"; break;
    case LINK_TIMEOUT: text = "the card service did not answer in time"; break;
    case LINK_VIOLATION: text = "the card service broke the protocol (Docs/Protocol.md)"; break;
    case LINK_CLOSED: text = "the card service closed the connection"; break;
    }
    return text;
}
