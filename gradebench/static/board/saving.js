// Tells the server every step, one after the other; when it is away, tries again until it is there.

const PAUSES = [1000, 2000, 5000, 10000];

const orNull = (team) => team || null;

export class Saving {
  // `version`: that of the board as it is shown, by which another window's changes are noticed.
  constructor(addresses, token, version, { onAnswer, onState }) {
    this.version = version;
    this.addresses = addresses;
    this.token = token;
    this.onAnswer = onAnswer;
    this.onState = onState;
    this.queue = [];
    this.failures = 0;
    this.working = false;
    this.idle = [];
    addEventListener("beforeunload", (event) => {
      if (this.queue.length > 0) {
        event.preventDefault();
      }
    });
  }

  get busy() {
    return this.queue.length > 0;
  }

  save({ moves, away, back, whole = false }) {
    const body = moves.map((one) => ({
      student: one.student,
      before: orNull(one.before),
      to: orNull(one.to),
    }));
    const keys = (teams) => teams.map((team) => team.id);
    this.#put(this.addresses.moves, { moves: body, away: keys(away), back: keys(back), whole });
  }

  saveLocks(body) {
    this.#put(this.addresses.locks, body);
  }

  #put(address, body) {
    this.queue.push({ address, body });
    this.#work();
  }

  // Resolves when everything is saved.
  whenIdle() {
    return this.busy ? new Promise((done) => this.idle.push(done)) : Promise.resolve();
  }

  // Whether a later step, not answered yet, moves the student again.
  isUnderWay(student) {
    return this.queue.some(({ body }) => body.moves?.some((one) => one.student === student));
  }

  async post(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(body),
    });
    return read(answer);
  }

  async #work() {
    if (this.working) {
      return;
    }
    this.working = true;
    while (this.busy) {
      this.onState("saving");
      await this.#sendFirst();
    }
    this.working = false;
    this.onState("saved");
    this.idle.splice(0).forEach((done) => done());
  }

  async #sendFirst() {
    try {
      const { address, body } = this.queue[0];
      const answer = await this.post(address, { ...body, version: this.version });
      this.queue.shift();
      this.failures = 0;
      if (answer.known) {
        this.version = answer.version;
      }
      this.onAnswer(answer);
    } catch (error) {
      if (error instanceof Refused) {
        // What the server does not take would not be taken later: start from what it has.
        this.queue = [];
        this.onState("refused", error);
        return;
      }
      this.onState("away");
      const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
      this.failures += 1;
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  // What the board shows now; null when that is what is shown here already.
  async facts() {
    const headers = { Accept: "application/json", "If-None-Match": `"${this.version}"` };
    const answer = await fetch(this.addresses.facts, { headers, cache: "no-store" });
    return answer.status === 304 ? null : read(answer);
  }
}

// The server answered, and it was no.
export class Refused extends Error {}

// Busy or restarting: worth another try.
const PASSING = new Set([408, 429, 502, 503, 504]);

async function read(answer) {
  if (answer.ok) {
    return answer.json();
  }
  if (PASSING.has(answer.status)) {
    throw new Error(`status ${answer.status}`);
  }
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const told = isJson ? await answer.json() : {};
  throw new Refused(told.error ?? "The server did not take the change. Reload the page.");
}
