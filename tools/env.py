"""Set up .venv from a lock file, and keep the locks.

    python tools/env.py lab            what a reader needs (requirements.lock)
    python tools/env.py dev            tests and book too (requirements-dev.lock)
    python tools/env.py oldest         the floors of pyproject.toml (requirements-oldest.lock), in
                                       .venv-oldest
    python tools/env.py lock [...]     pin everything again; options go to `uv pip compile`
    python tools/env.py need torch     fail, naming the install command, where it is missing
    python tools/env.py need chromium

Standard library only: this script runs before anything is installed.
"""
import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / (".venv-oldest" if "oldest" in sys.argv[1:2] else ".venv")
STAMP = VENV / "flipped-kernel.stamp"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"lab": "requirements.lock", "dev": "requirements-dev.lock",
         "oldest": "requirements-oldest.lock"}
LIVE = "site/live/requirements.lock"  # for the Python of a browser
TOOLS = "--extra", "test", "--extra", "book"
RESOLVED = {  # the dev set first, then the readers' set as a part of it: the two never disagree
    "dev": TOOLS, "lab": ("-c", LOCKS["dev"]), "oldest": (*TOOLS, "--resolution", "lowest-direct")}
TORCH = "torch==2.13.0"
NO_NETWORK = re.compile(  # as pip says it
    "Failed to establish a new connection|NewConnectionError|Temporary failure in name resolution|"
    "Name or service not known|getaddrinfo failed|Network is unreachable|ConnectTimeout|"
    "ProxyError|Read timed out")
CHROMIUMS = "chromium", "chromium-browser", "google-chrome", "chrome"


def say(*words):
    print("flipped-kernel:", *words, flush=True)


def run(*args, **kwargs):
    """The environment's own Python; a failure is an exception."""
    return subprocess.run([str(PYTHON), *map(str, args)], cwd=ROOT, check=True, **kwargs)


def pip(*args):
    """Install; without a network that is said, and at once."""
    try:
        run("-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", 1, *args,
            stderr=subprocess.PIPE, text=True)
    except subprocess.CalledProcessError as error:
        if NO_NETWORK.search(error.stderr):
            sys.exit("The packages cannot be loaded: the network, or the proxy to it, does not "
                     "answer.\nTry again with a connection. It is needed this once: afterwards "
                     "the book asks for nothing.")
        print(error.stderr, file=sys.stderr)
        raise


def works():
    """False too where .venv outlived the Python that made it."""
    try:
        return bool(run("-c", "", stderr=subprocess.DEVNULL))
    except (OSError, subprocess.CalledProcessError):
        return False


def fingerprint(kind):
    """What an environment is made from: it is made anew only when this changes."""
    sources = ROOT / LOCKS[kind], ROOT / "pyproject.toml"
    return f"{kind} {hashlib.sha256(b''.join(p.read_bytes() for p in sources)).hexdigest()} {ROOT}"


def ready(kind):
    # The dev lock holds every line of the readers' lock, so a dev environment serves both.
    made_from = {fingerprint(kind), fingerprint("oldest" if kind == "oldest" else "dev")}
    return STAMP.exists() and STAMP.read_text() in made_from and works()


def uv_environment(pip_config, environ):
    """uv does not read pip's configuration: turn `pip config list` into uv's variables.

    An index may lack a pinned version that another one has, so uv has to look at all of them;
    the hashes make that safe. A variable that is already set stays.
    """
    found = {}
    for section in "global", "install", ":env:":  # pip's own precedence: the last one wins
        for option, value in re.findall(rf"^{section}\.([\w-]+)=(.*)$", pip_config, re.M):
            found[option] = ast.literal_eval(value).split()
    variables = {
        "index-url": ("UV_DEFAULT_INDEX", " "),
        "extra-index-url": ("UV_INDEX", " "),
        "find-links": ("UV_FIND_LINKS", ","),
        "no-index": ("UV_NO_INDEX", " "),
        "trusted-host": ("UV_INSECURE_HOST", " "),
        "cert": ("SSL_CERT_FILE", " "),
        "proxy": ("HTTPS_PROXY", " "),
    }
    handed_on = {
        name: separator.join(found[option])
        for option, (name, separator) in variables.items()
        if option in found
    }
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **handed_on, **environ}


def uv(*args, hidden=()):
    config = run("-m", "pip", "config", "list", capture_output=True, text=True).stdout
    env = uv_environment(config, os.environ)
    run("-m", "uv", *args, "-q", env={k: v for k, v in env.items() if k not in hidden})


