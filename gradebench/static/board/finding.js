// Search and filters: a team is shown when somebody in it is looked for, or its own name is.

import { NOWHERE } from "./state.js";

const plain = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

const TEAMS = {
  all: () => true,
  changed: (state, team) =>
    state.teams.get(team).fresh || state.membersOf(team).some((id) => state.isChanged(id)),
  room: (state, team) => state.room(team) > 0,
  empty: (state, team) => state.size(team) === 0,
  trouble: (state, team) => state.trouble(team) !== "",
};

export class Finding {
  constructor(form, state, drawing) {
    this.form = form;
    this.state = state;
    this.drawing = drawing;
    form.addEventListener("input", () => this.show());
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  get active() {
    const { q, section, teams } = this.form.elements;
    return q.value.trim() !== "" || section.value !== "" || teams.value !== "all";
  }

  clear() {
    this.form.reset();
    this.show();
  }

  show() {
    const { q, section, teams } = this.form.elements;
    this.words = plain(q.value).split(/\s+/).filter(Boolean);
    this.section = section.value === "" ? null : Number(section.value);
    this.kind = teams.value;
    this.state.people.forEach((_person, id) => this.#showPerson(id));
    let found = 0;
    this.drawing.lists.forEach((list, team) => {
      if (team !== NOWHERE) {
        const shown = this.#isTeamShown(team);
        list.closest("[data-team]").hidden = !shown;
        found += shown ? 1 : 0;
      }
    });
    this.form.ownerDocument.getElementById("no-team-found").hidden = found > 0;
  }

  // In a team, who is not looked for is shown pale: the team is only whole with them.
  #showPerson(id) {
    const chip = this.drawing.chips.get(id);
    const found = this.isFound(id);
    const alone = this.state.person(id).team === NOWHERE;
    chip.hidden = alone && !found;
    chip.classList.toggle("chip-pale", !alone && !found);
  }

  isFound(id) {
    const person = this.state.person(id);
    const text = plain(person.name);
    const inSection = this.section === null || person.sections.includes(this.section);
    return inSection && this.words.every((word) => text.includes(word));
  }

  #isTeamShown(team) {
    if (!TEAMS[this.kind](this.state, team)) {
      return false;
    }
    if (this.words.length === 0 && this.section === null) {
      return true;
    }
    const name = plain(this.state.nameOf(team));
    const named = this.words.length > 0 && this.words.every((word) => name.includes(word));
    return named || this.state.membersOf(team).some((id) => this.isFound(id));
  }
}
