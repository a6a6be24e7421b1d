// Widget classes such as anywidget's are looked for beside this script, not beside the page.
requirejs.config({ baseUrl: document.currentScript.src.replace(/[^/]*$/, "") });

// ipywidgets typesets its labels in the words of MathJax 2; the page has MathJax 3.
window.addEventListener("load", () => {
  MathJax.Hub = { Queue: ([, , element]) => MathJax.typesetPromise([element]) };
});
