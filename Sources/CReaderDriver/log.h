/// pcscd's log, when there is a pcscd around (a unit test has none).

#ifndef VMYNA_LOG_H
#define VMYNA_LOG_H

#include <debuglog.h>

#pragma weak log_msg

#define driver_log(priority, ...)                           \
    do {                                                    \
        if (log_msg != NULL) log_msg(priority, __VA_ARGS__); \
    } while (0)

#endif
