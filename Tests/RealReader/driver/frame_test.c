/// Messages as bytes: every length and every single-byte change of good messages, and random ones, under sanitizers.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "device_name.h"
#include "frame.h"

static int failures = 0;

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            printf("FAIL frame_test.c:%d: %s\n", __LINE__, #condition);     \
            failures++;                                                     \
        }                                                                   \
    } while (0)

static void hello(void) {
    uint8_t message[FRAME_HELLO_BYTES];
    frame_encode_hello(message, FRAME_ROLE_EVENTS, 3);
    CHECK(memcmp(message, "VMYN\1\1\1\3", sizeof message) == 0);

    const struct {
        const char *bytes;
        size_t length;
        enum frame_hello_status status;
    } rows[] = {
        {"VMYN\1\0\0\0", 8, FRAME_HELLO_OK},
        {"VMYN\0\1\0\0", 8, FRAME_HELLO_NO_COMMON_VERSION},
        {"VMYN\2\0\0\0", 8, FRAME_HELLO_NO_COMMON_VERSION},
        {"VMYN\1\2\0\0", 8, FRAME_HELLO_NO_SUCH_SLOT},
        {"VMYN\1\3\0\0", 8, FRAME_HELLO_BUSY},
        {"VMYN\1\4\0\0", 8, FRAME_HELLO_MALFORMED},
        {"VMYM\1\0\0\0", 8, FRAME_HELLO_MALFORMED},
        {"VMYN\1\0\0\0", 7, FRAME_HELLO_MALFORMED},
        {"VMYN\1\0\0\0\0", 9, FRAME_HELLO_MALFORMED},
        {"", 0, FRAME_HELLO_MALFORMED},
    };
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        CHECK(frame_decode_hello((const uint8_t *)rows[row].bytes, rows[row].length) == rows[row].status);
    }
}

static void answers(void) {
    static const enum frame_kind kinds[] = {FRAME_PRESENCE, FRAME_POWER_ON, FRAME_RESET,
                                            FRAME_POWER_OFF, FRAME_TRANSMIT, FRAME_CONTROL};
    static const struct { size_t low, high; } payloads[] = {{1, 1}, {2, 33}, {2, 33}, {0, 0}, {2, 65548}, {0, 65548}};
    uint8_t *message = calloc(1, FRAME_BYTES_MAX + 2);

    for (size_t k = 0; message != NULL && k < sizeof kinds / sizeof kinds[0]; k++) {
        for (size_t length = 0; length <= FRAME_BYTES_MAX + 1; length++) {
            frame_encode_request(message, kinds[k], 200);
            message[0] |= 0x80;
            const struct frame_answer answer = frame_decode_answer(message, length, kinds[k], 200);
            const bool good = length >= 4 && length - 4 >= payloads[k].low && length - 4 <= payloads[k].high;
            CHECK((answer.type == FRAME_ANSWER_FINAL) == good);
            CHECK(!good || (answer.status == FRAME_STATUS_OK && answer.payload_length == length - 4));
        }
        // No other value of any header byte passes, but the statuses.
        for (int place = 0; place < 4; place++) {
            for (int value = 0; value < 256; value++) {
                frame_encode_request(message, kinds[k], 200);
                message[0] |= 0x80;
                const bool same = message[place] == value;
                message[place] = (uint8_t)value;
                const struct frame_answer answer = frame_decode_answer(message, 4 + payloads[k].low, kinds[k], 200);
                const bool status = place == 2 && value <= 3;
                CHECK((answer.type == FRAME_ANSWER_FINAL) == (same || status));
                CHECK(place != 2 || !status || answer.status == (enum frame_status)value);
                CHECK(answer.status == FRAME_STATUS_OK || answer.payload_length == 0);
            }
        }
    }
    const uint8_t more[] = {0xFF, 7, 0, 0, 0x00, 0x01, 0x02, 0x03};
    struct frame_answer answer = frame_decode_answer(more, sizeof more, FRAME_TRANSMIT, 7);
    CHECK(answer.type == FRAME_ANSWER_MORE_TIME && answer.milliseconds == 0x010203);
    answer = frame_decode_answer(more, sizeof more - 1, FRAME_TRANSMIT, 7);
    CHECK(answer.type == FRAME_ANSWER_VIOLATION);
    answer = frame_decode_answer(more, sizeof more, FRAME_TRANSMIT, 8);
    CHECK(answer.type == FRAME_ANSWER_VIOLATION);
    free(message);
}

