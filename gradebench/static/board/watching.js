// Another window's changes: asked for now and then, shown and named here.

import { people } from "./words.js";

export class Watching {
  constructor(board, seconds) {
    this.board = board;
    this.pause = seconds * 1000;
    this.#wait();
    // Back on this page after a look at another: show what changed there.
    document.addEventListener("visibilitychange", () => this.#look());
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#look(), this.pause);
  }

  async #look() {
    clearTimeout(this.timer);
    if (document.visibilityState === "visible") {
      await this.board.refresh().catch(() => {}); // offline: what is shown stays
      this.#wait();
    }
  }
}

// What a board was, to be compared with what it is after other facts were loaded.
export function pictureOf(state) {
  return {
    places: new Map([...state.people.values()].map((one) => [one.id, one.team])),
    teams: new Map(state.teams),
    locks: new Set([...state.locks.people.keys(), ...[...state.locks.teams.keys()].map((id) => -id)]),
  };
}

// What somebody else did, as a sentence, or "" where nothing of it is to be told.
export function whatChanged(before, state) {
  const known = [...state.people.values()].filter((one) => before.places.has(one.id));
  const movers = known.filter((one) => before.places.get(one.id) !== one.team);
  const now = pictureOf(state);
  const told = [
    moves(movers, state),
    teams([...state.teams.values()].filter((one) => !before.teams.has(one.id)), "made"),
    teams([...before.teams.values()].filter((one) => !state.teams.has(one.id)), "deleted"),
    renamed([...state.teams.values()], before.teams),
    [...now.locks].filter((one) => !before.locks.has(one)).length > 0 ? "more is locked" : "",
    [...before.locks].filter((one) => !now.locks.has(one)).length > 0 ? "less is locked" : "",
  ].filter(Boolean);
  return told.length > 0 ? `Changed elsewhere: ${told.join("; ")}.` : "";
}

function moves(movers, state) {
  if (movers.length === 1) {
    return `${movers[0].name} moved to ${state.nameOf(movers[0].team)}`;
  }
  return movers.length > 0 ? `${people(movers.length)} moved` : "";
}

function teams(some, what) {
  if (some.length === 1) {
    return `${some[0].name} ${what}`;
  }
  return some.length > 0 ? `${some.length} teams ${what}` : "";
}

function renamed(now, before) {
  return teams(
    now.filter((team) => (before.get(team.id)?.name ?? team.name) !== team.name),
    "renamed",
  );
}
