// Who is where: what the server told, and what was moved here since. Nothing in here is drawn.

// The place of whoever is in no team; teams are numbered from one.
export const NOWHERE = 0;

export class State {
  constructor(facts, locks) {
    this.locks = locks;
    this.load(facts);
  }

  load(facts) {
    this.teams = new Map(facts.teams.map((team, rank) => [team.id, { ...team, rank }]));
    this.sections = facts.sections;
    this.teamChanges = facts.team_changes;
    this.restricted = facts.restricted;
    this.epoch = facts.epoch;
    this.people = new Map();
    this.members = new Map([[NOWHERE, new Set()]]);
    this.teams.forEach((_team, id) => this.members.set(id, new Set()));
    facts.people.forEach((person, rank) => this.#add(person, rank));
  }

  #add(person, rank) {
    const team = this.teams.has(person.team) ? person.team : NOWHERE;
    const live = person.live ?? NOWHERE;
    this.people.set(person.id, { ...person, rank, team, live });
    this.members.get(team).add(person.id);
  }

  person(id) {
    return this.people.get(id);
  }

  // The people of a place in the order of their names.
  membersOf(team) {
    const rank = (id) => this.people.get(id).rank;
    return [...this.members.get(team)].sort((one, other) => rank(one) - rank(other));
  }

  size(team) {
    return this.members.get(team).size;
  }

  nameOf(team) {
    if (team === NOWHERE) {
      return "no team";
    }
    return this.teams.get(team)?.name ?? "a team that is to be deleted";
  }

  place(id, team) {
    const person = this.people.get(id);
    this.members.get(person.team).delete(id);
    person.team = team;
    this.members.get(team).add(id);
  }

  isChanged(id) {
    const person = this.people.get(id);
    return person.team !== person.live;
  }

  // How many changes Canvas does not have yet.
  waiting() {
    return this.teamChanges + [...this.people.keys()].filter((id) => this.isChanged(id)).length;
  }

  isHeld(id) {
    return this.locks.people.has(id) || this.locks.teams.has(this.people.get(id).team);
  }

  // How many more a team takes; without a limit, any number.
  room(team) {
    const limit = team === NOWHERE ? null : this.teams.get(team).limit;
    return limit === null ? Infinity : limit - this.size(team);
  }

  // In some sets everybody of a team must share a section.
  sharesSection(team) {
    const lists = [...this.members.get(team)].map((id) => this.people.get(id).sections);
    return lists.length === 0 || lists[0].some((one) => lists.every((list) => list.includes(one)));
  }

  // What Canvas would not take of a team, as words, or "".
  trouble(team) {
    if (team === NOWHERE) {
      return "";
    }
    if (this.room(team) < 0) {
      return "over the limit";
    }
    return this.restricted && !this.sharesSection(team) ? "no shared section" : "";
  }

  // The moves that take people to a team: those who are there already, or held, stay.
  movesTo(ids, team) {
    if (this.locks.teams.has(team)) {
      return [];
    }
    const movable = ids.filter((id) => !this.isHeld(id) && this.people.get(id).team !== team);
    return movable.map((id) => ({ student: id, before: this.people.get(id).team, to: team }));
  }
}
