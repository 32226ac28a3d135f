// How even a team is: its size against an even share, and whether its people share a section.

import { NOWHERE } from "./state.js";

// The sizes that teams have when everybody is shared out evenly: as {least, most}.
export function evenShare(state) {
  const everybody = [...state.people.values()].filter((person) => !person.left).length;
  const count = Math.max(1, state.teams.size);
  return { least: Math.floor(everybody / count), most: Math.ceil(everybody / count) };
}

// How many a team has above (or, negative, below) an even share; empty teams are told by themselves.
export function offBy(state, team, { least, most }) {
  const size = state.size(team);
  if (team === NOWHERE || size === 0) {
    return 0;
  }
  const target = Math.min(least, state.teams.get(team).limit ?? least);
  return size < target ? size - target : Math.max(0, size - most);
}

// Whether a team's people share no section; whoever left the course has none, and does not count.
export function isMixed(state, team) {
  const all = [...state.members.get(team)].map((id) => state.person(id).sections);
  const lists = all.filter((list) => list.length > 0);
  return lists.length > 0 && !lists[0].some((one) => lists.every((list) => list.includes(one)));
}

// “1 below even · 2 sections”, or "" where nothing is uneven or mixed.
export function balance(state, team, share) {
  const off = offBy(state, team, share);
  const said = [];
  if (off !== 0) {
    said.push(`${Math.abs(off)} ${off > 0 ? "above" : "below"} even`);
  }
  if (isMixed(state, team)) {
    said.push(`sections ${sectionsIn(state, team).join(", ")}`);
  }
  return said.join(" · ");
}

// The sections of a team's people, by their short names.
export function sectionsIn(state, team) {
  const of = new Set([...state.members.get(team)].flatMap((id) => state.person(id).sections));
  return [...of].sort((one, other) => one - other).map((one) => state.sections[one].short);
}

// “4 teams · 5 or 6 in each if even · 2 uneven · 1 with several sections”
export function summary(state) {
  const share = evenShare(state);
  const teams = [...state.teams.keys()];
  const { least, most } = share;
  const off = teams.filter((team) => offBy(state, team, share) !== 0).length;
  const mixed = teams.filter((team) => isMixed(state, team)).length;
  const empty = teams.filter((team) => state.size(team) === 0).length;
  return [
    teams.length === 1 ? "1 team" : `${teams.length} teams`,
    `${least === most ? least : `${least} or ${most}`} in each if even`,
    off > 0 ? `${off} uneven` : "",
    empty > 0 ? `${empty} empty` : "",
    mixed > 0 ? `${mixed} with several sections` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
