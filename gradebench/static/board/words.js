// Sentences of the board.

export function people(count) {
  return count === 1 ? "1 student" : `${count} students`;
}

export function named(state, ids) {
  return ids.length === 1 ? state.person(ids[0]).name : people(ids.length);
}

// “Ada moved to Team 3.” or “3 students moved.” when they went to different places.
export function moved(state, moves) {
  const who = named(state, moves.map((one) => one.student));
  const places = new Set(moves.map((one) => one.to));
  if (places.size > 1) {
    return `${who} moved.`;
  }
  const [to] = places;
  return to ? `${who} moved to ${state.nameOf(to)}.` : `${who} taken out of the team.`;
}

export function sections(state, person) {
  return person.sections.map((one) => state.sections[one].name).join(", ");
}

// Everything that a chip shows by signs, in words.
export function marks(state, id) {
  const person = state.person(id);
  const said = [];
  if (state.isChanged(id)) {
    said.push(person.live ? `in Canvas: ${state.nameOf(person.live)}` : "not in Canvas yet");
  }
  if (person.clash) {
    said.push("moved here and in Canvas: settle it in the review");
  }
  if (person.work) {
    said.push("has handed in group work");
  }
  if (person.left) {
    said.push("no student of the course any more");
  }
  if (state.locks.people.has(id)) {
    said.push(lockedBy(state.locks.people.get(id)));
  }
  return said;
}

// “locked by ada, 22 Nov, 14:20”; "" where there is no lock.
export function lockedBy(lock) {
  if (!lock) {
    return "";
  }
  const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const at = new Date(lock.at).toLocaleString(document.documentElement.lang || undefined, shape);
  return `locked by ${lock.by}, ${at}`;
}

export function describe(state, id) {
  const person = state.person(id);
  return [person.name, sections(state, person), ...marks(state, id)].filter(Boolean).join(", ");
}

export function listLabel(state, team) {
  const size = state.size(team);
  if (!team) {
    return `In no team: ${people(size)}`;
  }
  const { name, limit } = state.teams.get(team);
  const count = limit === null ? people(size) : `${size} of ${people(limit)}`;
  const more = [state.trouble(team), state.locks.teams.has(team) ? "locked" : ""].filter(Boolean);
  return [`${name}: ${count}`, ...more].join(", ");
}
