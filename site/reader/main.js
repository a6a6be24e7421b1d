// What the site knows of its reader: veils, marks in the contents, the page that asks again.

import { contents } from "./contents.js";
import { review } from "./review.js";
import { veils } from "./veils.js";

document.addEventListener("DOMContentLoaded", () => {
  veils();
  contents();
  review();
});
