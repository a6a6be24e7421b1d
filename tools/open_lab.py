"""Open the book in JupyterLab, wherever the folder lies and whoever's it is.

    python tools/open_lab.py [options of JupyterLab]

Kernels are reached through sockets in a folder of the reader's where the system has them: network
ports can be tried by every user of the machine. Where the home folder cannot be written, what
Jupyter keeps goes to a temporary folder. Both the folder and what follows from it are said.
"""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from env import ROOT, say, unwritable
from jupyter_core import paths
from platformdirs import user_data_path

FIRST = "chapters/00_start_here.ipynb"
LONGEST = 103  # bytes that every system takes for the path of a socket
SOCKET = f"kernel-{'0' * 36}-ipc-5"  # as jupyter_client names them
# variable -> where it leads by itself
KEPT = {
    "JUPYTER_RUNTIME_DIR": lambda: Path(paths.jupyter_runtime_dir()),
    "JUPYTER_DATA_DIR": lambda: Path(paths.jupyter_data_dir()),
    "JUPYTER_CONFIG_DIR": lambda: Path(paths.jupyter_config_dir()),
    "IPYTHONDIR": lambda: Path(os.environ.get("IPYTHONDIR", "~/.ipython")).expanduser(),
    "FLIPPED_KERNEL_PROGRESS": lambda: Path(os.environ.get("FLIPPED_KERNEL_PROGRESS")
        or user_data_path("flipped-kernel", appauthor=False) / "progress.json").parent,
}  # fmt: skip


def usable(place):
    """Whether a folder can be written, or made where it is not there yet."""
    try:
        folder = place().absolute()
        while not folder.exists():
            folder = folder.parent
    except (OSError, RuntimeError):  # nobody's home
        return False
    return not unwritable(folder)


def kept_elsewhere():
    """{variable: another place} for what cannot be kept where it would be; {} as a rule."""
    lost = [variable for variable, place in KEPT.items() if not usable(place)]
    if not lost:
        return {}
    base = own_temporary_folder()
    return {variable: base / variable.removeprefix("JUPYTER_").removesuffix("_DIR").lower()
            for variable in lost}


def own_temporary_folder():
    """The same one next time, unless it is another user's."""
    user = getattr(os, "getuid", lambda: "mine")()
    folder = Path(tempfile.gettempdir(), f"flipped-kernel-{user}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        there = folder.lstat()
        if (stat.S_ISDIR(there.st_mode) and user in ("mine", there.st_uid)
                and not unwritable(folder) and (user == "mine" or not there.st_mode & 0o077)):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="flipped-kernel-"))


def transport(folder):
    """"ipc" where a socket can stand in the folder of the kernels' files, else "tcp"."""
    path = folder / SOCKET
    if not hasattr(socket, "AF_UNIX") or len(os.fsencode(path)) > LONGEST:
        return "tcp"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(str(path))
        path.unlink()
    except OSError:
        return "tcp"
    return "ipc"


def main(*options):
    os.chdir(ROOT)
    if elsewhere := kept_elsewhere():
        (base,) = {place.parent for place in elsewhere.values()}
        os.environ.update({variable: str(place) for variable, place in elsewhere.items()})
        os.environ.setdefault("MPLCONFIGDIR", str(base))
        say("your home folder cannot be written. What Jupyter and your exercises keep goes to "
            f"{base}, which may be emptied when the machine is started again. "
            "To keep it, set HOME to a folder of yours.")
    if reason := unwritable(ROOT / "chapters"):
        say(f"{ROOT} cannot be written ({reason}). Every cell runs, but no notebook can be saved: "
            "to keep what you change, copy the folder to a place of your own and start there.")
    os.environ.setdefault("PYTHONSTARTUP", str(ROOT / "tools/kernel_startup.py"))
    root = getattr(os, "geteuid", lambda: 1)() == 0
    start = [
        sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=.",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        f"--KernelManager.transport={transport(Path(paths.jupyter_runtime_dir()))}",
        *(["--allow-root"] if root else []), *options]
    if os.name == "posix":  # Ctrl-C is the server's to hear
        os.execv(sys.executable, start)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.run(start).returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
