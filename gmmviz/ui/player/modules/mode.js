// A mode in which a hand works in the plane: its tools take the place of the film's bar, and a pad lies over the plane.

export class Mode {
  // `film`: where it happens; `act`: what its button is called; `tools`: the class of its tools.
  constructor(film, act, tools) {
    const { root } = film;
    Object.assign(this, { film, root, pad: null });
    this.button = root.querySelector(`[data-act=${act}]`);
    this.tools = root.querySelector(`.${tools}`);
    this.said = this.tools.querySelector("p");
    this.region = root.querySelector(".film-hand");
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.tools.addEventListener("click", ({ target }) => this.act(target.closest("[data-tool]")?.dataset.tool), { signal });
  }

  close() {
    this.listening.abort();
    this.leave();
  }

  get on() {
    return Boolean(this.pad);
  }

  // The pad goes to where the plane is drawn.
  lie() {
    const { figure, stage } = this.film;
    const { size } = stage.layers[0][0];
    if (size) this.pad.lie(stage.boxes[0], { ...figure.places[0], size });
  }

  leave() {
    if (!this.pad) return;
    this.pad.close();
    this.pad = null;
    this.tools.hidden = true;
    delete this.root.dataset.mode;
    this.film.telling.again();
  }
}
