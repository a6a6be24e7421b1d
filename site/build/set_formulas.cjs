// Reads [{ tex, display }, ...] on standard input and writes { formulas: [html, ...], css }.
// MathJax sets each formula once, with the MathML that a screen reader speaks beside it.

const mathjax = require("mathjax/es5/node-main.js");
const { readFileSync } = require("node:fs");

const MEASURES = { em: 16, ex: 8, containerWidth: 720 }; // pixels of the page's text

async function main() {
  const wanted = JSON.parse(readFileSync(0, "utf8"));
  const MathJax = await mathjax.init({
    loader: { load: ["input/tex-full", "output/chtml", "a11y/assistive-mml"] },
    tex: { packages: { "[-]": ["noundefined", "noerrors"] } }, // a wrong formula is an error, not red text
    chtml: { fontURL: "mathjax-fonts", scale: 1.13 }, // its small letters are lower than those of the text
  });
  const { adaptor } = MathJax.startup;
  const formulas = [];
  for (const { tex, display } of wanted) {
    const node = await MathJax.tex2chtmlPromise(tex, { display, ...MEASURES });
    formulas.push(adaptor.outerHTML(node));
  }
  process.stdout.write(JSON.stringify({ formulas, css: adaptor.textContent(MathJax.chtmlStylesheet()) }));
}

main().catch((error) => {
  process.stderr.write(`${error.message ?? error}\n`);
  process.exit(1);
});
