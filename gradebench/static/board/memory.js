// What the browser keeps: locks for good, steps to undo and redo until the tab is closed.

const MOST_STEPS = 200;

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may keep nothing: the board works without.
  }
}

export class Locks {
  constructor(set) {
    this.key = `gradebench-locks-${set}`;
    const kept = read(localStorage, this.key);
    this.people = new Set(kept.people ?? []);
    this.teams = new Set(kept.teams ?? []);
  }

  keep() {
    write(localStorage, this.key, { people: [...this.people], teams: [...this.teams] });
  }
}

export class Steps {
  constructor(set, epoch) {
    this.set = set;
    this.begin(epoch);
  }

  // With every plan that was applied the steps begin anew: what is in Canvas is undone by a plan.
  begin(epoch) {
    this.epoch = epoch;
    this.key = `gradebench-steps-${this.set}-${epoch}`;
    const kept = read(sessionStorage, this.key);
    this.done = kept.done ?? [];
    this.undone = kept.undone ?? [];
  }

  add(step) {
    this.done = [...this.done, step].slice(-MOST_STEPS);
    this.undone = [];
    this.#keep();
  }

  // The step back, with its moves turned round; null when there is none.
  back() {
    const step = this.done.pop();
    if (!step) {
      return null;
    }
    this.undone.push(step);
    this.#keep();
    const moves = step.moves.map((one) => ({ student: one.student, before: one.to, to: one.before }));
    return { ...step, moves };
  }

  forth() {
    const step = this.undone.pop();
    if (!step) {
      return null;
    }
    this.done.push(step);
    this.#keep();
    return step;
  }

  // Somebody else moved these students: steps of theirs would overwrite that.
  forget(students) {
    const without = (steps) =>
      steps
        .map((step) => ({ ...step, moves: step.moves.filter((one) => !students.has(one.student)) }))
        .filter((step) => step.moves.length > 0);
    this.done = without(this.done);
    this.undone = without(this.undone);
    this.#keep();
  }

  #keep() {
    write(sessionStorage, this.key, { done: this.done, undone: this.undone });
  }
}
