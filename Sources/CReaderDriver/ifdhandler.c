/// The functions that pcscd calls (PCSC/ifdhandler.h, version 3.0). It may call them from several threads; those of
/// one slot wait for each other in slot.c.

#include <ifdhandler.h>

#include "capabilities.h"
#include "log.h"
#include "slot.h"

#define EXPORT __attribute__((visibility("default")))

/// pcscd counts readers in the upper half of a Lun and the slots of one reader in the lower; each of ours has one slot.
enum { LUN_READER_SHIFT = 16 };

static struct slot slot_table[FRAME_SLOTS_MAX];

/// NULL for a Lun beyond what TAG_IFD_SIMULTANEOUS_ACCESS promised.
static struct slot *slot_at(DWORD lun) {
    const DWORD reader = lun >> LUN_READER_SHIFT;
    return reader < FRAME_SLOTS_MAX ? &slot_table[reader] : NULL;
}

/// NULL unless the channel was created.
static struct slot *open_slot(DWORD lun) {
    struct slot *slot = slot_at(lun);
    return slot != NULL && slot->open ? slot : NULL;
}

static RESPONSECODE code_of_link(enum link_result result) {
    return result == LINK_OK        ? IFD_SUCCESS
           : result == LINK_TIMEOUT ? IFD_RESPONSE_TIMEOUT
                                    : IFD_COMMUNICATION_ERROR;
}

static RESPONSECODE code_of_card(enum frame_status status) {
    RESPONSECODE code = IFD_COMMUNICATION_ERROR;

    switch (status) {
    case FRAME_STATUS_OK: code = IFD_SUCCESS; break;
    case FRAME_STATUS_NO_CARD: code = IFD_ICC_NOT_PRESENT; break;
    case FRAME_STATUS_MUTE: code = IFD_RESPONSE_TIMEOUT; break;
    case FRAME_STATUS_BAD_REQUEST: code = IFD_COMMUNICATION_ERROR; break;
    }
    return code;
}

/// Shared by TRANSMIT and CONTROL, whose results differ in one status only.
static RESPONSECODE run_exchange(struct slot *slot, struct slot_exchange *exchange, DWORD *response_length) {
    RESPONSECODE code = code_of_link(slot_exchange(slot, exchange));

    *response_length = 0;
    if (code == IFD_SUCCESS) code = code_of_card(exchange->status);
    if (code == IFD_SUCCESS && !exchange->fits) code = IFD_ERROR_INSUFFICIENT_BUFFER;
    if (code == IFD_SUCCESS) *response_length = (DWORD)exchange->response_length;
    return code;
}

/// pcscd opens its readers one after the other. A service that is there but says nothing may cost that only once.
static bool is_known_silent(const struct slot *slot) {
    bool silent = false;
    for (int reader = 0; reader < FRAME_SLOTS_MAX; reader++) {
        silent = silent || slot_shares_silence(&slot_table[reader], slot);
    }
    return silent;
}

EXPORT RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName) {
    struct slot *slot = slot_at(Lun);
    bool opened = false;

    if (slot != NULL && slot->open) slot_close(slot);
    if (slot != NULL) opened = slot_open(slot, DeviceName);
    if (opened && !is_known_silent(slot)) slot_greet(slot);
    return opened ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

/// reader.conf without DEVICENAME: nothing says where the service is, so the reader is empty and the log says why.
EXPORT RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel) {
    (void)Channel;
    return IFDHCreateChannelByName(Lun, NULL);
}

EXPORT RESPONSECODE IFDHCloseChannel(DWORD Lun) {
    struct slot *slot = open_slot(Lun);
    if (slot != NULL) slot_close(slot);
    return slot != NULL ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

EXPORT RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value) {
    struct slot *slot = open_slot(Lun);
    return slot != NULL ? capabilities_get(slot, Tag, Length, Value) : IFD_COMMUNICATION_ERROR;
}

EXPORT RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value) {
    (void)Lun, (void)Tag, (void)Length, (void)Value;
    return IFD_ERROR_TAG;
}

