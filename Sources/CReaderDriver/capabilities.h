/// What the reader tells about itself: IFDHGetCapabilities, and the features of PC/SC part 10.

#ifndef VMYNA_CAPABILITIES_H
#define VMYNA_CAPABILITIES_H

#include <ifdhandler.h>

#include "slot.h"

/// 0xMMmmbbbb, as SCARD_ATTR_VENDOR_IFD_VERSION wants it.
#define DRIVER_VERSION UINT32_C(0x00010000)

/// FFFF is nobody's USB vendor, so pcscd never takes a device that is plugged in for this reader; "my".
enum { DRIVER_USB_VENDOR = 0xFFFF, DRIVER_USB_PRODUCT = 0x6D79 };

RESPONSECODE capabilities_get(struct slot *slot, DWORD tag, PDWORD length, PUCHAR value);

/// Control codes that the driver answers itself, with what the service adds; IFD_NOT_SUPPORTED for any other.
RESPONSECODE capabilities_control(
    struct slot *slot, DWORD code, PUCHAR response, DWORD capacity, LPDWORD length);

/// Copies a value out, or says how long it is when there is no room.
RESPONSECODE capabilities_put(const void *bytes, size_t count, PUCHAR value, PDWORD length);

/// Pointers handed to pcscd by tag.
RESPONSECODE driver_polling_thread(DWORD lun, int milliseconds);
RESPONSECODE driver_stop_polling_thread(DWORD lun);

#endif
