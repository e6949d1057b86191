/// The driver's decoders: any bytes as hello, answer, event and device name. Docs/Fuzzing.md.

#include <stdlib.h>
#include <string.h>

#include "device_name.h"
#include "frame.h"

static const enum frame_kind kinds[] = {FRAME_PRESENCE,  FRAME_POWER_ON, FRAME_RESET,
                                        FRAME_POWER_OFF, FRAME_TRANSMIT, FRAME_CONTROL};

static void require(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct frame_event event = {0};
    struct link_address address = {0};
    char *name = malloc(length + 1);

    (void)frame_decode_hello(bytes, length);
    for (uint8_t slot = 0; slot < FRAME_SLOTS_MAX; slot++) (void)frame_decode_event(bytes, length, slot, &event);
    for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
        const struct frame_answer answer = frame_decode_answer(bytes, length, kinds[index], length > 1 ? bytes[1] : 0);
        if (answer.type == FRAME_ANSWER_FINAL && answer.status == FRAME_STATUS_OK) {
            // What is handed on lies inside the message.
            require(answer.payload >= bytes && answer.payload + answer.payload_length == bytes + length);
            require(answer.payload_length <= FRAME_APDU_BYTES_MAX);
        }
    }
    if (name != NULL) {
        memcpy(name, bytes, length);
        name[length] = '\0';
        if (device_name_parse(name, &address)) {
            require(address.slot < FRAME_SLOTS_MAX);
            require(memchr(address.socket.sun_path, '\0', sizeof address.socket.sun_path) != NULL);
        }
    }
    free(name);
    return 0;
}
