// Dialogs that fill teams: at random, and with new teams to fill.

import { NOWHERE } from "./state.js";
import { people } from "./words.js";

export class RandomDialog {
  constructor(dialog, board) {
    this.dialog = dialog;
    this.board = board;
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#draw();
    });
    this.form.addEventListener("input", () => this.#count());
  }

  open() {
    const { seed, who } = this.form.elements;
    seed.value = Math.floor(Math.random() * 1_000_000);
    who.value = this.board.selection.size > 0 ? "chosen" : "without";
    this.#tell("");
    this.#count();
    this.dialog.showModal();
  }

  // Who is drawn for: nobody who is locked, and of those without a team only whoever is shown.
  #students() {
    const { state, selection, finding } = this.board;
    const ids =
      this.form.elements.who.value === "chosen"
        ? selection.list
        : state.membersOf(NOWHERE).filter((id) => finding.isFound(id));
    return ids.filter((id) => !state.isHeld(id));
  }

  #teams() {
    const { state, drawing } = this.board;
    const shown = (team) => !drawing.lists.get(team).closest("[hidden]");
    const only = this.form.elements.into.value;
    return [...state.teams.keys()].filter(
      (team) =>
        !state.locks.teams.has(team) &&
        (only !== "shown" || shown(team)) &&
        (only !== "empty" || state.size(team) === 0),
    );
  }

  #count() {
    const [students, teams] = [this.#students(), this.#teams()];
    const words = `${people(students.length)} into ${teams.length} teams`;
    this.dialog.querySelector("[data-what]").textContent = words;
    this.form.querySelector("[type=submit]").disabled = students.length === 0 || teams.length === 0;
  }

  async #draw() {
    const { board, form } = this;
    const { seed, size, sections } = form.elements;
    const students = this.#students();
    const wanted = {
      students,
      teams: this.#teams(),
      seed: Number(seed.value),
      size: size.value === "" ? null : Number(size.value),
      within_sections: sections.checked,
    };
    try {
      await board.saving.whenIdle();
      this.#take(students, await board.saving.post(board.saving.addresses.draw, wanted));
    } catch (error) {
      this.#tell(error.message);
    }
  }

  #take(students, drawn) {
    const { board } = this;
    const place = (id) => board.state.person(id).team;
    const moves = students
      .filter((id) => id in drawn.places && drawn.places[id] !== place(id))
      .map((id) => ({ student: id, before: place(id), to: drawn.places[id] }));
    const left = drawn.left_over.length;
    if (moves.length === 0) {
      this.#tell("There is no room in these teams for any of them.");
      return;
    }
    this.dialog.close();
    const rest = left > 0 ? ` No room for ${people(left)}.` : "";
    const seed = this.form.elements.seed.value;
    const sentence = `${people(moves.length)} placed at random (seed ${seed}).${rest}`;
    board.stepping.take({ moves, sentence });
    board.selection.clear();
  }

  #tell(sentence) {
    this.dialog.querySelector("[data-problem]").textContent = sentence;
  }
}

export class TeamsDialog {
  constructor(dialog, board) {
    this.dialog = dialog;
    this.board = board;
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make();
    });
  }

  open() {
    this.dialog.querySelector("[data-problem]").textContent = "";
    this.dialog.showModal();
  }

  async #make() {
    const { board } = this;
    const count = Number(this.form.elements.count.value);
    try {
      await board.saving.whenIdle();
      const facts = await board.saving.post(board.saving.addresses.teams, { count });
      this.dialog.close();
      board.load(facts);
      const made = facts.made.map((id) => board.state.teams.get(id));
      board.stepping.made(made, count === 1 ? `${made[0].name} made.` : `${count} teams made.`);
    } catch (error) {
      this.dialog.querySelector("[data-problem]").textContent = error.message;
    }
  }
}
