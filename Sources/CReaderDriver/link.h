/// One connection to the card service: open with hello, one request and one answer, events. Docs/Protocol.md.
///
/// No call here lasts longer than its limit, whatever the service does.

#ifndef VMYNA_LINK_H
#define VMYNA_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "frame.h"

enum {
    LINK_HELLO_MILLISECONDS = 500,
    LINK_SEND_MILLISECONDS = 1000,
    LINK_ANSWER_MILLISECONDS = 5000,
    LINK_YIELDS_MAX = 4,
    LINK_EXTENSION_MILLISECONDS_MAX = 30000,
    LINK_EXCHANGE_MILLISECONDS_MAX = 120000,
};

enum link_result {
    LINK_OK,
    LINK_NO_SERVICE,
    LINK_NO_COMMON_VERSION,
    LINK_NO_SUCH_SLOT,
    LINK_BUSY,
    LINK_TIMEOUT,
    LINK_VIOLATION,
    LINK_CLOSED,
};

/// Where a connection leads; set once.
struct link_address {
    struct sockaddr_un socket;
    enum frame_role role;
    uint8_t slot;
};

struct link {
    struct link_address address;
    int descriptor;  ///< -1 while closed
    uint8_t sequence;
    enum link_result complaint;  ///< what pcscd's log was told last
};

/// Holds one message, and one byte more so that a message that is too long is seen.
struct link_buffer {
    uint8_t bytes[FRAME_BYTES_MAX + 1];
};

void link_init(struct link *link, const struct link_address *address);

/// Connects and says hello.
enum link_result link_open(struct link *link);

void link_close(struct link *link);

/// Sends the request whose payload stands in `buffer` after the header, and leaves the answer in `buffer`, to which
/// `answer` points. Opens the connection if need be; closes it after anything but LINK_OK.
enum link_result link_exchange(
    struct link *link, enum frame_kind kind, struct link_buffer *buffer, size_t payload_length,
    struct frame_answer *answer);

/// Reads one event; waits for it at most `milliseconds`. LINK_TIMEOUT leaves the connection open.
enum link_result link_read_event(struct link *link, struct frame_event *event, int milliseconds);

/// For the log.
const char *link_explain(enum link_result result);

/// Milliseconds of a clock that is never set.
int64_t link_now(void);

#endif