static void events(void) {
    struct frame_event event = {0};
    const uint8_t inserted[] = {1, 5, 0, 0, 0xFF, 0, 0, 9};
    CHECK(frame_decode_event(inserted, 8, 5, &event) && event.present && event.counter == 0xFF000009);
    const uint8_t removed[] = {2, 5, 0, 0, 0, 0, 0, 10};
    CHECK(frame_decode_event(removed, 8, 5, &event) && !event.present && event.counter == 10);
    CHECK(!frame_decode_event(removed, 8, 4, &event));
    CHECK(!frame_decode_event(removed, 7, 5, &event));
    const uint8_t unknown[] = {3, 5, 0, 0, 0, 0, 0, 10};
    CHECK(!frame_decode_event(unknown, 8, 5, &event));
    const uint8_t reserved[] = {2, 5, 0, 1, 0, 0, 0, 10};
    CHECK(!frame_decode_event(reserved, 8, 5, &event));
}

static void random_messages(unsigned seed) {
    srand(seed);
    for (int round = 0; round < 200000; round++) {
        uint8_t buffer[80];
        const size_t length = (size_t)rand() % sizeof buffer;
        // On the heap at its exact length, so that the sanitizer sees one byte too many.
        uint8_t *message = malloc(length > 0 ? length : 1);
        struct frame_event event;
        for (size_t i = 0; i < length; i++) message[i] = (uint8_t)(rand() % 4 != 0 ? rand() % 8 : rand());
        const struct frame_answer answer = frame_decode_answer(message, length, FRAME_POWER_ON, 1);
        CHECK(answer.payload == NULL || answer.payload + answer.payload_length == message + length);
        (void)frame_decode_event(message, length, 0, &event);
        (void)frame_decode_hello(message, length);
        free(message);
    }
}

static void device_names(void) {
    struct link_address address = {.slot = 77};
    char name[300];

    CHECK(device_name_parse("vmyna:0:/run/vmyna/socket", &address));
    CHECK(address.slot == 0 && strcmp(address.socket.sun_path, "/run/vmyna/socket") == 0);
    CHECK(device_name_parse("vmyna:15:/a:b", &address) && address.slot == 15);
    CHECK(strcmp(address.socket.sun_path, "/a:b") == 0);

    static const char *const wrong[] = {
        "", "vmyna", "vmyna:", "vmyna::/a", "vmyna:0", "vmyna:0:", "vmyna:0:a", "vmyna:16:/a", "vmyna:015:/a",
        "vmyna:-1:/a", "vmyna: 1:/a", "VMYNA:0:/a", "/dev/null", "vmyna:4294967296:/a",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CHECK(!device_name_parse(wrong[i], &address));
    CHECK(!device_name_parse(NULL, &address));

    for (int length = 1; length < 200; length++) {
        (void)snprintf(name, sizeof name, "vmyna:1:/%0*d", length - 1 > 0 ? length - 1 : 1, 0);
        CHECK(device_name_parse(name, &address) == (strlen(name) - 8 <= 107));
    }
}

int main(int argc, char **argv) {
    const unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : (unsigned)time(NULL);

    hello();
    answers();
    events();
    device_names();
    random_messages(seed);
    printf("%s messages as bytes (seed %u)\n", failures == 0 ? "ok  " : "FAIL", seed);
    return failures == 0 ? 0 : 1;
}
