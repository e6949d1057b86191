/// DEVICENAME of reader.conf: `vmyna:SLOT:SOCKETPATH`, for example `vmyna:0:/run/vmyna/socket`.
///
/// The colon is necessary: pcscd refuses to start with a DEVICENAME that neither exists as a file nor contains one.

#ifndef VMYNA_DEVICE_NAME_H
#define VMYNA_DEVICE_NAME_H

#include <stdbool.h>

#include "link.h"

/// False, with `address` untouched, when the name has another form, the slot is no number below FRAME_SLOTS_MAX, or
/// the path is not absolute or longer than a Unix socket's (107 bytes).
bool device_name_parse(const char *name, struct link_address *address);

#endif
