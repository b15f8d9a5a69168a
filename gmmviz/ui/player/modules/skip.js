// The way past navigation and controls to the film: a link before all else in the document, seen when a key comes to it.

const WORDS = "Skip to the film";

let films = 0;

/** Give a film its link, which leads to Play or, where that is locked, to the film; return what takes the link away. */
export function skipTo(root) {
  root.id ||= `film-${films++}`;
  root.tabIndex = -1; // to be gone to, and no stop on the way
  const link = document.createElement("a");
  Object.assign(link, { className: "film-skip", href: `#${root.id}`, textContent: WORDS });
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address is the page's
    root.scrollIntoView();
    (root.querySelector("[data-act=play]:enabled") ?? root).focus();
  });
  (root.closest(".stApp") ?? document.body).prepend(link); // within the app, whose theme it has
  return () => link.remove();
}
