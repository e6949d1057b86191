/// The driver's connection against a service that says anything: the input's messages lie in the socket before the driver
/// asks, and then the service is gone, so that no wait lasts. Docs/Fuzzing.md.

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"

enum { MESSAGES_MAX = 8, RESPONSE_CAPACITY = 300 };

static struct link_buffer buffer;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/// Two bytes of length, then that many bytes; the rest when there is less.
static size_t take(const uint8_t *bytes, size_t length, const uint8_t **message, size_t *count) {
    size_t used = 2;
    size_t wanted = 0;

    if (length < used) return 0;
    wanted = (size_t)bytes[0] << 8 | bytes[1];
    if (wanted > length - used) wanted = length - used;
    *message = bytes + used;
    *count = wanted;
    return used + wanted;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct link_address address = {.role = FRAME_ROLE_COMMANDS, .slot = 0};
    struct link link;
    struct frame_answer answer = {.type = FRAME_ANSWER_VIOLATION};
    struct frame_event event = {0};
    int ends[2];
    size_t offset = 2;

    if (length < offset || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return 0;
    for (int count = 0; count < MESSAGES_MAX; count++) {
        const uint8_t *message = NULL;
        size_t message_length = 0;
        const size_t used = take(bytes + offset, length - offset, &message, &message_length);
        if (used == 0) break;
        offset += used;
        (void)send(ends[1], message, message_length, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    (void)shutdown(ends[1], SHUT_WR);

    link_init(&link, &address);
    link.descriptor = ends[0];
    link.sequence = bytes[1];
    if (bytes[0] & 0x80) {
        while (link.descriptor >= 0 && link_read_event(&link, &event, 0) != LINK_TIMEOUT) continue;
    } else {
        const enum frame_kind kind = (enum frame_kind)(FRAME_PRESENCE + bytes[0] % FRAME_CONTROL);
        const enum link_result result = link_exchange(&link, kind, &buffer, 5, &answer);
        if (result == LINK_OK && answer.status == FRAME_STATUS_OK) {
            uint8_t response[RESPONSE_CAPACITY];
            // As slot.c does: only what fits is copied.
            if (answer.payload_length <= sizeof response) memcpy(response, answer.payload, answer.payload_length);
        }
    }
    link_close(&link);
    (void)close(ends[1]);
    return 0;
}
