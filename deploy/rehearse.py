"""Carry out the lines of Dockerfile, or the ```bash blocks of README.md, in an empty Debian.

    python deploy/rehearse.py deploy/Dockerfile FOLDER --then COMMAND
    python deploy/rehearse.py deploy/README.md FOLDER

No Docker is needed, only root, debootstrap and Linux: it fills FOLDER with the smallest Debian
(one that is there already is used as it is) and runs every line there, with mounts and processes
of its own; the first that fails ends it. A COPY takes what git tracks, as it is on the disk.

What this machine needs to reach its packages is told from outside, and written nowhere:
--mirror for debootstrap, --env NAME=VALUE for every line (PIP_CERT=...), --bind FROM:TO for a file
or folder that they need, read only. --then runs one more command, as the image would be run.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOK = "/srv/flipped-kernel"  # where README.md puts the book


def instructions(dockerfile):
    """(WORD, the rest) of each instruction, its lines joined."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def blocks(page):
    """The ```bash blocks, in their order."""
    return re.findall(r"^```bash\n(.*?)^```", page, re.M | re.S)


class Machine:
    """A Debian in a folder."""

    def __init__(self, root, options):
        self.root, self.binds = root.resolve(), options.bind
        self.outside = dict(entry.split("=", 1) for entry in options.env)
        self.env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        self.user, self.folder = "root", "/"

    def make(self, suite, mirror):
        if not (self.root / "etc/debian_version").exists():
            subprocess.run(["debootstrap", "--variant=minbase", suite, self.root,
                            *([mirror] if mirror else [])], check=True, stdout=sys.stderr)

    def run(self, command, shell="sh"):
        """Run it inside, and say how long it took."""
        mounts = [f"mount -t proc proc {self.root}/proc", f"mount --rbind /dev {self.root}/dev",
                  f"mount -t tmpfs tmpfs {self.root}/tmp"]
        if Path("/etc/resolv.conf").exists():
            (self.root / "etc/resolv.conf").touch()
            mounts.append(f"mount --bind /etc/resolv.conf {self.root}/etc/resolv.conf")
        for entry in self.binds:
            source, target = entry.split(":")
            inside = self.root / target.lstrip("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.mkdir(exist_ok=True) if Path(source).is_dir() else inside.touch()
            mounts.append(f"mount --bind -o ro {source} {inside}")
        users = (self.root / "etc/passwd").read_text().splitlines()
        home = {user[0]: user[5] for user in (line.split(":") for line in users)}[self.user]
        variables = [f"{name}={value}" for name, value in
                     ({"HOME": home} | self.env | self.outside).items()]
        inside = shlex.join(["chroot", f"--userspec={self.user}", str(self.root), "/usr/bin/env",
                             "-i", *variables, shell, "-ec", f"cd {self.folder}\n{command}"])
        start = time.monotonic()
        subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec",
                        "\n".join([*mounts, f"exec {inside}"])], check=True)
        print(f"    {time.monotonic() - start:.1f} s", flush=True)

    def inside(self, path):
        return self.root / os.path.normpath(f"{self.folder}/{path}").lstrip("/")

    def copy(self, sources, target):
        """What git tracks of these files and folders, as COPY does: of a folder, its content."""
        for source in sources:
            tracked = subprocess.run(["git", "ls-files", "-z", "--", source], cwd=ROOT, check=True,
                                     capture_output=True, text=True).stdout.split("\0")[:-1]
            if not tracked:
                sys.exit(f"COPY {source}: git tracks no such file")
            for name in tracked:
                within = Path(name).relative_to(source) if (ROOT / source).is_dir() else ""
                into = self.inside(target) / (within or
                                              (Path(name).name if target.endswith("/") else ""))
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, into)


def follow_dockerfile(text, machine, mirror):
    command = []
    for word, rest in instructions(text):
        print(word, rest if len(rest) < 200 else f"{rest[:200]} ...", flush=True)
        if word == "FROM":
            machine.make(re.fullmatch(r"debian:(\w+)-slim", rest)[1], mirror)
        elif word == "RUN":
            machine.run(rest)
        elif word == "ENV":
            machine.env.update([rest.split("=", 1)])
        elif word == "COPY":
            *sources, target = rest.split()
            machine.copy(sources, target)
        elif word == "WORKDIR":
            machine.folder = rest
            machine.inside(".").mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            machine.user = rest
        elif word == "CMD":
            command = rest
        else:
            sys.exit(f"{word} is not known here")
    return command


def follow_page(text, machine, mirror):
    machine.make(re.search(r"Debian \d+ \((\w+)\)", text)[1], mirror)
    machine.copy(["."], BOOK)
    for block in blocks(text):
        print(block, end="", flush=True)
        machine.run(block, "bash")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirror")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--bind", action="append", default=[], metavar="FROM:TO")
    parser.add_argument("--then", metavar="COMMAND")
    options = parser.parse_args()
    machine = Machine(options.folder, options)
    follow = follow_page if options.what.suffix == ".md" else follow_dockerfile
    try:
        follow(options.what.read_text(encoding="utf-8"), machine, options.mirror)
        if options.then:
            print(options.then, flush=True)
            machine.run(options.then, "bash")
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed with {error.returncode}")
    size = subprocess.run(["du", "-sxm", machine.root], capture_output=True, text=True).stdout
    print(f"all lines held; the folder takes {size.split()[0]} MB")


if __name__ == "__main__":
    main()
