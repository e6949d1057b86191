#include "frame.h"

#include <string.h>

static const uint8_t magic[4] = {'V', 'M', 'Y', 'N'};

enum { MORE_TIME_KIND = 0xFF, ANSWER_BIT = 0x80, ATR_BYTES_MIN = 2, RESPONSE_BYTES_MIN = 2 };

enum { EVENT_INSERTED = 0x01, EVENT_REMOVED = 0x02 };

void frame_put_u32(uint8_t bytes[4], uint32_t value) {
    bytes[0] = (uint8_t)(value >> 24);
    bytes[1] = (uint8_t)(value >> 16);
    bytes[2] = (uint8_t)(value >> 8);
    bytes[3] = (uint8_t)value;
}

uint32_t frame_get_u32(const uint8_t bytes[4]) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

void frame_encode_hello(uint8_t message[FRAME_HELLO_BYTES], enum frame_role role, uint8_t slot) {
    memcpy(message, magic, sizeof magic);
    message[4] = FRAME_VERSION_LOWEST;
    message[5] = FRAME_VERSION_HIGHEST;
    message[6] = (uint8_t)role;
    message[7] = slot;
}

enum frame_hello_status frame_decode_hello(const uint8_t *message, size_t length) {
    enum frame_hello_status status = FRAME_HELLO_MALFORMED;

    if (length == FRAME_HELLO_BYTES && memcmp(message, magic, sizeof magic) == 0 && message[5] <= FRAME_HELLO_BUSY) {
        const uint8_t version = message[4];
        const bool spoken = version >= FRAME_VERSION_LOWEST && version <= FRAME_VERSION_HIGHEST;
        status = (enum frame_hello_status)message[5];
        if (status == FRAME_HELLO_OK && !spoken) status = FRAME_HELLO_NO_COMMON_VERSION;
    }
    return status;
}

void frame_encode_request(uint8_t message[FRAME_HEADER_BYTES], enum frame_kind kind, uint8_t sequence) {
    message[0] = (uint8_t)kind;
    message[1] = sequence;
    message[2] = 0;
    message[3] = 0;
}

/// The table of kinds in Docs/Protocol.md, column "payload of the answer".
static bool payload_fits(enum frame_kind kind, const uint8_t *payload, size_t length) {
    bool fits = false;

    switch (kind) {
    case FRAME_PRESENCE: fits = length == 1 && payload[0] <= 1; break;
    case FRAME_POWER_ON:
    case FRAME_RESET: fits = length >= ATR_BYTES_MIN && length <= FRAME_ATR_BYTES_MAX; break;
    case FRAME_POWER_OFF: fits = length == 0; break;
    case FRAME_TRANSMIT: fits = length >= RESPONSE_BYTES_MIN && length <= FRAME_APDU_BYTES_MAX; break;
    case FRAME_CONTROL: fits = length <= FRAME_APDU_BYTES_MAX; break;
    }
    return fits;
}

struct frame_answer frame_decode_answer(const uint8_t *message, size_t length, enum frame_kind kind, uint8_t sequence) {
    struct frame_answer answer = {.type = FRAME_ANSWER_VIOLATION};

    if (length >= FRAME_HEADER_BYTES && length <= FRAME_BYTES_MAX && message[1] == sequence && message[3] == 0) {
        const uint8_t *payload = message + FRAME_HEADER_BYTES;
        const size_t payload_length = length - FRAME_HEADER_BYTES;

        if (message[0] == MORE_TIME_KIND && message[2] == 0 && payload_length == sizeof answer.milliseconds) {
            answer.type = FRAME_ANSWER_MORE_TIME;
            answer.milliseconds = frame_get_u32(payload);
        } else if (message[0] == ((unsigned)kind | ANSWER_BIT) && message[2] == FRAME_STATUS_OK) {
            if (payload_fits(kind, payload, payload_length)) {
                answer.type = FRAME_ANSWER_FINAL;
                answer.payload = payload;
                answer.payload_length = payload_length;
            }
        } else if (message[0] == ((unsigned)kind | ANSWER_BIT) && message[2] <= FRAME_STATUS_BAD_REQUEST) {
            answer.type = FRAME_ANSWER_FINAL;
            answer.status = (enum frame_status)message[2];
        }
    }
    return answer;
}

bool frame_decode_event(const uint8_t *message, size_t length, uint8_t slot, struct frame_event *event) {
    const bool valid = length == FRAME_EVENT_BYTES && (message[0] == EVENT_INSERTED || message[0] == EVENT_REMOVED) &&
                       message[1] == slot && message[2] == 0 && message[3] == 0;

    if (valid) {
        event->present = message[0] == EVENT_INSERTED;
        event->counter = frame_get_u32(message + 4);
    }
    return valid;
}
