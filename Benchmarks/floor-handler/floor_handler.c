/// The IFD handler that does nothing: a card is always there and every command gets the same answer at once. What a
/// PC/SC exchange costs with it, no reader can go below; `make bench` measures the driver against it.

#include <ifdhandler.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/// ATR of the contact card, Docs/CardModel.md.
static const UCHAR answer_to_reset[] = {0x3B, 0xDA, 0x13, 0xFF, 0x81, 0x31, 0xFB, 0x46, 0x80, 0x12,
                                        0x39, 0x2F, 0x31, 0xC1, 0x73, 0xC6, 0x01, 0xC0, 0x3B};

enum { DATA_BYTES = 256, RESPONSE_BYTES = DATA_BYTES + 2 };

static RESPONSECODE put(const void *bytes, DWORD count, PUCHAR value, PDWORD length) {
    const DWORD capacity = *length;
    *length = count;
    if (capacity >= count) memcpy(value, bytes, count);
    return capacity >= count ? IFD_SUCCESS : IFD_ERROR_INSUFFICIENT_BUFFER;
}

EXPORT RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName) {
    (void)Lun, (void)DeviceName;
    return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel) {
    (void)Lun, (void)Channel;
    return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHCloseChannel(DWORD Lun) {
    (void)Lun;
    return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value) {
    const UCHAR one = 1;
    RESPONSECODE code = IFD_ERROR_TAG;

    (void)Lun;
    if (Tag == TAG_IFD_ATR) code = put(answer_to_reset, sizeof answer_to_reset, Value, Length);
    if (Tag == TAG_IFD_SLOTS_NUMBER || Tag == TAG_IFD_SIMULTANEOUS_ACCESS) code = put(&one, 1, Value, Length);
    return code;
}

EXPORT RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value) {
    (void)Lun, (void)Tag, (void)Length, (void)Value;
    return IFD_ERROR_TAG;
}

EXPORT RESPONSECODE IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3) {
    (void)Lun, (void)Protocol, (void)Flags, (void)PTS1, (void)PTS2, (void)PTS3;
    return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength) {
    RESPONSECODE code = IFD_SUCCESS;

    (void)Lun;
    if (Action == IFD_POWER_DOWN) {
        *AtrLength = 0;
    } else {
        *AtrLength = MAX_ATR_SIZE;
        code = put(answer_to_reset, sizeof answer_to_reset, Atr, AtrLength);
    }
    return code;
}

EXPORT RESPONSECODE IFDHTransmitToICC(
    DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, PDWORD RxLength,
    PSCARD_IO_HEADER RecvPci) {
    static UCHAR response[RESPONSE_BYTES] = {[DATA_BYTES] = 0x90, [DATA_BYTES + 1] = 0x00};

    (void)Lun, (void)TxBuffer, (void)TxLength;
    if (RecvPci != NULL) RecvPci->Protocol = SendPci.Protocol;
    return put(response, sizeof response, RxBuffer, RxLength);
}

EXPORT RESPONSECODE IFDHControl(
    DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, DWORD RxLength,
    LPDWORD pdwBytesReturned) {
    (void)Lun, (void)dwControlCode, (void)TxBuffer, (void)TxLength, (void)RxBuffer, (void)RxLength;
    *pdwBytesReturned = 0;
    return IFD_ERROR_NOT_SUPPORTED;
}

EXPORT RESPONSECODE IFDHICCPresence(DWORD Lun) {
    (void)Lun;
    return IFD_ICC_PRESENT;
}
