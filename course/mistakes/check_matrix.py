"""The mistake lab: which check catches which wrong gradient, computed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from course.mistakes.catalogue import MISTAKES
from course.mistakes.checks import CHECKS, RIGHT_CHECKS
from course.mistakes.points import GENERIC, RIGHT

__all__ = ["CHECKS", "GENERIC", "RIGHT", "RIGHT_CHECKS", "Verdicts", "verdicts"]


@dataclass(frozen=True)
class Verdicts:
    """Which check catches which mistake. Shows as a table.

    Attributes
    ----------
    noticed : dict
        noticed[mistake][check]: True, False, or None where the check does not apply.
    shown : tuple of str
        The mistakes whose rows are shown; all of them if there are none.
    """

    noticed: dict[str, dict[str, bool | None]]
    shown: tuple[str, ...] = ()

    def rows(self, *names: str) -> "Verdicts":
        """The same table showing only these rows; its totals still count every mistake."""
        return replace(self, shown=names)

    def missed_by(self, check: str) -> list[str]:
        """The mistakes that a check lets pass."""
        return [name for name, row in self.noticed.items() if row[check] is False]

    def caught(self) -> dict[str, int]:
        """How many mistakes each check catches."""
        return {check: sum(row[check] is True for row in self.noticed.values())
                for check in self._checks()}

    def _checks(self) -> list[str]:
        return list(next(iter(self.noticed.values())))

    def _shown(self) -> dict[str, dict[str, bool | None]]:
        return {name: self.noticed[name] for name in self.shown or self.noticed}

    def _total(self) -> str:
        return "number caught" + (f", of {len(self.noticed)}" if self.shown else "")

    def __repr__(self) -> str:
        marks = {True: "x", False: ".", None: "-"}
        lines = [f"{n:2} {check.replace('_', ' ')}" for n, check in enumerate(self._checks(), 1)]
        lines += ["", f"{'':28}" + "".join(f"{n:>3}" for n in range(1, len(lines) + 1))]
        lines += [f"{name:28}" + "".join(f"{marks[seen]:>3}" for seen in row.values())
                  for name, row in self._shown().items()]
        lines += [f"{self._total():28}" + "".join(f"{n:>3}" for n in self.caught().values())]
        return "\n".join([*lines, "", "x = caught, . = not caught, - = the check does not apply"])

    def _repr_html_(self) -> str:
        signs = {True: "✓", False: "·", None: "–"}
        upright = "writing-mode:vertical-rl; transform:rotate(180deg); white-space:nowrap"
        head = "".join(f"<th scope='col' style='vertical-align:bottom; padding:4px 2px'>"
                       f"<span style='{upright}'>{check.replace('_', ' ')}</span></th>"
                       for check in self._checks())
        body = "".join(
            f"<tr><th scope='row' style='text-align:left; white-space:nowrap; padding:1px 6px'>"
            f"{name.replace('_', ' ')}</th>" + "".join(
                f"<td style='text-align:center; padding:1px 6px'>{signs[seen]}</td>"
                for seen in row.values()) + "</tr>" for name, row in self._shown().items())
        foot = "".join(f"<td style='text-align:center; padding:1px 6px'><b>{n}</b></td>"
                       for n in self.caught().values())
        return ("<div style='overflow-x:auto; font-size:0.8em'><table>"
                "<caption style='color:inherit'>Which check catches which mistake: ✓ caught, "
                "· not caught, – the check does not apply</caption><thead><tr><th scope='col' "
                f"style='text-align:left; vertical-align:bottom'>mistake</th>{head}</tr></thead>"
                f"<tbody>{body}</tbody><tfoot><tr><th scope='row' style='text-align:left; "
                f"padding:1px 6px'>{self._total()}</th>{foot}</tr></tfoot></table></div>")


def verdicts(names: Iterable[str] | None = None, checks: Iterable[str] | None = None) -> Verdicts:
    """Try every check on every mistake.

    Parameters
    ----------
    names, checks : iterable of str
        Those of MISTAKES and of CHECKS; all of them if none are given.

    Returns
    -------
    Verdicts
        What each check says to each mistake.

    Raises
    ------
    AssertionError
        For a check that rejects the right gradient.
    """
    checks = tuple(checks or CHECKS)
    for check, kind in product(checks, RIGHT):
        assert not CHECKS[check](RIGHT[kind], kind), f"{check} rejects what is right: {kind}"
    return Verdicts({name: {check: CHECKS[check](MISTAKES[name], MISTAKES[name].replaces)
                            for check in checks} for name in names or MISTAKES})
