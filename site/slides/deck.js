// Starts reveal.js. Arrow keys and Space turn the slides, Esc shows all of them, F fills the screen.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
window.deck = Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.06,
  center: false,
  display: "flex", // a picture takes the height that the words leave
  hash: true,
  slideNumber: "c/t",
  transition: still ? "none" : "fade",
  backgroundTransition: "none",
});
