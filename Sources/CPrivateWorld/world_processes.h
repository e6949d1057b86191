// Finding and ending the descendants of a process.
#ifndef VMYNA_WORLD_PROCESSES_H
#define VMYNA_WORLD_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// Milliseconds of a clock that only goes forward.
int64_t now_milliseconds(void);

/// Sends `signal` to each descendant of `root` but `except` and what descends from that. Returns how many there are.
int signal_descendants(pid_t root, pid_t except, int signal);

/// True if this process surely has no child but `child`: one small file instead of all of /proc.
bool has_only_child(pid_t child);

#endif
