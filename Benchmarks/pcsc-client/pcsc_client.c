/// Measures a reader as a PC/SC program sees it. Prints `key=value` lines, one measure a line; times are medians.
///
///   pcsc-client read READER COUNT [APDU…]         READ BINARY of 256 bytes, after the setup APDUs
///   pcsc-client sign READER COUNT APDU…           the last APDU COUNT times, after the others; each must answer 9000
///   pcsc-client reset READER COUNT                SCardReconnect with SCARD_RESET_CARD
///   pcsc-client connect COUNT                     establish a context, list the readers, release
///   pcsc-client events READER COUNT               one line per change, with CLOCK_MONOTONIC in milliseconds
///
/// READER may be a prefix of the reader's name. Exit code 1 with one line on standard error when a call fails.

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

enum { APDU_BYTES_MAX = 65548, NAMES_BYTES_MAX = 4096, COUNT_MAX = 10000000, WARM_UP = 50 };

struct apdu {
    uint8_t bytes[APDU_BYTES_MAX];
    DWORD length;
};

static SCARDCONTEXT context;
static uint8_t response[APDU_BYTES_MAX];

_Noreturn static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("pcsc-client: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void must(LONG code, const char *call) {
    if (code != SCARD_S_SUCCESS) fail("%s: %s", call, pcsc_stringify_error(code));
}

static double microseconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(double *values, long count, double part) {
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[(long)((double)(count - 1) * part)];
}

static long count_of(const char *text) {
    char *end = NULL;
    const long count = strtol(text, &end, 10);
    if (*end != '\0' || count < 1 || count > COUNT_MAX) fail("COUNT must be 1 to %d, not \"%s\"", COUNT_MAX, text);
    return count;
}

static double *room_for(long count) {
    double *values = calloc((size_t)count, sizeof *values);
    if (values == NULL) fail("no memory for %ld values", count);
    return values;
}

static struct apdu parse_hex(const char *text) {
    struct apdu apdu = {.length = 0};
    int digits = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ') continue;
        if (!isxdigit((unsigned char)*text) || apdu.length == APDU_BYTES_MAX) fail("not hexadecimal: \"%s\"", text);
        const int digit = isdigit((unsigned char)*text) ? *text - '0' : tolower((unsigned char)*text) - 'a' + 10;
        apdu.bytes[apdu.length] = (uint8_t)(apdu.bytes[apdu.length] << 4 | digit);
        if (digits++ % 2 == 1) apdu.length++;
    }
    if (digits % 2 == 1 || apdu.length == 0) fail("an APDU needs whole bytes");
    return apdu;
}

static const char *find_reader(const char *prefix) {
    static char names[NAMES_BYTES_MAX];
    DWORD length = sizeof names;
    const char *found = NULL;

    must(SCardListReaders(context, NULL, names, &length), "SCardListReaders");
    for (const char *name = names; *name != '\0' && found == NULL; name += strlen(name) + 1) {
        if (strncmp(name, prefix, strlen(prefix)) == 0) found = name;
    }
    if (found == NULL) fail("no reader \"%s\"", prefix);
    return found;
}

static SCARDHANDLE connect_card(const char *reader) {
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    const char *name = find_reader(reader);
    must(SCardConnect(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol), "SCardConnect");
    return card;
}

/// Returns the length of the response, which must end in 9000.
static DWORD transmit(SCARDHANDLE card, const struct apdu *apdu) {
    DWORD length = sizeof response;
    must(SCardTransmit(card, SCARD_PCI_T1, apdu->bytes, apdu->length, NULL, response, &length), "SCardTransmit");
    if (length < 2 || response[length - 2] != 0x90 || response[length - 1] != 0x00) {
        fail("%02X%02X... answered %02X%02X", apdu->bytes[0], apdu->bytes[1], length < 2 ? 0 : response[length - 2],
             length < 2 ? 0 : response[length - 1]);
    }
    return length;
}

static void set_up(SCARDHANDLE card, char **hex, int count) {
    for (int i = 0; i < count; i++) {
        const struct apdu apdu = parse_hex(hex[i]);
        (void)transmit(card, &apdu);
    }
}

