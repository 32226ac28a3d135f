// Who is where: what the server told, and what was moved here since. Nothing in here is drawn.

// The place of whoever is in no team; teams are numbered from one.
export const NOWHERE = 0;

const byNumber = new Intl.Collator(undefined, { numeric: true });

// Teams by their keys, as people count: “Team 2” before “Team 10”.
export function inOrder(teams) {
  const sorted = [...teams].sort((one, other) => byNumber.compare(one.name, other.name));
  return new Map(sorted.map((team) => [team.id, team]));
}

export class State {
  constructor(facts) {
    this.load(facts);
  }

  load(facts) {
    this.teams = inOrder(facts.teams);
    // Those that are to be deleted, while Canvas has them.
    this.away = inOrder(facts.away);
    this.locks = {
      people: new Map(facts.locks.people.map((lock) => [lock.id, lock])),
      teams: new Map(facts.locks.teams.map((lock) => [lock.id, lock])),
    };
    this.sections = facts.sections;
    this.restricted = facts.restricted;
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
    const away = this.away.get(team);
    return this.teams.get(team)?.name ?? (away ? `${away.name} (to be deleted)` : "a deleted team");
  }

  place(id, team) {
    const person = this.people.get(id);
    this.members.get(person.team).delete(id);
    person.team = team;
    this.members.get(team).add(id);
  }

  // A team that nobody is in is wanted away. One that Canvas never had is not there any more then.
  sendAway(id) {
    const team = this.teams.get(id);
    this.teams.delete(id);
    this.members.delete(id);
    if (!team.fresh) {
      this.away = inOrder([...this.away.values(), team]);
    }
  }

  bringBack(team) {
    this.away.delete(team.id);
    this.teams = inOrder([...this.teams.values(), team]);
    this.members.set(team.id, new Set());
  }

  // Whom Canvas has in a team.
  liveIn(team) {
    return [...this.people.values()].filter((person) => person.live === team);
  }

  isChanged(id) {
    const person = this.people.get(id);
    return person.team !== person.live;
  }

  // How many changes Canvas does not have yet.
  waiting() {
    const unlike = [...this.teams.values()].filter((team) => team.unlike).length;
    const moved = [...this.people.keys()].filter((id) => this.isChanged(id)).length;
    return this.away.size + unlike + moved;
  }

  isHeld(id) {
    return this.locks.people.has(id) || this.locks.teams.has(this.people.get(id).team);
  }

  // Whether a lock holds against a move.
  holds({ student, before, to }) {
    const { people, teams } = this.locks;
    return people.has(student) || teams.has(before) || teams.has(to);
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
