// The table of products on the cover: its rows travel to the group that they add up in.
// One round by itself, then it waits for the reader; none where motion is not wanted.

const GLIDE = { duration: 700, easing: "cubic-bezier(.4, 0, .2, 1)" };
const PAUSE = 2600; // between two groupings of the first round

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".cover-table");
  if (!box) return;
  const body = box.querySelector("tbody");
  const buttons = [...box.querySelectorAll("button")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function groupBy({ dataset: { by } }) {
    const rows = [...body.rows];
    const before = rows.map((row) => row.getBoundingClientRect().top);
    box.dataset.by = by;
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.by === by);
    body.append(...rows.toSorted((a, b) => a.dataset[by] - b.dataset[by]));
    for (const row of rows) {
      const sum = row.getAttribute(`data-sum-${by}`);
      row.querySelector(".sum").textContent = sum;
      row.classList.toggle("opens", Boolean(sum));
    }
    if (still.matches) return;
    rows.forEach((row, n) => {
      const shift = before[n] - row.getBoundingClientRect().top;
      if (shift) row.animate([{ transform: `translateY(${shift}px)` }, { transform: "none" }], GLIDE);
    });
  }

  let round = [...buttons.slice(1), buttons[0]];
  const stop = () => (round = []);
  const next = () => {
    if (!round.length) return;
    groupBy(round.shift());
    setTimeout(next, PAUSE);
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      stop();
      groupBy(button);
    });
  box.addEventListener("focusin", stop);
  box.firstElementChild.hidden = false;
  groupBy(buttons[0]);
  if (!still.matches) setTimeout(next, PAUSE);
});