static void measure(SCARDHANDLE card, const struct apdu *apdu, long count, const char *what) {
    double *values = room_for(count);

    for (int i = 0; i < WARM_UP && i < count; i++) (void)transmit(card, apdu);
    const double begin = microseconds();
    for (long i = 0; i < count; i++) {
        const double before = microseconds();
        (void)transmit(card, apdu);
        values[i] = microseconds() - before;
    }
    const double all = microseconds() - begin;
    printf("%sMicroseconds=%.2f\n", what, quantile(values, count, 0.5));
    printf("%sMicroseconds95=%.2f\n", what, quantile(values, count, 0.95));
    printf("%sPerSecond=%.1f\n", what, (double)count / all * 1e6);
    free(values);
}

static void measure_read(const char *reader, long count, char **setup, int setup_count) {
    const struct apdu read_binary = parse_hex("00B0000000");
    SCARDHANDLE card = connect_card(reader);

    set_up(card, setup, setup_count);
    const DWORD length = transmit(card, &read_binary);
    printf("readBytes=%lu\n", (unsigned long)length - 2);
    measure(card, &read_binary, count, "read");
    (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void measure_sign(const char *reader, long count, char **hex, int hex_count) {
    SCARDHANDLE card = connect_card(reader);

    set_up(card, hex, hex_count - 1);
    const struct apdu sign = parse_hex(hex[hex_count - 1]);
    printf("signBytes=%lu\n", (unsigned long)transmit(card, &sign) - 2);
    measure(card, &sign, count, "sign");
    (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void measure_reset(const char *reader, long count) {
    double *values = room_for(count);
    SCARDHANDLE card = connect_card(reader);
    DWORD protocol = 0;

    for (long i = 0; i < count; i++) {
        const double before = microseconds();
        must(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_RESET_CARD, &protocol), "SCardReconnect");
        values[i] = microseconds() - before;
    }
    printf("resetMicroseconds=%.2f\n", quantile(values, count, 0.5));
    (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
    free(values);
}

static void measure_connect(long count) {
    double *values = room_for(count);

    for (long i = 0; i < count; i++) {
        const double before = microseconds();
        must(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "SCardEstablishContext");
        (void)find_reader("");
        values[i] = microseconds() - before;
        must(SCardReleaseContext(context), "SCardReleaseContext");
    }
    printf("connectMicroseconds=%.2f\n", quantile(values, count, 0.5));
    free(values);
}

/// The first line tells the state before the first change, so that the one who makes the changes knows when to begin.
static void watch_events(const char *reader, long count) {
    SCARD_READERSTATE state = {.szReader = find_reader(reader), .dwCurrentState = SCARD_STATE_UNAWARE};

    for (long i = 0; i <= count; i++) {
        must(SCardGetStatusChange(context, INFINITE, &state, 1), "SCardGetStatusChange");
        const bool present = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
        printf("%s=%.3f\n", present ? "present" : "empty", microseconds() / 1e3);
        (void)fflush(stdout);
        state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
    }
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "connect") == 0 && argc == 3) {
        measure_connect(count_of(argv[2]));
    } else if (argc < 4) {
        fail("usage: read READER COUNT [APDU...] | sign READER COUNT APDU... | reset READER COUNT | connect COUNT | "
             "events READER COUNT");
    } else {
        must(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "SCardEstablishContext");
        if (strcmp(what, "read") == 0) {
            measure_read(argv[2], count_of(argv[3]), argv + 4, argc - 4);
        } else if (strcmp(what, "sign") == 0 && argc > 4) {
            measure_sign(argv[2], count_of(argv[3]), argv + 4, argc - 4);
        } else if (strcmp(what, "reset") == 0) {
            measure_reset(argv[2], count_of(argv[3]));
        } else if (strcmp(what, "events") == 0) {
            watch_events(argv[2], count_of(argv[3]));
        } else {
            fail("unknown measure or missing APDU: %s", what);
        }
        (void)SCardReleaseContext(context);
    }
    return 0;
}
