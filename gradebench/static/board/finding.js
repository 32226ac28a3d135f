// Search and filters: a team is shown when somebody in it is looked for, or its own name is.

import { isMixed, offBy } from "./balance.js";
import { NOWHERE } from "./state.js";

// Names as they are compared: “Ólafur” is found by “olafur”.
const plain = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

const TEAMS = {
  all: () => true,
  changed: (state, team) =>
    state.teams.get(team).unlike || state.membersOf(team).some((id) => state.isChanged(id)),
  room: (state, team) => state.room(team) > 0,
  empty: (state, team) => state.size(team) === 0,
  trouble: (state, team) => state.trouble(team) !== "",
  uneven: (state, team, share) => offBy(state, team, share) !== 0,
  mixed: (state, team) => isMixed(state, team),
};

export class Finding {
  constructor(form, state, drawing) {
    this.form = form;
    this.state = state;
    this.drawing = drawing;
    this.names = new Map();
    form.addEventListener("input", () => this.show());
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // After the search or a filter changed: everybody.
  show() {
    const { q, section, teams } = this.form.elements;
    this.words = plain(q.value).split(/\s+/).filter(Boolean);
    this.section = section.value === "" ? null : Number(section.value);
    this.kind = teams.value;
    this.state.people.forEach((_person, id) => this.#showPerson(id));
    this.drawing.lists.forEach((_list, team) => this.#showTeam(team));
    this.drawing.awayCards.forEach((card, team) => {
      card.hidden = !this.#isAwayShown(team);
    });
    this.#tellWhenNone();
  }

  // After a move: those alone whom it touched.
  showMoves(moves) {
    moves.forEach((one) => this.#showPerson(one.student));
    new Set(moves.flatMap((one) => [one.before, one.to])).forEach((team) => this.#showTeam(team));
    this.#tellWhenNone();
  }

  #showTeam(team) {
    if (team !== NOWHERE) {
      this.drawing.lists.get(team).closest("[data-team]").hidden = !this.#isTeamShown(team);
    }
  }

  #tellWhenNone() {
    const some = this.drawing.cards.querySelector(":scope > :not([hidden])");
    document.getElementById("no-team-found").hidden = some !== null;
  }

  #looksForPeople() {
    return this.words.length > 0 || this.section !== null;
  }

  // In a team, who is not looked for is shown pale: the team is only whole with them.
  #showPerson(id) {
    const chip = this.drawing.chips.get(id);
    const found = this.isFound(id);
    const alone = this.state.person(id).team === NOWHERE;
    chip.hidden = alone && !found;
    chip.classList.toggle("chip-pale", !alone && !found);
    chip.classList.toggle("chip-found", found && this.#looksForPeople());
  }

  #plain(name) {
    if (!this.names.has(name)) {
      this.names.set(name, plain(name));
    }
    return this.names.get(name);
  }

  isFound(id) {
    const person = this.state.person(id);
    const text = this.#plain(person.name);
    const inSection = this.section === null || person.sections.includes(this.section);
    return inSection && this.words.every((word) => text.includes(word));
  }

  #isNamed(team) {
    const name = this.#plain(team);
    return this.words.length > 0 && this.words.every((word) => name.includes(word));
  }

  #isAwayShown(team) {
    const { name } = this.state.away.get(team);
    const ofKind = this.kind === "all" || this.kind === "changed";
    return ofKind && (!this.#looksForPeople() || this.#isNamed(name));
  }

  #isTeamShown(team) {
    if (!TEAMS[this.kind](this.state, team, this.drawing.share)) {
      return false;
    }
    if (!this.#looksForPeople()) {
      return true;
    }
    return this.#isNamed(this.state.nameOf(team)) || this.state.membersOf(team).some((id) => this.isFound(id));
  }
}
