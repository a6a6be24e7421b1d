"""What a reader of each chapter takes: the resident memory of a kernel that ran it to its end.

    python benchmarks/memory.py          every chapter
    python benchmarks/memory.py 09 12    those whose names begin so, cell by cell

The last lines name the chapter that takes most. The peak is the system's own count.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
import psutil
from aims import aim
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from run_chapters import kernel_environment  # noqa: E402

AIM = 200  # MB of 2**20 bytes
NOTABLE = 4


def megabytes(process):
    """What the kernel holds now, and the most that it has held."""
    now, status = process.memory_info().rss / 2**20, Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return now, now
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return now, int(peak.split()[1]) / 2**10


def measure(path, scratch, cell_by_cell):
    """(megabytes at the end, megabytes at the most) of one notebook in a fresh kernel."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, kernel_name="python3", timeout=300, store_widget_state=True,
                            extra_arguments=["--log-level=ERROR"],
                            resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel(env=kernel_environment(scratch)):
        process = psutil.Process(client.km.provisioner.process.pid)
        before, _ = megabytes(process)
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
            after, _ = megabytes(process)
            if cell_by_cell and abs(after - before) >= NOTABLE:
                print(f"    {after - before:+5.0f} to {after:4.0f}   {cell.id}")
            before = after
        return megabytes(process)


def main():
    wanted = tuple(sys.argv[1:])
    ends = {}
    print("chapter                          MB at the end   at the most")
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        if wanted and not path.name.startswith(wanted):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            end, peak = measure(path, scratch, bool(wanted))
        print(f"{path.stem:<32} {end:13.0f} {peak:13.0f}", flush=True)
        ends[path.stem] = end
    most = max(ends, key=ends.get)
    print(f"the most: {most}")
    aim("a kernel at the end of its chapter", ends[most], AIM, "MB")


if __name__ == "__main__":
    main()
