// Stands in for @vscode/spdlog, a native module that would have to be compiled: writes log lines to their file at once.
// Without it output channels of extensions stay empty.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, critical: 5 };

class Logger {
  #file;
  #level = levels.info;
  #plain = false;

  constructor(_kind, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  clearFormatters() {
    this.#plain = true;
  }

  setPattern() {}
  flush() {}
  drop() {}

  write(level, message) {
    if (levels[level] < this.#level) return;
    const time = new Date().toISOString().replace("T", " ").slice(0, -1);
    appendFileSync(this.#file, this.#plain ? message : `${time} [${level}] ${message}\n`);
  }
}

for (const level of Object.keys(levels)) {
  Logger.prototype[level] = function (message) {
    this.write(level, message);
  };
}

const create = async (name, file) => new Logger("rotating", name, file);

// One assignment each: that is how Node.js finds the names that ES modules import.
exports.version = 0;
exports.LogLevel = { Trace: 0, Debug: 1, Info: 2, Warning: 3, Error: 4, Critical: 5, Off: 6 };
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
