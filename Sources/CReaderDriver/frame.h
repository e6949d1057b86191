/// Messages between the driver and the card service, as bytes: Docs/Protocol.md.
///
/// Pure functions of bytes: no socket, no clock, no memory of their own.

#ifndef VMYNA_FRAME_H
#define VMYNA_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_VERSION_LOWEST = 1,
    FRAME_VERSION_HIGHEST = 1,

    FRAME_HELLO_BYTES = 8,
    FRAME_EVENT_BYTES = 8,
    FRAME_HEADER_BYTES = 4,
    FRAME_CONTROL_CODE_BYTES = 4,

    /// pcscd's own limit for an extended APDU (MAX_BUFFER_SIZE_EXTENDED): header 4, Lc 3, data 65536, Le 3, status 2.
    FRAME_APDU_BYTES_MAX = 65548,
    FRAME_ATR_BYTES_MAX = 33,
    FRAME_BYTES_MAX = FRAME_HEADER_BYTES + FRAME_CONTROL_CODE_BYTES + FRAME_APDU_BYTES_MAX,

    FRAME_SLOTS_MAX = 16,
};

enum frame_role { FRAME_ROLE_COMMANDS = 0, FRAME_ROLE_EVENTS = 1 };

enum frame_hello_status {
    FRAME_HELLO_OK = 0,
    FRAME_HELLO_NO_COMMON_VERSION = 1,
    FRAME_HELLO_NO_SUCH_SLOT = 2,
    FRAME_HELLO_BUSY = 3,
    /// Not on the wire: the bytes were no answer to a hello.
    FRAME_HELLO_MALFORMED = 256,
};

enum frame_kind {
    FRAME_PRESENCE = 0x01,
    FRAME_POWER_ON = 0x02,
    FRAME_RESET = 0x03,
    FRAME_POWER_OFF = 0x04,
    FRAME_TRANSMIT = 0x05,
    FRAME_CONTROL = 0x06,
};

enum frame_status {
    FRAME_STATUS_OK = 0,
    FRAME_STATUS_NO_CARD = 1,
    FRAME_STATUS_MUTE = 2,
    FRAME_STATUS_BAD_REQUEST = 3,
};

/// What a message on the command connection turned out to be, given the request that is under way.
enum frame_answer_type {
    FRAME_ANSWER_FINAL,
    FRAME_ANSWER_MORE_TIME,
    FRAME_ANSWER_VIOLATION,
};

struct frame_answer {
    enum frame_answer_type type;
    enum frame_status status;
    uint32_t milliseconds;   ///< FRAME_ANSWER_MORE_TIME: how long
    const uint8_t *payload;  ///< FRAME_ANSWER_FINAL with FRAME_STATUS_OK: inside the message
    size_t payload_length;
};

struct frame_event {
    bool present;
    uint32_t counter;
};

void frame_encode_hello(uint8_t message[FRAME_HELLO_BYTES], enum frame_role role, uint8_t slot);

enum frame_hello_status frame_decode_hello(const uint8_t *message, size_t length);

/// Header only; the payload follows it in the same message.
void frame_encode_request(uint8_t message[FRAME_HEADER_BYTES], enum frame_kind kind, uint8_t sequence);

struct frame_answer frame_decode_answer(const uint8_t *message, size_t length, enum frame_kind kind, uint8_t sequence);

/// False when the message is no event of this slot.
bool frame_decode_event(const uint8_t *message, size_t length, uint8_t slot, struct frame_event *event);

void frame_put_u32(uint8_t bytes[4], uint32_t value);
uint32_t frame_get_u32(const uint8_t bytes[4]);

#endif
