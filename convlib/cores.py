"""How many threads a process should use: what OpenMP is told, or the cores that it may use."""

import os
from functools import lru_cache
from math import ceil
from pathlib import Path


def usable_cores() -> int:
    """OMP_NUM_THREADS, if it is a number; else the cores of this process, within its quota."""
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if said.isdecimal() and int(said) > 0:
        return int(said)
    cores = (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
             else os.cpu_count() or 1)
    return max(min(cores, quota() or cores), 1)


@lru_cache(1)
def quota(proc: Path = Path("/proc/self/cgroup"),
          root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Cores' worth of time that a container's control groups leave, or None without a limit.

    The quota of every group counts from the process's own up to the root, in both versions.
    """
    try:
        lines = [line.split(":", 2) for line in proc.read_text().splitlines()
                 if line.count(":") >= 2]
    except OSError:
        return None
    limits = []
    for _, controllers, path in lines:
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = root / controllers if controllers else root
        group = top / path.lstrip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                limits.append(_version_1(folder) if controllers else _version_2(folder))
    return min((ceil(limit) for limit in limits if limit), default=None)


def _version_2(folder: Path) -> float | None:
    """cpu.max holds "quota period", or "max period"."""
    try:
        quota, period = (folder / "cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _version_1(folder: Path) -> float | None:
    """Two files; a quota of -1 is none."""
    try:
        quota, period = (int((folder / f"cpu.cfs_{name}_us").read_text())
                         for name in ("quota", "period"))
        return quota / period if quota > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