/// Nothing is negotiated with a card that has no wires. Which protocol is offered, pcscd takes from the ATR.
EXPORT RESPONSECODE IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3) {
    (void)Lun, (void)Flags, (void)PTS1, (void)PTS2, (void)PTS3;
    const bool known = Protocol == SCARD_PROTOCOL_T0 || Protocol == SCARD_PROTOCOL_T1;
    return known ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

EXPORT RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength) {
    struct slot *slot = open_slot(Lun);
    enum frame_kind kind = FRAME_PRESENCE;
    enum frame_status status = FRAME_STATUS_OK;
    uint8_t atr[FRAME_ATR_BYTES_MAX];
    RESPONSECODE code = IFD_COMMUNICATION_ERROR;

    if (Action == IFD_POWER_UP) kind = FRAME_POWER_ON;
    if (Action == IFD_RESET) kind = FRAME_RESET;
    if (Action == IFD_POWER_DOWN) kind = FRAME_POWER_OFF;

    if (slot != NULL && kind == FRAME_PRESENCE) {
        code = IFD_NOT_SUPPORTED;
    } else if (slot != NULL) {
        code = code_of_link(slot_power(slot, kind, &status));
        if (code == IFD_SUCCESS && status != FRAME_STATUS_OK) code = IFD_ERROR_POWER_ACTION;
    }
    if (code == IFD_SUCCESS && kind != FRAME_POWER_OFF) {
        *AtrLength = MAX_ATR_SIZE;  // pcscd's buffer, whatever it says
        code = capabilities_put(atr, slot_copy_atr(slot, atr), Atr, AtrLength);
    } else {
        *AtrLength = 0;
    }
    return code;
}

EXPORT RESPONSECODE IFDHTransmitToICC(
    DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, PDWORD RxLength,
    PSCARD_IO_HEADER RecvPci) {
    struct slot *slot = open_slot(Lun);
    struct slot_exchange exchange = {
        .kind = FRAME_TRANSMIT,
        .request = TxBuffer,
        .request_length = TxLength,
        .response = RxBuffer,
        .response_capacity = *RxLength,
    };
    RESPONSECODE code = IFD_COMMUNICATION_ERROR;

    *RxLength = 0;
    if (RecvPci != NULL) RecvPci->Protocol = SendPci.Protocol;
    if (slot != NULL && TxLength > 0) code = run_exchange(slot, &exchange, RxLength);
    return code;
}

EXPORT RESPONSECODE IFDHControl(
    DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, DWORD RxLength,
    LPDWORD pdwBytesReturned) {
    struct slot *slot = open_slot(Lun);
    uint8_t control_code[FRAME_CONTROL_CODE_BYTES];
    struct slot_exchange exchange = {
        .kind = FRAME_CONTROL,
        .control_code = control_code,
        .request = TxBuffer,
        .request_length = TxLength,
        .response = RxBuffer,
        .response_capacity = RxLength,
    };
    RESPONSECODE code = capabilities_control(slot, dwControlCode, RxBuffer, RxLength, pdwBytesReturned);

    if (code == IFD_NOT_SUPPORTED && slot != NULL) {
        frame_put_u32(control_code, (uint32_t)dwControlCode);
        code = run_exchange(slot, &exchange, pdwBytesReturned);
        if (exchange.status == FRAME_STATUS_BAD_REQUEST) code = IFD_ERROR_NOT_SUPPORTED;
    }
    return code;
}

EXPORT RESPONSECODE IFDHICCPresence(DWORD Lun) {
    struct slot *slot = open_slot(Lun);
    return slot != NULL && slot_is_present(slot) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}

/// Anything but IFD_SUCCESS would make pcscd sleep 400 ms.
RESPONSECODE driver_polling_thread(DWORD lun, int milliseconds) {
    struct slot *slot = open_slot(lun);
    if (slot != NULL) slot_watch(slot, milliseconds);
    return slot != NULL ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE driver_stop_polling_thread(DWORD lun) {
    struct slot *slot = open_slot(lun);
    if (slot != NULL) slot_wake(slot);
    return slot != NULL ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}
