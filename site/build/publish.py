"""Lay the built site into the folder that is served, and keep the editions before it reachable.

    python site/build/publish.py FOLDER

The newest edition is at the root of FOLDER and again in editions/VERSION, where it stays when
the next one comes; editions/index.html lists them. What belongs to the host (.git, CNAME) is
left alone.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = "editions"
LIST = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; base-uri 'none'; form-action 'none'">
<title>Editions of The Flipped Kernel</title>
</head>
<body>
<h1>Editions of The Flipped Kernel</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def publish(site, folder, version):
    """Copy the site to the folder's root and to its edition; return all editions, newest first.

    Raises ValueError where there is no built site, or where the edition exists and differs: what
    readers have cited does not change.
    """
    if not (site / "index.html").exists():
        raise ValueError(f"{site} has no index.html: run make book first")
    edition = folder / EDITIONS / version
    if edition.exists() and contents(edition) != contents(site):
        raise ValueError(f"edition {version} is published already, and this one differs from it: "
                         "raise the version in pyproject.toml")
    for old in folder.glob("[!.]*"):
        if old.name not in (EDITIONS, "CNAME"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(site, folder, dirs_exist_ok=True)
    shutil.copytree(site, edition, dirs_exist_ok=True)
    (folder / ".nojekyll").touch()  # else the host leaves out _static
    kept = sorted((path.name for path in (folder / EDITIONS).iterdir() if path.is_dir()),
                  key=lambda name: [int(part) for part in re.findall(r"\d+", name)], reverse=True)
    items = "\n".join(f'<li><a href="{name}/index.html">{name}</a></li>' for name in kept)
    (folder / EDITIONS / "index.html").write_text(LIST.format(items=items), encoding="utf-8")
    return kept


def contents(folder):
    """The bytes of every file of a folder, by its path in it."""
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    try:
        print("editions:", *publish(ROOT / "_build/html", Path(sys.argv[1]), project["version"]))
    except ValueError as error:
        sys.exit(str(error))
