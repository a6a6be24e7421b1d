"""The wheels that the browser's Python may load: each with a hash, in one pyodide-lock.json.

Pyodide loads what its lock lists, from the folder of the lock, and refuses a file of another hash.
So a lock that lists only files of this site keeps a reader's browser from asking anybody else.
"""

import email
import hashlib
import sys
import zipfile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

EMSCRIPTEN = {"sys_platform": "emscripten", "platform_system": "Emscripten",
              "platform_machine": "wasm32", "os_name": "posix"}
EXTRAS = "", "course", "figures"  # of the book's own wheel


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def entry(wheel, python):
    """A wheel as pyodide-lock.json describes it, for this version of Python, such as "3.14"."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        told = email.message_from_bytes(archive.read(metadata))
    environment = EMSCRIPTEN | {"python_version": python, "python_full_version": f"{python}.0"}
    requires = [Requirement(line) for line in told.get_all("Requires-Dist", [])]
    name, version, *_ = parse_wheel_filename(wheel.name)
    return {
        "name": name, "version": str(version), "file_name": wheel.name, "sha256": sha256(wheel),
        "install_dir": "site", "package_type": "package", "unvendored_tests": False,
        "imports": sorted({n.split("/")[0].removesuffix(".py") for n in names
                           if n.endswith("/__init__.py") or ("/" not in n and n.endswith(".py"))}),
        "depends": sorted({canonicalize_name(r.name) for r in requires if not r.marker or any(
            r.marker.evaluate(environment | {"extra": extra}) for extra in EXTRAS)} - {name}),
    }


def needed(packages, roots, besides=()):
    """The entries of these packages, and of all that they depend on; not of those besides."""
    found, wanted = {}, [*roots]
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name not in found and name not in besides:
            if name not in packages:
                sys.exit(f"no wheel of {name}: add it to site/live/requirements.in, run make lock")
            found[name] = packages[name]
            wanted += packages[name]["depends"]
    return dict(sorted(found.items()))


def verified(entries, folder, version):
    """The files of these entries in a folder; ends the build if one is missing or another."""
    wrong = []
    for one in entries.values():
        path = folder / one["file_name"]
        if not path.is_file():
            wrong.append(f"{path.name} is missing")
        elif (found := sha256(path)) != one["sha256"]:
            wrong.append(f"{path.name} has the hash {found}")
    if wrong:
        sys.exit("\n  ".join([f"{folder} does not hold Pyodide's wheels:", *wrong])
                 + "\n\n" + to_download(entries, version))
    return [folder / one["file_name"] for one in entries.values()]


def to_download(entries, version):
    """What a maintainer downloads, to serve NumPy and Matplotlib too."""
    return (f"To serve NumPy and Matplotlib too, take these files from pyodide-{version}.tar.bz2, "
            f"which is release {version} at github.com/pyodide/pyodide, and run "
            "`make live WHEELS=their-folder`:\n"
            + "\n".join(f"  {one['sha256']}  {one['file_name']}" for one in entries.values()))
