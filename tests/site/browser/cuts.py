"""What is cut of a page's explorers: titles, sums, lines of tables, what scrolls without a cue."""

CUT = """() => [...document.querySelectorAll('.explorer')].filter(e => e.checkVisibility())
  .flatMap((e, n) => {
    const all = selector => [...e.querySelectorAll(selector)];
    const [edge, said] = [e.getBoundingClientRect().right + 1, e.querySelector('.explorer-said')];
    const wrong = all('.explorer-title')
      .filter(t => t.scrollWidth > t.clientWidth || t.getBoundingClientRect().right > edge)
      .map(t => `title ${t.textContent}`);
    const last = [...said.querySelectorAll('p')].filter(p => p.offsetHeight && p.textContent)
      .map(p => p.getBoundingClientRect().bottom);
    if (Math.max(...last) > said.getBoundingClientRect().bottom) wrong.push('sum');
    for (const box of all('.explorer-table .explorer-scroll')) {
      const [head, line] = ['thead', 'tbody tr'].map(s => box.querySelector(s).offsetHeight);
      const shown = (box.clientHeight - head) / line;
      if (Math.abs(shown - Math.round(shown)) > 0.05) wrong.push(`${shown} lines`);
      const rows = box.querySelectorAll('tbody tr').length;
      if (rows <= 6 && shown < rows) wrong.push(`${shown} of ${rows} lines`);
      if (box.classList.contains('explorer-more-below') !== shown < rows) wrong.push('no cue');
    }
    const name = box => box.className.replace(/ .*/, '');
    for (const row of all('.explorer-view, .explorer-controls'))
      if (row.scrollWidth > row.clientWidth + 2
          && !/gradient/.test(getComputedStyle(row, '::after').backgroundImage))
        wrong.push(`hard edge of ${name(row)}`);
    for (const box of all('.explorer-plane, .explorer-scroll, .explorer-lattice-box')) {
      const { borderRightStyle: right, borderBottomStyle: below } = getComputedStyle(box);
      if (box.scrollWidth > box.clientWidth + 2 && right !== 'dotted')
        wrong.push(`hard right edge of ${name(box)}`);
      if (box.scrollHeight > box.clientHeight + 2 && below !== 'dotted'
          && !box.matches('.explorer-plane')) wrong.push(`hard lower edge of ${name(box)}`);
    }
    return wrong.map(words => `${n}: ${words}`);
  })"""
SETTLED_CUT = f"""async () => {{
  document.querySelectorAll('.explorer-listing').forEach(e => {{ e.open = true; }});
  const frames = document.querySelector('.explorer') ? 8 : 0;  // twice what it measures in
  const unsettled = () => document.querySelector('.explorer-unsettled');
  for (let n = 0; n < frames || (unsettled() && n < 1200); n++)
    await new Promise(requestAnimationFrame);
  return ({CUT})(); }}"""


def cut(page):
    """What is cut of the page's explorers, each with its listing open, when they have settled."""
    return [f"cuts of its explorer {words}" for words in page.evaluate(SETTLED_CUT)]
