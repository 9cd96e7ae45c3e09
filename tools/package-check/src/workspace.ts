import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));

/** The packages that are published. */
export const PACKAGES = ['domain', 'application', 'infrastructure'] as const;

/** The text of a file of the repository. */
export function readWorkspaceFile(path: string): Promise<string> {
  return readFile(`${WORKSPACE}${path}`, 'utf8');
}
