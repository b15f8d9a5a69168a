// The film's player, as Streamlit mounts it: hands each new figure to the film at its mount point. What the film does
// stands in modules/, which are loaded by their addresses, since an inline script has none to import them from.

const films = new WeakMap(); // Streamlit calls the default export again, at the same mount point, with each new figure

let closing; // once a document: words that explain themselves are on every page with a film

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  closing ??= import(new URL(`${data.modules}terms.js`, document.baseURI)).then(({ closable }) => closable(document));
  if (!films.has(parentElement)) {
    const loading = import(new URL(`${data.modules}film.js`, document.baseURI));
    films.set(parentElement, loading.then(({ Film }) => new Film(parentElement)));
  }
  const making = films.get(parentElement);
  making.then((film) => film.closed || (Object.assign(film, { setStateValue, setTriggerValue }), film.show(data)));
  return () => {
    making.then((film) => film.close());
    films.delete(parentElement);
  };
}
