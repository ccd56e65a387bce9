/** The server: short work by POST, long work over one WebSocket that mends itself. */

import { unpacked } from "./packing.js";

/** @typedef {import("./messages.js").Refused} Refusal */
/** @typedef {import("./messages.js").Begin["work"]} Work */

const KEPT = "backsweep-token";

/** Why something was not done. */
export class Refused extends Error {
  /** @param {string} message @param {string | null} [hint] @param {number} [status] */
  constructor(message, hint = null, status = 0) {
    super(message);
    this.hint = hint;
    this.status = status;
  }
}

/** Take the token out of the address that was opened, and keep it for later links. */
export function takeToken() {
  const named = new URLSearchParams(location.hash.slice(1));
  const given = named.get("token");
  if (given) {
    localStorage.setItem(KEPT, given);
    named.delete("token");
    history.replaceState(null, "", `#${named}`);
  }
}

const token = () => localStorage.getItem(KEPT) ?? "";

/**
 * What a page that was saved as one file carries with it: the state in which it opens,
 * and the answers it would ask the server for.
 * @typedef {{state: string, answers: Record<string, {request: Record<string, unknown>, body: string}>}} Kept
 */
const holder = document.getElementById("kept");
/** @type {Kept | null} */
export const kept = holder ? JSON.parse(holder.textContent ?? "") : null;

/** Whether what is asked for is what was answered. @param {any} asked @param {any} answered @returns {boolean} */
function covers(asked, answered) {
  if (!asked || typeof asked !== "object") return asked === answered;
  return asked.length === answered?.length && Object.entries(asked).every(([name, value]) => covers(value, answered?.[name]));
}

/** @param {string} path @param {Record<string, unknown>} body */
async function fromFile(path, body) {
  const answer = kept?.answers[path];
  if (!answer || !covers(body, answer.request))
    throw new Refused("This file holds one run only.", "Open the lab to let others learn: backsweep lab.", 404);
  const packed = await (await fetch(`data:application/octet-stream;base64,${answer.body}`)).blob();
  return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export async function post(path, body, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Authorization": `Bearer ${token()}`, "Content-Type": body instanceof Blob ? "text/csv" : "application/json" },
      body: body instanceof Blob ? body : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused("The lab's server does not answer.", "Start it again with backsweep lab; this page will go on by itself.");
  }
  if (!answer.ok) {
    /** @type {Refusal} */
    const said = await answer.json();
    throw new Refused(said.message, said.hint, answer.status);
  }
  return answer;
}

/**
 * Ask for a message with arrays.
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @param {AbortSignal} [signal]
 */
export async function ask(path, body, signal) {
  return unpacked(kept ? await fromFile(path, body) : await (await post(path, body, signal)).arrayBuffer());
}

/** Ask for a message without arrays. @param {string} path @param {Record<string, unknown>} body */
export async function askPlain(path, body) {
  return kept ? JSON.parse(new TextDecoder().decode(await fromFile(path, body))) : (await post(path, body)).json();
}

/**
 * Wait until the server answers again, asking once a second.
 * @param {AbortSignal} signal
 */
export async function untilBack(signal) {
  while (!signal.aborted) {
    await new Promise((done) => setTimeout(done, 1000));
    try {
      await fetch("api/about", { headers: { Authorization: `Bearer ${token()}` }, signal });
      return;
    } catch {
      // not yet
    }
  }
}

/**
 * Who hears of a piece of work. What it has come to so far is of the work's own type.
 * @typedef {{progress: (said: {done: number, total: number, so_far: any}) => void, done: (result: any) => void, refused: (said: Refused) => void}} Ears
 */

/** The line for long work. It is opened when it is first needed. */
export class Line {
  /** @type {Promise<WebSocket> | null} */ #socket = null;
  /** @type {Map<string, Ears>} */ #open = new Map();
  #count = 0;

  /**
   * @param {Work} work
   * @param {Ears} ears
   * @returns {() => void} cancel
   */
  begin(work, ears) {
    const id = `${++this.#count}`;
    this.#open.set(id, ears);
    this.#say({ kind: "begin", id, work });
    return () => this.#say({ kind: "cancel", id });
  }

  /** @param {object} message */
  async #say(message) {
    try {
      this.#socket ??= this.#opened();
      (await this.#socket).send(JSON.stringify(message));
    } catch {
      this.#lost();
    }
  }

  /** @returns {Promise<WebSocket>} */
  #opened() {
    const socket = new WebSocket(`ws://${location.host}/api/work`);
    return new Promise((done, failed) => {
      socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", token: token() }));
      socket.onerror = failed;
      socket.onclose = () => {
        failed(new Error("closed"));
        this.#lost();
      };
      socket.onmessage = (event) => {
        const said = JSON.parse(event.data);
        if (said.kind === "welcome") done(socket);
        else this.#hear(said);
      };
    });
  }

  /** @param {any} said */
  #hear(said) {
    const ears = this.#open.get(said.id);
    if (!ears) return;
    if (said.kind === "progress") ears.progress(said);
    else {
      this.#open.delete(said.id);
      if (said.kind === "done") ears.done(said.result);
      else ears.refused(new Refused(said.message, said.hint));
    }
  }

  #lost() {
    this.#socket = null;
    for (const [id, ears] of [...this.#open]) {
      this.#open.delete(id);
      ears.refused(new Refused("The line to the lab's server was cut.", "Begin again: the page takes it up by itself."));
    }
  }
}
