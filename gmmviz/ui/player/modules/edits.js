// What is done by hand, step by step, so that it can be undone and done again. Values are never changed in place.

export class Edits {
  constructor(now) {
    Object.assign(this, { now, before: [], after: [] });
  }

  // Another value follows; what was undone before cannot be done again.
  to(next) {
    this.before.push(this.now);
    this.after = [];
    this.now = next;
  }

  // Each returns whether there was anything to go to.
  undo() {
    return this.step(this.before, this.after);
  }

  redo() {
    return this.step(this.after, this.before);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    return true;
  }
}
