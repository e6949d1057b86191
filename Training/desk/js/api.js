// The way to the server. A seat's token stays in this browser and goes along as a header, never in an address.

import { read, settings, write } from "/js/settings.js";

/** What the server said when it said no: its words, what to do, and what came along. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body?.error ?? `HTTP ${status}`);
    this.status = status;
    this.fix = body?.fix ?? null;
    this.body = body;
  }
}

async function call(method, path, { body, token, text } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Refusal(0, { error: "offline" });
  }
  const content = text && answer.ok ? await answer.text() : await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

/** Events of the server, one line of data each, for as long as `signal` lets them come. */
async function follow(path, token, signal, told) {
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8000)) {
    try {
      const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, signal, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return told({ gone: true });
      if (answer.ok) {
        wait = 500;
        told({ joined: true });
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (rest + value).split("\n");
          rest = lines.pop();
          for (const line of lines) if (line.startsWith("data:")) told(JSON.parse(line.slice(5)));
        }
      }
    } catch {
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    told({ lost: true });
    await new Promise((done) => setTimeout(done, wait));
  }
}

export class Seat {
  constructor(id, token) {
    this.id = id;
    this.token = token;
  }

  static kept(id) {
    const token = read("vmyna.seats", {})[id];
    return token ? new Seat(id, token) : null;
  }

  static last() {
    const id = read("vmyna.seat", null);
    return id ? Seat.kept(id) : null;
  }

  static async take(alias) {
    const { seat, token } = await call("POST", "/api/seats", { body: { alias } });
    return new Seat(seat, token).keep();
  }

  keep() {
    write("vmyna.seats", { ...read("vmyna.seats", {}), [this.id]: this.token });
    write("vmyna.seat", this.id);
    return this;
  }

  forget() {
    const { [this.id]: _, ...others } = read("vmyna.seats", {});
    write("vmyna.seats", others);
    if (read("vmyna.seat", null) === this.id) write("vmyna.seat", null);
  }

  path(rest = "") {
    return `/api/seats/${encodeURIComponent(this.id)}${rest}${rest.includes("?") ? "&" : "?"}lang=${settings().language}`;
  }

  view() { return call("GET", this.path(), { token: this.token }); }
  begin(name, seed) { return call("POST", this.path("/lesson"), { token: this.token, body: { name, seed } }); }
  act(action, turn) { return call("POST", this.path("/actions"), { token: this.token, body: { action, turn } }); }
  back(turn) { return call("POST", this.path("/back"), { token: this.token, body: { turn } }); }
  restart(seed) { return call("POST", this.path("/restart"), { token: this.token, body: { seed } }); }
  leave() { return call("POST", this.path("/leave"), { token: this.token, body: {} }); }
  lessons() { return call("GET", this.path("/lessons"), { token: this.token }); }
  paper(name) { return call("GET", this.path(`/papers/${encodeURIComponent(name)}`), { token: this.token }); }
  follow(signal, told) { return follow(this.path("/events"), this.token, signal, told); }
}

export class Trainer {
  constructor(key) {
    this.key = key;
  }

  get(path) { return call("GET", path, { token: this.key }); }
  text(path) { return call("GET", path, { token: this.key, text: true }); }
  post(path, body) { return call("POST", path, { token: this.key, body }); }
  remove(path) { return call("DELETE", path, { token: this.key }); }
  follow(signal, told) { return follow("/api/class/events", this.key, signal, told); }
}
