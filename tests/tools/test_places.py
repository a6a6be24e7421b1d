"""Places where people put the book: read-only folders, homes that cannot be written, no network."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import env
import open_lab
import pytest
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]  # of Linux
needs_sockets = pytest.mark.skipif(os.name != "posix", reason="this system has no local sockets")


def without_rights():
    """Whether tests can be run as a user who may not write everywhere."""
    if os.name != "posix" or os.geteuid():
        return os.name == "posix"
    try:
        return not subprocess.run([*AS_NOBODY, sys.executable, "-c", ""]).returncode
    except OSError:
        return False


needs_nobody = pytest.mark.skipif(not without_rights(), reason="only root can run this Python")


@pytest.fixture
def place():
    """A folder that another user can reach, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_nobody(*command, **variables):
    """Run as a user without rights: root could write anywhere."""
    who = AS_NOBODY if os.geteuid() == 0 else []
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "IPYTHON", "MPL", "FLIPPED", "XDG", "MAKE"))}
    done = subprocess.run([*who, sys.executable, *command], env=kept | variables, text=True,
                          capture_output=True, timeout=120)
    words = done.stdout + done.stderr
    assert "Traceback" not in words, words
    return done.returncode, words


def copied(place, *names):
    """A part of the book in a folder of its own."""
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    return place


@needs_nobody
def test_a_folder_that_cannot_be_written_is_named_with_the_cure(place):
    clone = copied(place / "clone", "tools/env.py", *env.LOCKS.values(), "pyproject.toml")
    clone.chmod(0o555)
    code, words = as_nobody(str(clone / "tools/env.py"), "lab")
    clone.chmod(0o755)
    assert code == 1
    assert f"{clone / '.venv'}, which cannot be written: Permission denied" in words
    assert "cp -r" in words and "make lab" in words


@needs_nobody
def test_tests_pass_in_a_folder_that_cannot_be_written(place):
    clone = copied(place / "clone", "pyproject.toml")
    (clone / "test_one.py").write_text("def test_one():\n    pass\n")
    clone.chmod(0o555)
    code, words = as_nobody("-m", "pytest", "-q", "--rootdir", str(clone), str(clone))
    clone.chmod(0o755)
    assert code == 0 and "1 passed" in words


@needs_nobody
@pytest.mark.parametrize("home", ["closed", "missing/home", "file"])
def test_lab_opens_without_a_home_that_can_be_written(place, home):
    (place / "closed").mkdir(mode=0o555)
    (place / "file").touch()
    (place / "tmp").mkdir()
    (place / "tmp").chmod(0o1777)
    place.chmod(0o555)
    opens = ("import os, sys, open_lab; os.execv = lambda *args: sys.exit(print(args));"
             "open_lab.main('--no-browser')")
    code, words = as_nobody("-c", opens, HOME=str(place / home), TMPDIR=str(place / "tmp"),
                            PYTHONPATH=str(ROOT / "tools"))
    place.chmod(0o755)
    assert code == 0 and "your home folder cannot be written" in words
    assert "'--KernelManager.transport=ipc', '--no-browser'" in words
    assert "set HOME to a folder of yours" in words
    (base,) = (place / "tmp").glob("flipped-kernel-*")
    assert str(base) in words and base.stat().st_mode & 0o077 == 0
    if os.geteuid() == 0:  # the checkout is root's
        assert f"{ROOT} cannot be written" in words and "no notebook can be saved" in words


def test_a_home_as_it_should_be_is_used_in_silence(monkeypatch, tmp_path):
    for variable in open_lab.KEPT:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data/of/mine"))
    assert open_lab.kept_elsewhere() == {}
    assert list(tmp_path.iterdir()) == []  # and nothing is made in it


@needs_sockets
def test_the_temporary_folder_of_another_user_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    mine = open_lab.own_temporary_folder()
    assert mine == open_lab.own_temporary_folder() and mine.parent == tmp_path
    mine.chmod(0o777)
    assert open_lab.own_temporary_folder() != mine
    mine.rmdir()
    mine.symlink_to(tmp_path)
    assert open_lab.own_temporary_folder() != mine


def test_without_a_network_this_is_said_and_nothing_else_is_tried(monkeypatch, tmp_path, capsys):
    tried = []

    def run(*args, **options):
        tried.append(args)
        raise subprocess.CalledProcessError(1, args, stderr=(
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("
            "<...>: Failed to establish a new connection: [Errno -3] Temporary failure in name "
            "resolution')': /simple/uv/\nERROR: No matching distribution found for uv"))

    monkeypatch.setattr(env, "run", run)
    with pytest.raises(SystemExit) as stopped:
        env.install(ROOT / "requirements.lock")
    assert "network" in str(stopped.value) and "Try again with a connection" in str(stopped.value)
    assert len(tried) == 1 and "Retrying" not in capsys.readouterr().err


def test_pip_says_what_else_is_wrong(monkeypatch, capsys):
    def run(*args, **options):
        raise subprocess.CalledProcessError(1, args, stderr="ERROR: hashes do not match")

    monkeypatch.setattr(env, "run", run)
    with pytest.raises(subprocess.CalledProcessError):
        env.pip("uv")
    assert "hashes do not match" in capsys.readouterr().err


def test_a_full_disk_is_said_in_words(monkeypatch):
    def full(kind):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(env, "setup", full)
    with pytest.raises(SystemExit, match=r"No space left on device. Is there room"):
        env.main("lab")


def test_another_numpy_before_the_books_is_named(monkeypatch, tmp_path):
    (tmp_path / "numpy").mkdir()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("", str(ROOT), str(tmp_path))))
    with pytest.raises(SystemExit, match=f"another NumPy before the book's, from {tmp_path}"):
        env.setup("lab")


# How kernels are reached


@needs_sockets
def test_kernels_are_reached_through_files_where_sockets_can_stand(monkeypatch, place):
    assert open_lab.transport(place / "runtime") == "ipc"
    assert list((place / "runtime").iterdir()) == []
    assert (place / "runtime").stat().st_mode & 0o077 == 0
    assert open_lab.transport(place / ("long" * 20)) == "tcp"
    (place / "file").touch()
    assert open_lab.transport(place / "file") == "tcp"
    monkeypatch.delattr(open_lab.socket, "AF_UNIX")
    assert open_lab.transport(place / "runtime") == "tcp"


@needs_sockets
def test_a_kernel_answers_over_ipc_and_opens_no_port(monkeypatch, place):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(place / "runtime"))
    (place / "runtime").mkdir(mode=0o700)
    connection = place / "runtime" / f"kernel-{'0' * 36}.json"
    manager = KernelManager(transport="ipc", connection_file=str(connection))
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        said = []
        client.execute_interactive("6 * 7", timeout=60, output_hook=said.append)
        assert any(m["content"].get("data", {}).get("text/plain") == "42" for m in said)
        assert {p.name for p in connection.parent.glob("*-ipc-*")} == {
            f"{connection.stem}-ipc-{n}" for n in range(1, 6)}
        assert max(len(str(p)) for p in connection.parent.iterdir()) == len(
            str(connection.parent / open_lab.SOCKET))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
