import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@blotter/application';

/** A certificate or key: text, or the file that holds it. Neither is ever shown, in case a key was given where a path belongs. */
export class PemSource {
  /** Undefined when neither is given. @throws ConfigurationError when both are */
  static of(variable: string, text: string | undefined, file: string | undefined): PemSource | undefined {
    if (text !== undefined && file !== undefined) {
      throw new ConfigurationError(`${variable} and ${variable}_FILE are both given. Leave one out.`);
    }
    return text === undefined && file === undefined ? undefined : new PemSource(variable, text, file);
  }

  readonly #text: string | undefined;
  readonly #file: string | undefined;

  private constructor(
    private readonly variable: string,
    text: string | undefined,
    file: string | undefined,
  ) {
    // Where an environment cannot hold line breaks, they are written as \n.
    this.#text = text?.replaceAll('\\n', '\n');
    this.#file = file;
  }

  /** @throws ConfigurationError when the file cannot be read */
  read(): string {
    if (this.#file === undefined) return this.#text ?? '';
    try {
      return readFileSync(this.#file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ConfigurationError(`The file of ${this.variable}_FILE cannot be read (${code ?? 'unknown'}).`);
    }
  }

  /** What the text means. @throws ConfigurationError with the problem, and without what node:crypto says of the text */
  parse<Result>(read: (pem: string) => Result, problem: string): Result {
    const pem = this.read();
    try {
      return read(pem);
    } catch {
      throw new ConfigurationError(`${this.variable}${this.#file === undefined ? '' : '_FILE'} ${problem}.`);
    }
  }
}
