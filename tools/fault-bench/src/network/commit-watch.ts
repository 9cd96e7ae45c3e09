import { MessageSplitter, textAt, type WireMessage } from './message-splitter.js';

const COMMIT = /^\s*commit\s*;?\s*$/i;

/** Reads what a client sends, and knows when it asks for COMMIT: as a simple query, or by running a statement that is one. */
export class CommitWatch {
  private readonly splitter = new MessageSplitter('client');
  private readonly statements = new Map<string, string>();

  /** Whether a COMMIT is complete with this piece. */
  sees(bytes: Buffer): boolean {
    return this.splitter.take(bytes).filter((message) => this.isCommit(message)).length > 0;
  }

  private isCommit({ type, body }: WireMessage): boolean {
    switch (type) {
      case 'Q':
        return COMMIT.test(textAt(body, 0).text);
      case 'P': {
        const { text: name, next } = textAt(body, 0);
        this.statements.set(name, textAt(body, next).text);
        return false;
      }
      case 'B': {
        const { next } = textAt(body, 0);
        return COMMIT.test(this.statements.get(textAt(body, next).text) ?? '');
      }
      default:
        return false;
    }
  }
}
