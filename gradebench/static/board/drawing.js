// Draws teams as cards and students as chips, and keeps them in step with the state.

import { NOWHERE, inOrder } from "./state.js";
import { balance, evenShare, summary } from "./balance.js";
import { describe, listLabel, lockedBy, marks, people, sections } from "./words.js";

// Beyond so many, a list is quicker filled anew than one by one.
const MANY = 20;

export class Drawing {
  constructor(root, state) {
    this.root = root;
    this.state = state;
    this.cards = root.querySelector("[data-cards]");
    this.chips = new Map();
    this.lists = new Map();
    this.awayCards = new Map();
    this.draw();
  }

  // Everything anew: at the start, and when the server told of other teams or people.
  draw() {
    const { state, root } = this;
    this.chips = new Map([...state.people.keys()].map((id) => [id, this.#chip(id)]));
    this.share = evenShare(state);
    const cards = new Map([...state.teams.keys()].map((id) => [id, this.#card(id)]));
    this.lists = new Map([...cards].map(([id, card]) => [id, card.querySelector("ul")]));
    this.awayCards = new Map([...state.away.keys()].map((id) => [id, this.#awayCard(id)]));
    this.lists.set(NOWHERE, root.querySelector("[data-pool]"));
    this.lists.forEach((_list, team) => {
      this.#fill(team);
      this.showTeam(team);
    });
    const all = inOrder([...state.teams.values(), ...state.away.values()]);
    const drawn = [...all.keys()].map((id) => cards.get(id) ?? this.awayCards.get(id));
    this.cards.replaceChildren(...drawn);
    this.#sumUp();
  }

  #sumUp() {
    this.root.querySelector("[data-summary]").textContent = summary(this.state);
  }

  #chip(id) {
    const person = this.state.person(id);
    const chip = clone("chip-template");
    chip.dataset.student = id;
    chip.querySelector("[data-name]").textContent = person.name;
    const shorts = person.sections.map((one) => this.state.sections[one].short);
    chip.querySelector("[data-section]").textContent = shorts.join(" ");
    chip.querySelector("[data-section]").title = sections(this.state, person);
    this.#show(chip, id);
    return chip;
  }

  #card(id) {
    const team = this.state.teams.get(id);
    const card = clone("team-template");
    card.dataset.team = id;
    card.querySelector("[data-name]").textContent = team.name;
    card.querySelector("[data-name]").title = team.was ? `In Canvas: ${team.was}` : team.name;
    card.querySelector("[data-fresh]").hidden = !team.fresh;
    card.querySelector("ul").dataset.list = id;
    return card;
  }

  #awayCard(id) {
    const { name } = this.state.away.get(id);
    const card = clone("away-template");
    card.dataset.away = id;
    card.querySelector("[data-name]").textContent = name;
    card.querySelector("[data-keep]").setAttribute("aria-label", `Keep ${name}`);
    const live = this.state.liveIn(id).length;
    const inside = live > 0 ? people(live) : "nobody";
    card.querySelector("[data-inside]").textContent = `In Canvas until the next push, with ${inside}.`;
    return card;
  }

  #showChip(id) {
    this.#show(this.chips.get(id), id);
  }

  // One student, where they are now and what is to be said of them.
  show(id) {
    this.#put(this.chips.get(id), id);
    this.#showChip(id);
  }

  #put(chip, id) {
    const person = this.state.person(id);
    const list = this.lists.get(person.team);
    const after = [...list.children].find(
      (other) => other !== chip && this.state.person(Number(other.dataset.student))?.rank > person.rank,
    );
    if (chip.parentNode !== list || chip.nextElementSibling !== (after ?? null)) {
      list.insertBefore(chip, after ?? null);
    }
  }

  #show(chip, id) {
    const { state } = this;
    const person = state.person(id);
    chip.classList.toggle("chip-changed", state.isChanged(id));
    chip.classList.toggle("chip-locked", state.isHeld(id));
    chip.querySelector("[data-work]").hidden = !person.work;
    chip.querySelector("[data-left]").hidden = !(person.left || person.clash);
    chip.querySelector("[data-locked]").hidden = !state.locks.people.has(id);
    chip.setAttribute("aria-label", describe(state, id));
    chip.title = marks(state, id).join(" · ");
  }

  showTeam(team) {
    const list = this.lists.get(team);
    const uneven = team === NOWHERE ? "" : balance(this.state, team, this.share);
    list.setAttribute("aria-label", [listLabel(this.state, team), uneven].filter(Boolean).join(", "));
    if (team === NOWHERE) {
      this.root.querySelector("[data-pool-count]").textContent = this.state.size(team);
      return;
    }
    const card = list.closest("[data-team]");
    const { limit } = this.state.teams.get(team);
    const size = this.state.size(team);
    const trouble = this.state.trouble(team);
    const count = card.querySelector("[data-size]");
    count.textContent = limit === null ? `${size}` : `${size} / ${limit}`;
    count.classList.toggle("team-trouble", trouble !== "");
    card.querySelector("[data-trouble]").textContent = trouble;
    card.querySelector("[data-balance]").textContent = uneven;
    card.classList.toggle("team-locked", this.state.locks.teams.has(team));
    const button = card.querySelector("[data-lock-team]");
    button.setAttribute("aria-pressed", String(this.state.locks.teams.has(team)));
    button.setAttribute("aria-label", `Lock ${this.state.nameOf(team)}`);
    button.title = lockedBy(this.state.locks.teams.get(team)) || "Lock: nobody comes or goes";
    card.querySelector("[data-delete-team]").ariaLabel = `Delete ${this.state.nameOf(team)}`;
  }

  // These students moved, out of and into these teams.
  showMoves(moves) {
    const teams = new Set(moves.flatMap((one) => [one.before, one.to]));
    if (moves.length > MANY) {
      teams.forEach((team) => this.#fill(team));
      moves.forEach((one) => this.#showChip(one.student));
    } else {
      moves.forEach((one) => this.show(one.student));
    }
    teams.forEach((team) => this.showTeam(team));
    this.#sumUp();
  }

  #fill(team) {
    const chips = this.state.membersOf(team).map((id) => this.chips.get(id));
    this.lists.get(team).replaceChildren(...chips);
  }

  mark(selection) {
    this.chips.forEach((chip, id) => {
      const is = selection.has(id);
      if ((chip.getAttribute("aria-selected") === "true") !== is) {
        chip.setAttribute("aria-selected", String(is));
      }
    });
  }
}

function clone(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}
