#include "device_name.h"

#include <string.h>
#include <sys/socket.h>

static const char prefix[] = "vmyna:";

bool device_name_parse(const char *name, struct link_address *address) {
    const char *rest = name;
    unsigned slot = 0;
    int digits = 0;
    bool valid = name != NULL && strncmp(name, prefix, sizeof prefix - 1) == 0;

    if (valid) {
        rest = name + sizeof prefix - 1;
        while (*rest >= '0' && *rest <= '9' && digits < 2) {
            slot = slot * 10 + (unsigned)(*rest - '0');
            rest++;
            digits++;
        }
        valid = digits > 0 && slot < FRAME_SLOTS_MAX && rest[0] == ':' && rest[1] == '/' &&
                strlen(rest + 1) < sizeof address->socket.sun_path;
    }
    if (valid) {
        *address = (struct link_address){.socket = {.sun_family = AF_UNIX}, .slot = (uint8_t)slot};
        memcpy(address->socket.sun_path, rest + 1, strlen(rest + 1));
    }
    return valid;
}
