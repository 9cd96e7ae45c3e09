import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGES, readWorkspaceFile, WORKSPACE } from './workspace.js';

const run = promisify(execFile);

/** A project of a user's, outside this repository, with our packages installed as npm would publish them. */
export class PackedProject {
  /** Builds and packs the packages, and installs their tarballs in an empty project. */
  static async create(): Promise<PackedProject> {
    await build();
    const project = new PackedProject(await mkdtemp(join(tmpdir(), 'blotter-packed-')));
    try {
      await project.install();
      return project;
    } catch (error) {
      await project.remove();
      throw error;
    }
  }

  private constructor(readonly folder: string) {}

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), text);
  }

  /** Compiles with the project's tsconfig.json. @throws with the compiler's messages */
  async compile(): Promise<void> {
    try {
      await run(process.execPath, [TSC, '--project', this.folder], { cwd: this.folder });
    } catch (error) {
      throw new Error(`The code does not compile:\n${outputOf(error)}`, { cause: error });
    }
  }

  /** Runs a program of the project and gives what it printed. @throws when it fails */
  async run(path: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await run(process.execPath, [path], {
      cwd: this.folder,
      env: { ...process.env, ...environment },
      timeout: 60_000,
    });
    return stdout;
  }

  /** The paths of all files of our packages, below node_modules. */
  async installedFiles(): Promise<string[]> {
    const installed = join(this.folder, 'node_modules/@blotter');
    return (await readdir(installed, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async install(): Promise<void> {
    await this.write('package.json', JSON.stringify({ name: 'packed-project', private: true, type: 'module' }));
    for (const name of PACKAGES) {
      await npm(
        join(WORKSPACE, 'packages', name),
        'pack',
        '--silent',
        '--ignore-scripts',
        '--pack-destination',
        this.folder,
      );
    }
    const workspace = JSON.parse(await readWorkspaceFile('package.json')) as Manifest;
    await npm(
      this.folder,
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      ...PACKAGES.map((name) => `./blotter-${name}-${workspace.version}.tgz`),
      `@types/node@${workspace.devDependencies['@types/node'] ?? ''}`,
      ...(await telemetrySdk()),
    );
  }
}

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const TSC = join(WORKSPACE, 'node_modules/typescript/bin/tsc');

/** What the program of docs/telemetry.md needs, in the versions that our tests use. */
async function telemetrySdk(): Promise<string[]> {
  const { devDependencies } = JSON.parse(await readWorkspaceFile('packages/infrastructure/package.json')) as Manifest;
  return Object.entries(devDependencies)
    .filter(([name]) => name.startsWith('@opentelemetry/'))
    .map(([name, version]) => `${name}@${version}`);
}

/** What is packed is what the sources say now. A build record without its outputs would make tsc believe that all is done. */
async function build(): Promise<void> {
  const isComplete = PACKAGES.every((name) => existsSync(join(WORKSPACE, 'packages', name, 'dist/index.js')));
  const project = 'packages/infrastructure/tsconfig.lib.json';
  await run(process.execPath, [TSC, '--build', project, ...(isComplete ? [] : ['--force'])], { cwd: WORKSPACE });
}

/** As a user calls it: without what an npm that runs our tests tells its scripts about this workspace. */
async function npm(cwd: string, ...command: string[]): Promise<void> {
  const ours = /^npm_(package|lifecycle|config_local_prefix|command)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  try {
    await run('npm', command, { cwd, env });
  } catch (error) {
    throw new Error(`npm ${command[0] ?? ''} failed:\n${outputOf(error)}`, { cause: error });
  }
}

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
  return `${stdout}${stderr}`;
}
