#define _GNU_SOURCE
#include "world_channel.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static bool send_all(int channel, const char *bytes, size_t length) {
  bool alive = true;
  while (alive && length > 0) {
    ssize_t sent = send(channel, bytes, length, MSG_NOSIGNAL);
    if (sent > 0) {
      bytes += sent;
      length -= (size_t)sent;
    } else {
      alive = sent < 0 && errno == EINTR;
    }
  }
  return alive;
}

static bool receive_all(int channel, char *bytes, size_t length) {
  bool alive = true;
  while (alive && length > 0) {
    ssize_t received = recv(channel, bytes, length, 0);
    if (received > 0) {
      bytes += received;
      length -= (size_t)received;
    } else {
      alive = received < 0 && errno == EINTR;
    }
  }
  return alive;
}

bool message_send(int channel, struct message message, const char *strings) {
  return send_all(channel, (const char *)&message, sizeof message) && send_all(channel, strings, message.length);
}

bool message_receive(int channel, struct message *message, char **strings) {
  *strings = NULL;
  bool alive = receive_all(channel, (char *)message, sizeof *message) && message->length <= MESSAGE_LIMIT;
  if (alive && message->length > 0) {
    char *block = malloc(message->length);
    alive = block != NULL && receive_all(channel, block, message->length) && block[message->length - 1] == '\0';
    if (alive) {
      *strings = block;
    } else {
      free(block);
    }
  }
  return alive;
}
