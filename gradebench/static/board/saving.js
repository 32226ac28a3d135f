// Tells the server every step, one after the other; when it is away, tries again until it is there.

const PAUSES = [1000, 2000, 5000, 10000];

const orNull = (team) => team || null;

export class Saving {
  constructor(addresses, token, { onAnswer, onState }) {
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

  save(moves) {
    const body = moves.map((one) => ({
      student: one.student,
      before: orNull(one.before),
      to: orNull(one.to),
    }));
    this.queue.push({ moves: body });
    this.#work();
  }

  // Resolves when everything is saved.
  whenIdle() {
    return this.busy ? new Promise((done) => this.idle.push(done)) : Promise.resolve();
  }

  // Whether a later step, not answered yet, moves the student again.
  isUnderWay(student) {
    return this.queue.some((body) => body.moves.some((one) => one.student === student));
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
      const answer = await this.post(this.addresses.moves, this.queue[0]);
      this.queue.shift();
      this.failures = 0;
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

  async facts() {
    return read(await fetch(this.addresses.facts, { headers: { Accept: "application/json" } }));
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
