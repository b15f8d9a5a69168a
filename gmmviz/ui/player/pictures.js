// The buttons that take pictures along (modules/taking.js), as Streamlit mounts them beside the page's film.

const takings = new WeakMap(); // Streamlit calls the default export again, at the same mount point

export default function ({ data, parentElement }) {
  if (!takings.has(parentElement)) {
    const loading = import(new URL(`${data.modules}taking.js`, document.baseURI));
    const filmOf = () => document.querySelector(".film-plot")?.film;
    takings.set(parentElement, loading.then(({ Taking }) => new Taking(parentElement.querySelector(".film-taking"), filmOf)));
  }
  const making = takings.get(parentElement);
  return () => {
    making.then((taking) => taking.close());
    takings.delete(parentElement);
  };
}
