// "Move to …": a dialog in which one types a part of a team's name.

import { NOWHERE } from "./state.js";
import { listLabel, named } from "./words.js";

export class MoveDialog {
  constructor(dialog, board) {
    this.dialog = dialog;
    this.board = board;
    this.title = dialog.querySelector("h2");
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.field.addEventListener("input", () => this.#fill());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#choose(event.target.closest("li")));
  }

  open(ids) {
    this.ids = ids;
    this.title.textContent = `Move ${named(this.board.state, ids)} to …`;
    this.field.value = "";
    this.#fill();
    this.dialog.showModal();
    this.field.focus();
  }

  #fill() {
    const { state } = this.board;
    const words = this.field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const fits = (team) => words.every((word) => state.nameOf(team).toLocaleLowerCase().includes(word));
    const here = new Set(this.ids.map((id) => state.person(id).team));
    const open = (team) => !state.locks.teams.has(team) && !(here.size === 1 && here.has(team));
    const teams = [...state.teams.keys(), NOWHERE].filter((team) => open(team) && fits(team));
    this.list.replaceChildren(...teams.map((team) => this.#option(team)));
    this.dialog.querySelector("[data-none]").hidden = teams.length > 0;
    this.#point(this.list.firstElementChild);
  }

  #option(team) {
    const { state } = this.board;
    const row = document.getElementById("choice-template").content.firstElementChild.cloneNode(true);
    const limit = team === NOWHERE ? null : state.teams.get(team).limit;
    row.id = `choice-${team}`;
    row.dataset.choice = team;
    row.querySelector("[data-name]").textContent = team === NOWHERE ? "No team" : state.nameOf(team);
    row.querySelector("[data-size]").textContent =
      limit === null ? `${state.size(team)}` : `${state.size(team)} / ${limit}`;
    row.setAttribute("aria-label", team === NOWHERE ? "No team" : listLabel(state, team));
    return row;
  }

  #point(row) {
    this.pointed?.setAttribute("aria-selected", "false");
    this.pointed = row;
    if (row) {
      row.setAttribute("aria-selected", "true");
      row.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", row.id);
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  #key(event) {
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (next) {
      event.preventDefault();
      this.#point(this.pointed?.[next] ?? this.pointed);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.pointed);
    }
  }

  #choose(row) {
    if (row) {
      this.dialog.close();
      this.board.move(this.ids, Number(row.dataset.choice));
      this.board.selection.clear();
    }
  }
}
