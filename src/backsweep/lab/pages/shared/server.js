/** The server: short work by POST, long work over one WebSocket that mends itself. */

import { remember, remembered } from "./memory.js";
import { unpacked } from "./packing.js";

/** @typedef {import("./messages.js").Refused} Refusal */
/** @typedef {import("./messages.js").Begin["work"]} Work */

const KEPT = "backsweep-token";

/** In place of the status of an answer: there was none. */
export const LOST = 0;

/** Why something was not done. */
export class Refused extends Error {
  /** @param {string} message @param {string | null} [hint] @param {number} [status] */
  constructor(message, hint = null, status = 400) {
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
    remember(KEPT, given);
    named.delete("token");
    history.replaceState(null, "", `#${named}`);
  }
}

const token = () => remembered(KEPT) ?? "";
const noAnswer = () => new Refused("The lab's server does not answer.", "Start it again with backsweep lab; this page will go on by itself.", LOST);

let version = "";
/** Keep to the server that this page's scripts came from. @param {string | null} said its version */
function sameVersion(said) {
  version ||= said ?? "";
  if (said !== version) throw new Refused(`The lab's server is another one now: version ${said}, and this page is of ${version}.`, "Reload this page.", 409);
}

/**
 * What a page that was saved as one file carries with it: the state in which it opens,
 * and the answers it would ask the server for.
 * @typedef {{state: string, answers: {path: string, request: Record<string, unknown>, body: string}[]}} Kept
 */
const holder = document.getElementById("kept");
/** @type {Kept | null} */
export const kept = holder ? JSON.parse(holder.textContent ?? "") : null;
const ofFile = () => import("./kept_answers.js");

/**
 * Fetch, and say in a sentence what became of it.
 * @template T @param {string} path @param {RequestInit} how @param {(answer: Response) => T} read
 * @returns {Promise<Awaited<T>>}
 */
async function fetched(path, how, read) {
  let answer;
  try {
    answer = await fetch(path, how);
    if (answer.ok) return await read(answer);
  } catch (error) {
    if (how.signal?.aborted || error instanceof Refused) throw error;
    throw noAnswer();
  }
  /** @type {Refusal} */
  const said = await answer.json().catch(() => ({ message: "What answers at this address is not the lab." }));
  throw new Refused(said.message, said.hint, answer.status);
}

/** @template T @param {string} path @param {unknown} body @param {AbortSignal | undefined} signal @param {(answer: Response) => T} read */
const posted = (path, body, signal, read) =>
  fetched(
    path,
    {
      method: "POST",
      headers: { "Authorization": `Bearer ${token()}`, "Content-Type": body instanceof Blob ? "text/csv" : "application/json" },
      body: body instanceof Blob ? body : JSON.stringify(body),
      signal,
    },
    (answer) => {
      sameVersion(answer.headers.get("Backsweep-Version"));
      return read(answer);
    },
  );

/** @param {string} path @param {unknown} body @param {AbortSignal} [signal] */
export const post = (path, body, signal) => posted(path, body, signal, (answer) => answer);

/** Ask for a message with arrays. @param {string} path @param {Record<string, unknown>} body @param {AbortSignal} [signal] */
export const ask = async (path, body, signal) => unpacked(await (kept ? (await ofFile()).answer(path, body) : posted(path, body, signal, (answer) => answer.arrayBuffer())));

/** One of the lab's own files. @param {string} path */
export const fileOf = (path) => fetched(path, {}, (answer) => answer.arrayBuffer());

/** Whether it is a script that did not come. @param {unknown} error */
export const isUnfetched = (error) => error instanceof TypeError && error.message.includes("dynamically imported module");

/** Whether anything answers. @param {AbortSignal} [signal] */
export const answers = (signal) => fetch("icon.svg", { method: "HEAD", cache: "no-store", signal }).then(() => true, () => false);

/** Ask for a message without arrays. @param {string} path @param {Record<string, unknown>} body */
export async function askPlain(path, body) {
  return kept ? JSON.parse(new TextDecoder().decode(await (await ofFile()).answer(path, body))) : (await post(path, body)).json();
}

/** Wait until the server answers again, asking once a second. @param {AbortSignal} [signal] */
export async function untilBack(signal) {
  do await new Promise((done) => setTimeout(done, 1000));
  while (!signal?.aborted && !(await answers(signal)));
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
    void this.#say({ kind: "begin", id, work });
    return () => void (this.#open.has(id) && this.#say({ kind: "cancel", id }));
  }

  /** Say it once the line is open; what it is about ends where the line does. @param {object} message */
  #say(message) {
    this.#socket ??= this.#opened();
    return this.#socket.then((socket) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)), () => {});
  }

  /** @returns {Promise<WebSocket>} */
  #opened() {
    const socket = new WebSocket(`ws://${location.host}/api/work`);
    let why = new Refused("The line to the lab's server was cut, and what was under way has ended.", "This page goes on by itself once the server answers; if it does not: backsweep lab.", LOST);
    return new Promise((done, failed) => {
      socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", token: token() }));
      socket.onclose = () => {
        failed(why);
        this.#lost(why);
      };
      socket.onmessage = (event) => {
        const said = JSON.parse(event.data);
        if (said.kind === "welcome") {
          try {
            sameVersion(said.about.version);
            done(socket);
          } catch (error) {
            why = /** @type {Refused} */ (error);
            socket.close();
          }
        } else if (said.kind === "refused" && !said.id) why = new Refused(said.message, said.hint, 401);
        else this.#hear(said);
      };
    });
  }

  /** @param {any} said */
  #hear(said) {
    const ears = this.#open.get(said.id);
    if (!ears) return;
    if (said.kind === "progress") return ears.progress(said);
    this.#open.delete(said.id);
    if (said.kind === "done") ears.done(said.result);
    else ears.refused(new Refused(said.message, said.hint));
  }

  /** Hang up: what is under way ends. */
  end() {
    void this.#socket?.then((socket) => socket.close(), () => {});
  }

  /** @param {Refused} why */
  #lost(why) {
    this.#socket = null;
    const cut = [...this.#open.values()];
    this.#open.clear();
    for (const ears of cut) ears.refused(why);
  }
}
