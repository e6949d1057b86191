#include "capabilities.h"

#include <reader.h>
#include <stdio.h>
#include <string.h>

/// As libccid numbers it, so that programs that hard-code the number work.
#define IOCTL_GET_TLV_PROPERTIES SCARD_CTL_CODE(0x330000 + FEATURE_GET_TLV_PROPERTIES)

/// OpenSC takes this for the largest data field it may send in one APDU; a smaller one makes it chain.
#define APDU_DATA_BYTES_MAX UINT32_C(0x10000)

/// The longest list that a service adds to one of ours; what is longer is left away.
enum { SERVICE_LIST_BYTES_MAX = 128 };

static const char vendor_name[] = "vmyna";
static const char reader_type[] = "virtual card reader";

RESPONSECODE capabilities_put(const void *bytes, size_t count, PUCHAR value, PDWORD length) {
    RESPONSECODE code = IFD_ERROR_INSUFFICIENT_BUFFER;

    if (value != NULL && *length >= count) {
        memcpy(value, bytes, count);
        code = IFD_SUCCESS;
    }
    *length = (DWORD)count;
    return code;
}

static RESPONSECODE put_byte(uint8_t byte, PUCHAR value, PDWORD length) {
    return capabilities_put(&byte, sizeof byte, value, length);
}

static RESPONSECODE put_number(uint32_t number, PUCHAR value, PDWORD length) {
    return capabilities_put(&number, sizeof number, value, length);
}

static RESPONSECODE put_atr(struct slot *slot, PUCHAR value, PDWORD length) {
    uint8_t atr[FRAME_ATR_BYTES_MAX];
    const size_t count = slot_copy_atr(slot, atr);
    return capabilities_put(atr, count, value, length);
}

static RESPONSECODE put_serial(const struct slot *slot, PUCHAR value, PDWORD length) {
    char serial[sizeof "vmyna-000"];
    (void)snprintf(serial, sizeof serial, "vmyna-%02u", slot->number);
    return capabilities_put(serial, strlen(serial) + 1, value, length);
}

RESPONSECODE capabilities_get(struct slot *slot, DWORD tag, PDWORD length, PUCHAR value) {
    RESPONSECODE (*const poll_thread)(DWORD, int) = driver_polling_thread;
    RESPONSECODE (*const stop_thread)(DWORD) = driver_stop_polling_thread;
    uint8_t atr[FRAME_ATR_BYTES_MAX];
    RESPONSECODE code = IFD_ERROR_TAG;

    switch (tag) {
    case TAG_IFD_ATR:
    case SCARD_ATTR_ATR_STRING: code = put_atr(slot, value, length); break;

    // Without more than one simultaneous access all readers of this driver would get Lun 0 and collide; without the
    // thread-safe tags pcscd lets only one of them work at a time.
    case TAG_IFD_SIMULTANEOUS_ACCESS: code = put_byte(FRAME_SLOTS_MAX, value, length); break;
    case TAG_IFD_THREAD_SAFE:
    case TAG_IFD_SLOT_THREAD_SAFE:
    case TAG_IFD_SLOTS_NUMBER: code = put_byte(1, value, length); break;

    case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
        code = capabilities_put(&poll_thread, sizeof poll_thread, value, length);
        if (code == IFD_SUCCESS) slot->watched_by_thread = true;
        break;
    case TAG_IFD_STOP_POLLING_THREAD:
        code = capabilities_put(&stop_thread, sizeof stop_thread, value, length);
        break;

    case SCARD_ATTR_VENDOR_NAME: code = capabilities_put(vendor_name, sizeof vendor_name, value, length); break;
    case SCARD_ATTR_VENDOR_IFD_TYPE: code = capabilities_put(reader_type, sizeof reader_type, value, length); break;
    case SCARD_ATTR_VENDOR_IFD_VERSION: code = put_number(DRIVER_VERSION, value, length); break;
    case SCARD_ATTR_VENDOR_IFD_SERIAL_NO: code = put_serial(slot, value, length); break;
    case SCARD_ATTR_MAXINPUT: code = put_number(FRAME_APDU_BYTES_MAX, value, length); break;
    case SCARD_ATTR_POWER_MGMT_SUPPORT: code = put_number(1, value, length); break;
    // PC/SC part 3: 2 is "present, not swallowed"; the contacts are active while there is an ATR.
    case SCARD_ATTR_ICC_PRESENCE: code = put_byte(slot_is_present(slot) ? 2 : 0, value, length); break;
    case SCARD_ATTR_ICC_INTERFACE_STATUS: code = put_byte(slot_copy_atr(slot, atr) > 0, value, length); break;
    default: break;
    }
    return code;
}

