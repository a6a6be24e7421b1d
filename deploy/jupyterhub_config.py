"""JupyterHub for a class on one machine: README.md beside this file says how to use it.

Everything that a class may want to change is in the first paragraph. A test keeps the figures
equal to those of README.md and values.yaml.
"""

import sys
from pathlib import Path

MEMORY_EXPECTED = "350M"  # of one reader: the server and a kernel that has run any chapter
MEMORY_LIMIT = "1G"  # the server and four such kernels
CPU_LIMIT = 1.0  # cores
IDLE_SECONDS = 3600  # then a reader's server stops; what is saved stays
KERNEL_IDLE_SECONDS = 1800  # a kernel whose notebook is closed goes earlier
START_SECONDS = 180  # twenty readers who come at once wait for each other
READERS_GROUP = "readers"

BOOK = Path(__file__).resolve().parents[1]
READERS = BOOK / ".venv"  # the book's packages, and those of the hub that a server needs

c = get_config()  # noqa: F821 - JupyterHub provides it

# Only this machine reaches the hub: a web server with a certificate has to stand before it.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_ip = "127.0.0.1"
# That server says whether a request came by https, and the hub then marks its cookies Secure. The
# proxy would add its own X-Forwarded-Proto, which is always http.
c.ConfigurableHTTPProxy.command = ["configurable-http-proxy", "--no-x-forward"]

# Whoever has an account of this machine and belongs to the group may log in.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {READERS_GROUP}

c.JupyterHub.spawner_class = "systemd"
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.unit_extra_properties = {"TasksMax": "256", "MemoryLow": MEMORY_EXPECTED}

c.Spawner.mem_limit = MEMORY_LIMIT
c.Spawner.cpu_limit = CPU_LIMIT
c.Spawner.cmd = [str(READERS / "bin" / "jupyterhub-singleuser")]
c.Spawner.args = [
    f"--MappingKernelManager.cull_idle_timeout={KERNEL_IDLE_SECONDS}",
    "--KernelManager.transport=ipc",  # sockets of the reader's own: every user could try a port
]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = START_SECONDS
c.Spawner.environment = {
    # Otherwise `python` in a notebook's shell would be the hub's, which has no book.
    "PATH": f"{READERS / 'bin'}:/usr/local/bin:/usr/bin:/bin",
    # One thread each: readers share the cores, and a second would wait for another's first.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONSTARTUP": str(BOOK / "tools" / "kernel_startup.py"),  # as in `make lab`
}

c.JupyterHub.load_roles = [{
    "name": "idle-culler",
    "services": ["idle-culler"],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
}]
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE_SECONDS}"],
}]
