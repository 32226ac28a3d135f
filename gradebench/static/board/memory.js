// What the browser keeps: steps to undo and redo, until the tab is closed.

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

export class Steps {
  constructor(set, epoch) {
    this.set = set;
    this.begin(epoch);
  }

  // With every plan that was applied the steps begin anew: what is in Canvas is undone by a plan.
  begin(epoch) {
    this.epoch = epoch;
    this.key = `gradebench-steps-${this.set}-${epoch}-2`; // the number: what a step is made of
    const kept = read(sessionStorage, this.key);
    this.done = kept.done ?? [];
    this.undone = kept.undone ?? [];
  }

  add(step) {
    this.done = [...this.done, step].slice(-MOST_STEPS);
    this.undone = [];
    this.#keep();
  }

  // The step back, turned round; null when there is none.
  back() {
    const step = this.done.pop();
    if (!step) {
      return null;
    }
    this.undone.push(step);
    this.#keep();
    const moves = step.moves.map((one) => ({ student: one.student, before: one.to, to: one.before }));
    return { ...step, moves, away: step.back, back: step.away };
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

  // The server did not take these: to undo that would change what somebody else did.
  forget(students, teams) {
    const without = (steps) =>
      steps
        .map((step) => ({
          ...step,
          moves: step.moves.filter((one) => !students.has(one.student)),
          away: step.away.filter((team) => !teams.has(team.id)),
          back: step.back.filter((team) => !teams.has(team.id)),
        }))
        .filter((step) => step.moves.length + step.away.length + step.back.length > 0);
    this.done = without(this.done);
    this.undone = without(this.undone);
    this.#keep();
  }

  #keep() {
    write(sessionStorage, this.key, { done: this.done, undone: this.undone });
  }
}
