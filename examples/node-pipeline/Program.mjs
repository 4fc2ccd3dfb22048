import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** @typedef {Record<string, unknown>} Line */

/** A process that says what happens to it, in lines of JSON. */
export class Program {
  /** @type {Set<Program>} */
  static #running = new Set();
  /** @type {Line[]} all that it has said */
  lines = [];
  /** What it had to complain of. */
  errors = '';
  /** @type {Promise<number | NodeJS.Signals | null>} the code that it ended with, or the signal that ended it */
  ended;
  #isOver = false;
  #child;
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {string} file @param {readonly string[]} args @param {Record<string, string>} [env] beside that of this process */
  constructor(file, args, env) {
    // In a group of its own: a Ctrl-C is for the program that was started by hand, which then ends its children one after the other.
    const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    Program.#running.add(this);
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.endsWith('}')) return; // a process that is killed may leave half a line
      this.lines.push(JSON.parse(text));
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (this.errors += text));
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        Program.#running.delete(this);
        this.#isOver = true;
        this.#look();
        resolve(signal ?? code);
      });
    });
  }

  /** Ends all that still run. */
  static async endAll() {
    await Promise.all([...Program.#running].map((program) => program.end('SIGKILL')));
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * The line, said or still to be said, for which something holds, or the n-th such line. It rejects when the process ends without it.
   * @param {(line: Line) => boolean} holds @param {number} [times]
   * @returns {Promise<Line>}
   */
  until(holds, times = 1) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const line = this.lines.filter(holds)[times - 1];
        if (line !== undefined) resolve(line);
        else if (this.#isOver) reject(new Error(`It has ended. ${this.errors}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#child.kill(signal);
  }

  /** @param {NodeJS.Signals} signal */
  end(signal) {
    this.signal(signal);
    return this.ended;
  }

  #look() {
    for (const look of this.#waiting) look();
  }
}
