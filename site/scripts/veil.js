// Before anything is seen: what gives an answer away is veiled until the answer is given. Only on a screen, and only
// where scripts run; reader.js, which comes later, opens a veil and draws this style anew.

const veils = document.head.appendChild(document.createElement("style"));

function drawVeils() {
  let answered = [];
  try {
    answered = Object.keys(localStorage).flatMap((key) => {
      const number = /^flipped-kernel:(Q\w+\.\d+)$/.exec(key)?.[1];
      const { solved, shown } = (number && JSON.parse(localStorage.getItem(key))) || {};
      return solved || shown ? [number] : [];
    });
  } catch {
    // nothing is stored, or nothing may be
  }
  const open = ["[data-opened]", ...answered.map((number) => `[data-question="${number}"]`)];
  const closed = `.veil:not(${open.join()})`;
  veils.textContent = `@media screen {
    ${closed} > .veil-content { content-visibility: hidden; height: 0; overflow: hidden; }
    ${closed} > .veil-bar { display: flex; }
  }`;
}
drawVeils();
