"""Every benchmark, and then one page: each figure beside its aim.

    python benchmarks/page.py             runs them, prints the page, writes _build/benchmarks.json
    python benchmarks/page.py OLD NEW     two such files side by side

A figure is the less the better. Those of speed are ratios to a peer in the same run, so that two
machines, or a quiet and a busy one, can be compared.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from aims import FILE

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "_build/benchmarks.json"
SCRIPTS = ("kernels", "training", "sliders", "explorer", "site", "memory")
PACKAGES = ("numpy", "matplotlib", "ipywidgets", "jupyterlab", "torch", "playwright")
CHANGED = 0.1  # of a figure: less is noise


def machine():
    """What the figures depend on."""
    model = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo")
             if line.startswith("model name")]
    found = {package.name: package.version for package in distributions()}
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True,
                            capture_output=True)
    return {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "commit": commit.stdout.strip(),
            "processor": model[0] if model else platform.processor(), "cores": os.cpu_count(),
            "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            "system": f"{platform.system()} {platform.release()}",
            "Python": platform.python_version(),
            **{name: found.get(name, "not installed") for name in PACKAGES}}


def _lines(file):
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def run():
    """{"machine": ..., "figures": {script: [{text, value, aim, unit}]}}, and what has failed."""
    found, failed = {"machine": machine(), "figures": {}}, []
    with tempfile.TemporaryDirectory() as scratch:
        for name in SCRIPTS:
            print(f"\n--- {name}", flush=True)
            kept = Path(scratch, name)
            done = subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py")],
                                  cwd=ROOT, env=os.environ | {FILE: str(kept)})
            failed += [name] if done.returncode else []
            found["figures"][name] = [json.loads(line) for line in _lines(kept)]
    return found, failed


def page(found):
    """The figures as lines of text, a script after the other."""
    lines = [", ".join(f"{name} {value}" for name, value in found["machine"].items())]
    for name, figures in found["figures"].items():
        lines += ["", f"{name:60}{'figure':>10}{'aim':>10}"]
        lines += [f"{one['text'][:60]:60}{one['value']:10.3g}{one['aim']:10g}"
                  + f" {one['unit']:4}" * bool(one["unit"])
                  + "   not reached" * (one["value"] > one["aim"]) for one in figures]
    return lines


def compared(old, new):
    """Two runs: what is in both, with the change where it is more than noise."""
    lines = [f"{name}: {old['machine'].get(name)}, {new['machine'][name]}"
             for name in new["machine"] if old["machine"].get(name) != new["machine"][name]]
    for name, figures in new["figures"].items():
        before = {one["text"]: one["value"] for one in old["figures"].get(name, [])}
        lines += ["", f"{name:60}{'old':>10}{'new':>10}"]
        for one in figures:
            if (was := before.get(one["text"])) is None:
                continue
            change = one["value"] / was - 1 if was else 0.0
            lines.append(f"{one['text'][:60]:60}{was:10.3g}{one['value']:10.3g}"
                         + f" {change:+6.0%}" * (abs(change) > CHANGED))
    return lines


def main():
    if files := sys.argv[1:]:
        old, new = (json.loads(Path(file).read_text(encoding="utf-8")) for file in files)
        print("\n".join(compared(old, new)))
        return
    found, failed = run()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print("\n" + "\n".join(page(found)) + f"\n\n{KEPT.relative_to(ROOT)} keeps them.")
    if failed:
        sys.exit(f"without figures, for they failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
