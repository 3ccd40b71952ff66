import { readFile, stat } from 'node:fs/promises';
import { EmpError, messageOf } from '@emp/kernel';
import type { Log } from '../log.ts';
import { ApiKeys } from './api-keys.ts';

/** How long a look at the file is good for: a withdrawn key works no longer than that. */
const LOOK_EVERY_MS = 500;

/** Keys of a file that is read again when it changes. A file that cannot be read leaves the keys as they were. */
export class ApiKeyFile {
  readonly #path: string;
  readonly #log: Log;
  #keys = ApiKeys.none;
  #version = '';
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  private constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** @throws EmpError `configuration-invalid`: a start with a file that cannot be read would lock everybody out. */
  static async open(path: string, log: Log): Promise<ApiKeyFile> {
    const file = new ApiKeyFile(path, log);
    try {
      await file.#read(await file.#currentVersion());
    } catch (error) {
      if (error instanceof EmpError) throw error;
      throw new EmpError('configuration-invalid', `API_KEYS_FILE cannot be read: ${messageOf(error)}`, {
        retry: 'useless',
        cause: error,
      });
    }
    return file;
  }

  async keys(): Promise<ApiKeys> {
    if (performance.now() - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    return this.#keys;
  }

  async #look(): Promise<void> {
    try {
      const version = await this.#currentVersion();
      if (version !== this.#version) await this.#read(version);
    } catch (error) {
      this.#log.error(
        { file: this.#path, reason: messageOf(error) },
        'API keys not read again: the old ones stay valid',
      );
    }
    this.#lookedAt = performance.now();
  }

  async #currentVersion(): Promise<string> {
    const { ino, size, mtimeMs } = await stat(this.#path);
    return `${ino}/${size}/${mtimeMs}`;
  }

  async #read(version: string): Promise<void> {
    this.#keys = ApiKeys.parse(await readFile(this.#path, 'utf8'), 'API_KEYS_FILE');
    this.#version = version;
    this.#lookedAt = performance.now();
    this.#log.info({ file: this.#path, keys: this.#keys.size }, 'API keys read');
  }
}
