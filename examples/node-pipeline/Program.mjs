import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** @typedef {Record<string, unknown>} Line */

/** A child process that logs what happens to it as lines of JSON. */
export class Program {
  /** @type {Set<Program>} */
  static #running = new Set();
  /** @type {Line[]} the lines that it has logged */
  lines = [];
  /** What it has written to stderr. */
  errors = '';
  /** @type {Promise<number | NodeJS.Signals | null>} its exit code, or the signal that ended it */
  ended;
  #isOver = false;
  #child;
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {string} file @param {readonly string[]} args @param {Record<string, string>} [env] added to the environment of this process */
  constructor(file, args, env) {
    // In a process group of its own: Ctrl-C signals only the process that was started by hand, which then stops its children in order.
    const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    Program.#running.add(this);
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.endsWith('}')) return; // a killed process may leave half a line
      this.lines.push(JSON.parse(text));
      this.#check();
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (this.errors += text));
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        Program.#running.delete(this);
        this.#isOver = true;
        this.#check();
        resolve(signal ?? code);
      });
    });
  }

  /** Kills all that still run. */
  static async endAll() {
    await Promise.all([...Program.#running].map((program) => program.end('SIGKILL')));
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * Returns the first line that matches, or the n-th, as soon as the process logs it. Rejects if the process ends without it.
   * @param {(line: Line) => boolean} matches @param {number} [times]
   * @returns {Promise<Line>}
   */
  until(matches, times = 1) {
    return new Promise((resolve, reject) => {
      const check = () => {
        const line = this.lines.filter(matches)[times - 1];
        if (line !== undefined) resolve(line);
        else if (this.#isOver) reject(new Error(`The process has ended. ${this.errors}`));
        else return;
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
      check();
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

  #check() {
    for (const check of this.#waiting) check();
  }
}
