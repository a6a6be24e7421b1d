// The claims as a table. Filtering happens here, in the page; all text goes in as text nodes.

import { focusable, make } from "./dom.js";
import { choice, named, wanted } from "./filters.js";

/** @typedef {[string, string][]} Runs */
/** @typedef {{number: string, document: string, verdict: string, says: Runs, correct: Runs, check: string, chapters: string[]}} Row */

// Runs of [style, text], the style being "", "sub" or "sup".
/** @param {Runs} runs */
const sentence = (runs) => runs.map(([style, text]) => (style ? make(style, {}, text) : document.createTextNode(text)));
/** @param {Runs} runs */
const words = (runs) => runs.map(([, text]) => text).join("");

/** @param {Row} row @param {string[]} words @returns {any} */
function line(row, [, sign, verdict]) {
  /** @param {string} name @param {(Node | string)[]} children */
  const cell = (name, ...children) => make("td", { "data-name": name }, ...children);
  return make(
    "tr",
    { class: `audit-${row.verdict}` },
    make("th", { scope: "row" }, row.number),
    cell("says", ...sentence(row.says)),
    cell("verdict", make("span", { "aria-hidden": "true" }, `${sign} `), verdict),
    cell("correct", ...sentence(row.correct)),
    cell("chapter", row.chapters.join(", ")),
    cell("check", row.check || "a definition"),
  );
}

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const rows = /** @type {Row[]} */ (model.get("rows"));
  const all = /** @type {Record<string, string[][]>} */ ({
    verdicts: model.get("verdicts"),
    documents: model.get("documents"),
  });
  const verdicts = Object.fromEntries(all.verdicts.map((verdict) => [verdict[0], verdict]));
  const search = make("input", { type: "search", autocomplete: "off", ...focusable });
  const [document_, documentField] = choice(
    "Document",
    all.documents.map(([n, text]) => [n, `${n}: ${text}`]),
  );
  const [verdict, verdictField] = choice(
    "Verdict",
    all.verdicts.map(([n, sign, text]) => [n, `${sign} ${text}`]),
  );
  const [chapter, chapterField] = choice(
    "Chapter",
    model.get("chapters").map((/** @type {string} */ n) => [n, n]),
  );
  const status = make("p", { class: "audit-status", role: "status", "aria-live": "polite" });
  const head = ["claim", "the document says", "verdict", "what is correct", "chapter", "what is compared"];
  const lines = rows.map((row) => line(row, verdicts[row.verdict]));
  const texts = rows.map((row) => [row.number, words(row.says), words(row.correct), row.check].join(" ").toLowerCase());
  const body = make("tbody", {}, ...lines);
  const table = make(
    "table",
    {},
    make("caption", {}, "Claims of the source documents"),
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
    body,
  );
  const box = make(
    "div",
    { class: "audit-scroll", tabindex: "0", role: "region", "aria-label": "Table of claims", ...focusable },
    table,
  );

  const filter = () => {
    const sought = wanted(search.value);
    let shown = 0;
    rows.forEach((row, n) => {
      const fits =
        sought.every((word) => texts[n].includes(word)) &&
        (!document_.value || row.document === document_.value) &&
        (!verdict.value || row.verdict === verdict.value) &&
        (!chapter.value || row.chapters.includes(chapter.value));
      lines[n].hidden = !fits;
      shown += Number(fits);
    });
    status.textContent = `${shown} of ${rows.length} claims`;
  };
  for (const field of [search, document_, verdict, chapter]) field.addEventListener("input", filter);
  filter();
  const fields = make(
    "div",
    { class: "audit-fields" },
    named("Search", search),
    documentField,
    verdictField,
    chapterField,
  );
  el.append(make("div", { class: "audit" }, fields, status, box));
}

export default { render };
