/// libpcsclite, loaded when it is first needed: a program that never talks to a reader runs where there is none.
///
/// Every call returns a code of PC/SC (SCARD_S_SUCCESS is 0); PCSC_CLIENT_NO_LIBRARY when there is no library. Numbers have
/// the same size on every system, unlike DWORD and LONG.

#ifndef VMYNA_PCSC_CLIENT_H
#define VMYNA_PCSC_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/// SCARD_F_INTERNAL_ERROR is pcscd's; this one is ours and no code of PC/SC.
#define PCSC_CLIENT_NO_LIBRARY UINT32_C(0xFFFFFFFF)

enum pcsc_initialization { PCSC_LEAVE = 0, PCSC_RESET = 1, PCSC_UNPOWER = 2 };

uint32_t pcsc_establish(int64_t *context);
uint32_t pcsc_release(int64_t context);

/// The readers' names, each ended by a zero byte. `length` is the room on entry, the use on return.
uint32_t pcsc_list_readers(int64_t context, char *names, uint32_t *length);

/// The state of a reader (SCARD_STATE_*), waiting at most `milliseconds` for one that differs from `current`.
uint32_t pcsc_wait(int64_t context, const char *reader, uint32_t current, uint32_t milliseconds, uint32_t *state);

/// Shared, T=0 or T=1; `direct` without a protocol and without a card.
uint32_t pcsc_connect(int64_t context, const char *reader, int direct, int64_t *card, uint32_t *protocol);
uint32_t pcsc_reconnect(int64_t card, enum pcsc_initialization how, uint32_t *protocol);
uint32_t pcsc_disconnect(int64_t card);
uint32_t pcsc_begin(int64_t card);
uint32_t pcsc_end(int64_t card);
uint32_t pcsc_answer_to_reset(int64_t card, uint8_t *bytes, uint32_t *length);
uint32_t pcsc_transmit(
    int64_t card, uint32_t protocol, const uint8_t *command, uint32_t command_length, uint8_t *response,
    uint32_t *response_length);
uint32_t pcsc_control(
    int64_t card, uint32_t code, const uint8_t *request, uint32_t request_length, uint8_t *response,
    uint32_t *response_length);

#endif
