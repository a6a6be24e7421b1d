"""A pytest plugin: course and figures cannot be imported, as for somebody who has only convlib.

    python -m pytest -p tests.convlib.alone tests/convlib
"""

import sys

HIDDEN = "course", "figures"


class Hidden:
    """Refuses what the library must not need."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"{name} is hidden: convlib works by itself", name=name)


sys.meta_path.insert(0, Hidden())
