// Words that explain themselves (gmmviz/ui/terms.py): style alone shows what they mean; here Escape closes it again.

const SHOWN = ":is(.term:is(:hover, :focus), .term:has(+ .explanation:hover)):not([data-closed])";

/** Let Escape close what the words in a document show, until the pointer or the focus comes to them anew. */
export function closable(document) {
  const ofTerm = (event) => event.target.closest?.(".term");
  for (const coming of ["pointerover", "focusin"]) {
    document.addEventListener(coming, (event) => ofTerm(event)?.removeAttribute("data-closed"));
  }
  const close = (event) => {
    if (event.key !== "Escape") return;
    const shown = [...document.querySelectorAll(SHOWN)];
    for (const term of shown) term.setAttribute("data-closed", "");
    if (shown.length) event.stopPropagation(); // one Escape does one thing
  };
  document.addEventListener("keydown", close, true);
}