def install(lock):
    """By uv, itself pinned in the lock; by pip alone, which is slower, where uv fails."""
    checked = "--require-hashes", "-r"
    try:
        uv_only = re.search(r"^uv==.*\n(?: +--hash.*\n)+", lock.read_text(), re.M).group()
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder, "uv.txt")
            cut.write_text(uv_only)
            pip(*checked, cut)
        uv("pip", "install", "--python", PYTHON, "--compile-bytecode", *checked, lock)
    except (OSError, subprocess.CalledProcessError):
        say("uv could not install here: pip takes over, which needs some minutes")
        pip(*checked, lock)


def unwritable(folder):
    """Why nobody can write into a folder, in the system's words; "" where one can."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def shadowed():
    """Folders of PYTHONPATH that bring packages of their own before those of the book."""
    folders = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [folder for folder in folders if folder and (Path(folder) / "numpy").is_dir()]


def setup(kind):
    if folders := shadowed():
        sys.exit(f"PYTHONPATH brings another NumPy before the book's, from {', '.join(folders)}.\n"
                 f"Start without it:\n  PYTHONPATH= make {'lab' if kind == 'lab' else 'test'}")
    if ready(kind):
        return
    cannot_write = unwritable(VENV if VENV.exists() else ROOT)
    if cannot_write:
        sys.exit(f"The book's packages have to be installed in {VENV}, which cannot be written: "
                 f"{cannot_write}.\nCopy the folder to a place of your own, and start there:\n"
                 f"  cp -r '{ROOT}' ~/flipped-kernel && cd ~/flipped-kernel && make lab")
    if not works():
        say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            sys.exit("Python cannot make a virtual environment here. Either install venv "
                     "(apt-get install python3-venv) or use conda:\n"
                     "  conda env create -f environment.yml")
    STAMP.unlink(missing_ok=True)
    lock = ROOT / LOCKS[kind]
    say(f"installing {lock.name} with hashes checked: a minute or two, this once")
    install(lock)
    say("installing convlib and figures in place")
    pip("--no-deps", "--no-build-isolation", "-e", ROOT)
    # Isolated and from another folder, so that nothing but the installation can be found.
    with tempfile.TemporaryDirectory() as elsewhere:
        subprocess.run([str(PYTHON), "-I", "-c", "import convlib"], cwd=elsewhere, check=True)
    STAMP.write_text(fingerprint(kind))
    say("ready")


def lock(*options):
    setup("dev")
    for kind, extra in RESOLVED.items():
        pin(LOCKS[kind], "pyproject.toml", "--extra", "lab", "--extra", "setup", *extra,
            "--universal", "--fork-strategy", "fewest", "--python-version", "3.11", *options)
    pin(LIVE, LIVE.replace(".lock", ".in"), "--python-platform", "wasm32-pyodide2024",
        "--python-version", "3.14", *options)


def pin(lock, *wanted):
    say("resolving", lock)
    uv("pip", "compile", *wanted, "--generate-hashes", "--custom-compile-command", "make lock",
       "-o", lock,
       # Only the main index: a rebuilt file of a local one has a hash that nobody else can get.
       hidden=("UV_INDEX", "UV_FIND_LINKS"))


def need(what):
    if what == "torch":
        try:
            run("-c", "import torch", stderr=subprocess.DEVNULL)
        except subprocess.CalledProcessError:
            here = PYTHON.relative_to(ROOT).as_posix()
            sys.exit(f"PyTorch is missing. To install it:\n  {here} -m pip install {TORCH}")
    else:
        named = os.environ.get("CHROMIUM")
        if not any(map(shutil.which, [named] if named else CHROMIUMS)):
            sys.exit("Chromium is missing (looked at $CHROMIUM, then at PATH). To install it:\n"
                     "  apt-get install chromium")


def main(command, *args):
    if sys.version_info < (3, 11):  # noqa: UP036 - nothing has checked it before
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. "
                 "Name another one: make lab PYTHON=python3.12")
    commands = {"lock": lock, "need": need}
    try:
        commands[command](*args) if command in commands else setup(command)
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(map(str, error.cmd))}")
    except OSError as error:
        sys.exit(f"failed: {error}. Is there room on the disk, and may you write in {ROOT}?")


if __name__ == "__main__":
    main(*sys.argv[1:])
