"""A filter of system calls (seccomp) under which no process can start another one.

A limit on the number of processes would not hold for a teacher who works as root. Threads are
allowed: they are calls of `clone` that carry CLONE_THREAD, and they end with their process.
"""

import platform
import struct

LOAD, EQUAL, ANY_BIT, ANSWER = 0x20, 0x15, 0x45, 0x06  # instructions of the filter
ARCHITECTURE, CALL, FLAGS = 4, 0, 16                   # where seccomp_data holds each
CLONE_THREAD, OTHER_ABI = 0x00010000, 0x40000000
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS
# AUDIT_ARCH, clone, clone3, and the calls that only fork
MACHINES = {"x86_64": (0xC000003E, 56, 435, (57, 58)), "aarch64": (0xC00000B7, 220, 435, ())}


def program() -> bytes | None:
    """The filter for this machine; None where its system calls are not known here."""
    if platform.machine() not in MACHINES:
        return None
    architecture, clone, clone3, forks = MACHINES[platform.machine()]
    lines = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (ANSWER, 0, 0, KILL),
             (LOAD, 0, 0, CALL), (ANY_BIT, 0, 1, OTHER_ABI), (ANSWER, 0, 0, KILL)]
    for fork in forks:
        lines += [(EQUAL, 0, 1, fork), (ANSWER, 0, 0, REFUSE)]
    # the flags of clone3 are behind a pointer: without that call, libraries fall back to clone
    lines += [(EQUAL, 0, 1, clone3), (ANSWER, 0, 0, UNKNOWN),
              (EQUAL, 0, 3, clone), (LOAD, 0, 0, FLAGS),
              (ANY_BIT, 1, 0, CLONE_THREAD), (ANSWER, 0, 0, REFUSE), (ANSWER, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
