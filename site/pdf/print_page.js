// One page of the site, made ready to be a chapter of the printed book; runs in that page.
// Called with the chapter's name and the addresses of all pages -> {title, html, rules, problems}.
// What a reader has to find first (answers, hints, solutions) goes to the chapter's end.

async ({ name, names }) => {
  let article = document.querySelector("article.bd-article");
  const all = (selector, root = article) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // paper is not scrolled: what the page would fetch when it is needed comes now
  for (const image of all("img[loading]")) image.removeAttribute("loading");
  await Promise.all(all("img").map((image) => image.decode().catch(() => {})));

  const problems = [
    ...all("mjx-merror").map((formula) => `formula not typeset: ${formula.textContent}`),
    ...all(".math").filter((box) => !box.querySelector("mjx-container"))
      .map((box) => `formula not typeset: ${box.textContent.trim()}`),
    ...all("img").filter((image) => !image.naturalWidth).map((image) => `no picture: ${image.src}`),
  ];

  // Questions get numbers; pressing Show me tells what the answers' list says.
  const answered = all(".blanks:not(:has(.blanks-line))").map((blanks, k) => {
    const reveal = all("button", blanks).find((button) => button.textContent === "Show me");
    reveal.click();
    const values = all(".blanks-cell", blanks).map((cell) =>
      `${cell.querySelector("label").textContent} = ${cell.querySelector("input").value}`);
    const chosen = all("input:checked + label", blanks).map((label) => label.textContent);
    const why = blanks.querySelector(".blanks-status").textContent.replace(/^This is the answer\. ?/, "");
    reveal.click();
    blanks.querySelector(".blanks-question").prepend(`Question ${k + 1}. `);
    return make("li", {}, `${[...values, ...chosen].join(", ")}. ${why}`);
  });

  article = article.cloneNode(true); // what is changed from here on no script of the page watches

  // The call itself holds the answer: of its cell only what stands before it is printed.
  for (const cell of all(".cell:has(.blanks)")) {
    const code = cell.querySelector(".cell_input");
    if (!code) continue;
    const call = all("pre > span", code).findLast((span) => span.textContent === "ask");
    while (call?.nextSibling) call.nextSibling.remove();
    call?.remove();
    if (code.querySelector("pre").textContent.trim()) cell.before(make("div", { class: "cell" }, code));
    else code.remove();
  }

  // Folded text: [the heading at the end, what goes there].
  const recalled = all("li > details").map((fold) => {
    fold.querySelector("summary").remove();
    const place = [...fold.closest("ol, ul").children].indexOf(fold.closest("li")) + 1;
    fold.remove();
    return make("li", { value: place }, ...fold.childNodes);
  });
  const hints = all("details.hint").map((fold) => {
    fold.remove();
    return make("p", {}, make("strong", {}, `${fold.querySelector("summary").textContent}. `),
      fold.querySelector("p").textContent);
  });
  const solutions = all(".cell.tag_solution").map((cell) => (cell.remove(), cell));
  for (const fold of [article, ...solutions].flatMap((root) => all("details:not(.explorer *)", root))) {
    if (fold.matches(".hide")) fold.querySelector("summary").remove();
    fold.replaceWith(make("div", { class: "unfolded" }, ...fold.childNodes));
  }
  const part = (title, tag, children) =>
    children.length ? [make("h3", {}, title), make(tag, {}, ...children)] : [];
  const end = [...part("Before you start", "ol", recalled), ...part("Questions", "ol", answered),
    ...part("Hints", "div", hints), ...part("Exercises", "div", solutions)];
  if (end.length)
    article.querySelector("section").append(
      make("section", { class: "answers", id: "answers" }, make("h2", {}, "Answers"), ...end));

  all("script, noscript, style, button, .headerlink, mjx-assistive-mml, :is(.live, .probe) > *").forEach((e) => e.remove());

  // Ids are unique in the book, and links between its pages stay in it.
  for (const key of ["id", "for", "name", "aria-labelledby", "aria-describedby", "aria-controls"])
    for (const element of all(`[${key}]`))
      element.setAttribute(key, `${name}--${element.getAttribute(key)}`);
  for (const link of all("a[href]")) {
    const target = new URL(link.href);
    const page = names[target.pathname];
    const anchor = decodeURIComponent(target.hash.slice(1));
    if (page) link.setAttribute("href", `#${page}${anchor && "--" + anchor}`);
    else if (target.origin === location.origin) link.replaceWith(...link.childNodes);
  }
  for (const image of all("img")) image.setAttribute("src", image.src);

  return {
    title: article.querySelector("h1").textContent.trim(),
    html: `<article class="bd-article" id="${name}">${article.innerHTML}</article>`,
    rules: [...document.styleSheets].filter((sheet) => sheet.ownerNode.tagName === "STYLE")
      .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)),
    sheets: all("link[rel=stylesheet]", document).map((sheet) => sheet.href),
    problems,
  };
}