/// True when the bytes are objects of a tag, a length and so many bytes, from beginning to end.
static bool is_object_list(const uint8_t *bytes, size_t count) {
    size_t offset = 0;

    while (offset + 2 <= count && bytes[offset + 1] <= count - offset - 2) offset += 2 + (size_t)bytes[offset + 1];
    return offset == count;
}

/// What the service adds to one of our lists, a keypad's features for instance: Docs/Protocol.md, "Control codes". Nothing
/// when it adds nothing, is not there, or does not keep to the form.
static size_t ask_service(struct slot *slot, uint32_t code, uint8_t *more, size_t capacity) {
    uint8_t control_code[FRAME_CONTROL_CODE_BYTES];
    struct slot_exchange exchange = {
        .kind = FRAME_CONTROL, .control_code = control_code, .response = more, .response_capacity = capacity};
    size_t count = 0;

    frame_put_u32(control_code, code);
    if (slot != NULL && slot_exchange(slot, &exchange) == LINK_OK && exchange.status == FRAME_STATUS_OK &&
        exchange.fits && is_object_list(more, exchange.response_length)) {
        count = exchange.response_length;
    }
    return count;
}

RESPONSECODE capabilities_control(
    struct slot *slot, DWORD code, PUCHAR response, DWORD capacity, LPDWORD length) {
    const uint8_t feature[6] = {
        FEATURE_GET_TLV_PROPERTIES,
        4,
        IOCTL_GET_TLV_PROPERTIES >> 24 & 0xFF,
        IOCTL_GET_TLV_PROPERTIES >> 16 & 0xFF,
        IOCTL_GET_TLV_PROPERTIES >> 8 & 0xFF,
        IOCTL_GET_TLV_PROPERTIES & 0xFF,
    };
    // Property values are little-endian, unlike the feature above (PC/SC part 10, 2.6.14).
    static const uint8_t properties[] = {
        PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize, 4,
        APDU_DATA_BYTES_MAX & 0xFF, APDU_DATA_BYTES_MAX >> 8 & 0xFF, APDU_DATA_BYTES_MAX >> 16 & 0xFF, 0,
        PCSCv2_PART10_PROPERTY_wIdVendor, 2, DRIVER_USB_VENDOR & 0xFF, DRIVER_USB_VENDOR >> 8,
        PCSCv2_PART10_PROPERTY_wIdProduct, 2, DRIVER_USB_PRODUCT & 0xFF, DRIVER_USB_PRODUCT >> 8,
        PCSCv2_PART10_PROPERTY_bPPDUSupport, 1, 0,
    };
    uint8_t list[sizeof properties + SERVICE_LIST_BYTES_MAX];
    const bool is_feature_request = code == CM_IOCTL_GET_FEATURE_REQUEST;
    const uint8_t *own = is_feature_request ? feature : properties;
    const size_t own_count = is_feature_request ? sizeof feature : sizeof properties;
    RESPONSECODE result = IFD_NOT_SUPPORTED;

    *length = capacity;
    if (is_feature_request || code == IOCTL_GET_TLV_PROPERTIES) {
        memcpy(list, own, own_count);
        const size_t more = ask_service(slot, (uint32_t)code, list + own_count, SERVICE_LIST_BYTES_MAX);
        result = capabilities_put(list, own_count + more, response, length);
    }
    if (result != IFD_SUCCESS) *length = 0;
    return result;
}
