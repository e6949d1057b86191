#include "pcsc_client.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <winscard.h>

static struct {
    bool loaded;
    LONG (*establish)(DWORD, LPCVOID, LPCVOID, LPSCARDCONTEXT);
    LONG (*release)(SCARDCONTEXT);
    LONG (*list_readers)(SCARDCONTEXT, LPCSTR, LPSTR, LPDWORD);
    LONG (*get_status_change)(SCARDCONTEXT, DWORD, SCARD_READERSTATE *, DWORD);
    LONG (*connect)(SCARDCONTEXT, LPCSTR, DWORD, DWORD, LPSCARDHANDLE, LPDWORD);
    LONG (*reconnect)(SCARDHANDLE, DWORD, DWORD, DWORD, LPDWORD);
    LONG (*disconnect)(SCARDHANDLE, DWORD);
    LONG (*begin)(SCARDHANDLE);
    LONG (*end)(SCARDHANDLE, DWORD);
    LONG (*status)(SCARDHANDLE, LPSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LONG (*transmit)(
        SCARDHANDLE, const SCARD_IO_REQUEST *, LPCBYTE, DWORD, SCARD_IO_REQUEST *, LPBYTE, LPDWORD);
    LONG (*control)(SCARDHANDLE, DWORD, LPCVOID, DWORD, LPVOID, DWORD, LPDWORD);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/// A function pointer and an object pointer are of one size on every system that has dlsym.
static bool find(void *handle, const char *name, void *function) {
    void *const symbol = dlsym(handle, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void load(void) {
    void *const handle = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);

    if (handle != NULL) {
        library.loaded =
            find(handle, "SCardEstablishContext", &library.establish) &&
            find(handle, "SCardReleaseContext", &library.release) &&
            find(handle, "SCardListReaders", &library.list_readers) &&
            find(handle, "SCardGetStatusChange", &library.get_status_change) &&
            find(handle, "SCardConnect", &library.connect) && find(handle, "SCardReconnect", &library.reconnect) &&
            find(handle, "SCardDisconnect", &library.disconnect) &&
            find(handle, "SCardBeginTransaction", &library.begin) &&
            find(handle, "SCardEndTransaction", &library.end) && find(handle, "SCardStatus", &library.status) &&
            find(handle, "SCardTransmit", &library.transmit) && find(handle, "SCardControl", &library.control);
    }
}

static bool is_loaded(void) {
    (void)pthread_once(&once, load);
    return library.loaded;
}

/// LONG is wider than the codes, which are 32 bits.
static uint32_t code(LONG result) { return (uint32_t)result; }

uint32_t pcsc_establish(int64_t *context) {
    SCARDCONTEXT handle = 0;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) result = code(library.establish(SCARD_SCOPE_SYSTEM, NULL, NULL, &handle));
    *context = handle;
    return result;
}

uint32_t pcsc_release(int64_t context) {
    return is_loaded() ? code(library.release((SCARDCONTEXT)context)) : PCSC_CLIENT_NO_LIBRARY;
}

uint32_t pcsc_list_readers(int64_t context, char *names, uint32_t *length) {
    DWORD count = *length;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) result = code(library.list_readers((SCARDCONTEXT)context, NULL, names, &count));
    *length = result == SCARD_S_SUCCESS ? (uint32_t)count : 0;
    return result;
}

uint32_t pcsc_wait(int64_t context, const char *reader, uint32_t current, uint32_t milliseconds, uint32_t *state) {
    SCARD_READERSTATE item = {.szReader = reader, .dwCurrentState = current};
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) result = code(library.get_status_change((SCARDCONTEXT)context, milliseconds, &item, 1));
    *state = (uint32_t)item.dwEventState;
    return result;
}

uint32_t pcsc_connect(int64_t context, const char *reader, int direct, int64_t *card, uint32_t *protocol) {
    SCARDHANDLE handle = 0;
    DWORD active = 0;
    const DWORD share = direct ? SCARD_SHARE_DIRECT : SCARD_SHARE_SHARED;
    const DWORD wanted = direct ? 0 : SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) result = code(library.connect((SCARDCONTEXT)context, reader, share, wanted, &handle, &active));
    *card = handle;
    *protocol = (uint32_t)active;
    return result;
}

uint32_t pcsc_reconnect(int64_t card, enum pcsc_initialization how, uint32_t *protocol) {
    DWORD active = *protocol;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) {
        result = code(library.reconnect(
            (SCARDHANDLE)card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, (DWORD)how, &active));
    }
    *protocol = (uint32_t)active;
    return result;
}

uint32_t pcsc_disconnect(int64_t card) {
    return is_loaded() ? code(library.disconnect((SCARDHANDLE)card, SCARD_LEAVE_CARD)) : PCSC_CLIENT_NO_LIBRARY;
}

uint32_t pcsc_begin(int64_t card) {
    return is_loaded() ? code(library.begin((SCARDHANDLE)card)) : PCSC_CLIENT_NO_LIBRARY;
}

uint32_t pcsc_end(int64_t card) {
    return is_loaded() ? code(library.end((SCARDHANDLE)card, SCARD_LEAVE_CARD)) : PCSC_CLIENT_NO_LIBRARY;
}

uint32_t pcsc_answer_to_reset(int64_t card, uint8_t *bytes, uint32_t *length) {
    DWORD count = *length;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) result = code(library.status((SCARDHANDLE)card, NULL, NULL, NULL, NULL, bytes, &count));
    *length = result == SCARD_S_SUCCESS ? (uint32_t)count : 0;
    return result;
}

uint32_t pcsc_transmit(
    int64_t card, uint32_t protocol, const uint8_t *command, uint32_t command_length, uint8_t *response,
    uint32_t *response_length) {
    const SCARD_IO_REQUEST header = {.dwProtocol = protocol, .cbPciLength = sizeof header};
    DWORD count = *response_length;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) {
        result =
            code(library.transmit((SCARDHANDLE)card, &header, command, command_length, NULL, response, &count));
    }
    *response_length = result == SCARD_S_SUCCESS ? (uint32_t)count : 0;
    return result;
}

uint32_t pcsc_control(
    int64_t card, uint32_t control, const uint8_t *request, uint32_t request_length, uint8_t *response,
    uint32_t *response_length) {
    DWORD count = 0;
    uint32_t result = PCSC_CLIENT_NO_LIBRARY;

    if (is_loaded()) {
        result = code(library.control(
            (SCARDHANDLE)card, control, request, request_length, response, *response_length, &count));
    }
    *response_length = result == SCARD_S_SUCCESS ? (uint32_t)count : 0;
    return result;
}
