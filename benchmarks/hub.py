"""A class on one machine: readers log in to a JupyterHub at once, and each runs chapter 5.

    python benchmarks/hub.py                   twenty readers within ten seconds
    python benchmarks/hub.py --readers 2       a quick try, as in deploy/README.md
    python benchmarks/hub.py --stay            start the hub only, to look at it in a browser

The hub has the settings of deploy/jupyterhub_config.py, except that it runs the readers' servers
as yourself, knows one password for all, and listens on 127.0.0.1 only: nobody else should be on
the machine. A reader does what a browser would: the login form, a server, a kernel, and all cells
of the chapter through its websocket. Memory is the proportional set size (PSS) of the hub and all
that it started, the most of what was seen every second.

JupyterHub is no part of the book. In the folder of the book, once:

    python -m venv ENV
    ENV/bin/python -m pip install --require-hashes -r requirements.lock
    ENV/bin/python -m pip install --require-hashes -r deploy/requirements.lock
    ENV/bin/python -m pip install --no-deps --no-build-isolation -e .
    npm install --prefix ENV configurable-http-proxy@5

Then start it with ENV/bin/python.
"""

import argparse
import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from aims import aim

try:
    import jupyterhub  # noqa: F401
    import psutil
    from hub_reader import Reader, code_cells, visit
    from yarl import URL
except ImportError as error:
    sys.exit(f"{error}.\n\n{__doc__[__doc__.index('JupyterHub is no'):]}")

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = ROOT / "chapters/05_input_gradient.ipynb"
WITHIN = 10  # seconds in which all readers log in
SETTINGS = """\
load_subconfig({deploy!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = {singleuser!r}
"""


def free_ports(count):
    """Ports that nobody listens on; all are held until the last is known."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@contextmanager
def running_hub(password):
    """(the hub's process, its address), stopped at the end with all its servers."""
    ports, programs = free_ports(3), Path(sys.executable).parent
    proxy = programs.parent / "node_modules/.bin"
    path = os.pathsep.join([str(programs), str(proxy), os.environ["PATH"]])
    root = ["--allow-root"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as scratch, Path(scratch, "hub.log").open("w") as log:
        settings = Path(scratch, "jupyterhub_config.py")
        settings.write_text(SETTINGS.format(
            deploy=str(ROOT / "deploy/jupyterhub_config.py"), ports=ports, password=password,
            homes=f"{scratch}/{{username}}",
            singleuser=[str(programs / "jupyterhub-singleuser"), *root]))
        process = subprocess.Popen([sys.executable, "-m", "jupyterhub", "-f", str(settings)],
                                   cwd=scratch, env=os.environ | {"PATH": path}, stdout=log,
                                   stderr=subprocess.STDOUT)
        hub, address = psutil.Process(process.pid), URL(f"http://127.0.0.1:{ports[0]}")
        try:
            wait_for(process, address, Path(log.name))
            yield hub, address
        finally:
            process.terminate()
            process.wait(60)


def wait_for(process, address, log):
    for _ in range(600):
        with suppress(OSError), urlopen(str(address / "hub/health")):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"The hub did not start. Its last words:\n{log.read_text()[-2000:]}")


def shared_out(hub):
    """Bytes of the hub and all that it started, where a page of several counts once in all."""
    total = 0
    for process in [hub, *hub.children(recursive=True)]:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except OSError:  # it has ended meanwhile
            continue
        total += int(rollup.split("\nPss:")[1].split()[0]) * 1024
    return total


async def watch(hub, seen):
    while True:
        seen.append(await asyncio.to_thread(shared_out, hub))
        await asyncio.sleep(1)


async def alone(hub, address, password, cells):
    """Seconds of a Run All when nobody else is there and the system has read all files before."""
    print(f"the hub and its proxy: {shared_out(hub) / 2**20:.0f} MB", flush=True)
    there, seconds = await visit(Reader("alone", password, address), cells, runs=2)
    print(f"one reader: server after {there:.1f} s, Run All of {len(cells)} cells {seconds:.1f} s",
          flush=True)
    return seconds


async def together(hub, address, password, cells, count, lone):
    seen = []
    watcher = asyncio.create_task(watch(hub, seen))
    visits = [visit(Reader(f"reader{i:02}", password, address), cells, WITHIN * i / count)
              for i in range(count)]
    ends = await asyncio.gather(*visits, return_exceptions=True)
    watcher.cancel()
    failures = [end for end in ends if isinstance(end, BaseException)]
    for failure in failures:
        print("failed:", str(failure) or repr(failure))
    aim("readers who failed", len(failures), 0)
    if len(failures) == count:
        return
    servers, runs = zip(*(end for end in ends if end not in failures), strict=True)
    per_core = max(count / len(os.sched_getaffinity(0)), 1)
    print(f"{count} readers, {per_core:g} per core: server after {min(servers):.1f} to "
          f"{max(servers):.1f} s, Run All {min(runs):.1f} to {max(runs):.1f} s")
    aim(f"memory of {count} readers and the hub", max(seen) / 2**30, 6, "GB")
    aim("slowest Run All to a lone one, per reader of a core", max(runs) / lone / per_core, 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--stay", action="store_true")
    options = parser.parse_args()
    password = secrets.token_urlsafe(8)
    with running_hub(password) as (hub, address):
        if options.stay:
            print(f"{address}: any name, password {password}; Ctrl-C ends it", flush=True)
            with suppress(KeyboardInterrupt):
                hub.wait()
            return
        lone = asyncio.run(alone(hub, address, password, code_cells(CHAPTER)))
    with running_hub(password) as (hub, address):
        asyncio.run(together(hub, address, password, code_cells(CHAPTER), options.readers, lone))


if __name__ == "__main__":
    main()
