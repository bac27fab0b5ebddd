import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'
import { WarmProgram } from './warm.ts'

/** The built program. */
export const program = resolve(process.env.AMP_DIST ?? 'dist', 'amp.js')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/**
 * Runs `amp` as a user would, in `folder`, with these environment variables besides those there are. Commands that read no input
 * share a process; with `AMP_COLD=1`, and where a system has no named pipes, each has its own.
 */
export function amp(
  folder: string,
  args: readonly string[],
  input: string | Uint8Array = '',
  variables: Readonly<Record<string, string>> = {},
): Ran {
  const ofItsOwn = cold || input !== '' || args.includes('-') || 'NODE_OPTIONS' in variables
  return ofItsOwn ? ampProcess(folder, args, input, variables) : warm.run({ folder, args, variables: { NO_COLOR: '1', ...variables } })
}

const cold = process.env.AMP_COLD === '1' || process.platform === 'win32'
const warm = new WarmProgram(program)

/** The same in a process of its own: for what a start, an end, a stream or a signal does. */
export function ampProcess(
  folder: string,
  args: readonly string[],
  input: string | Uint8Array = '',
  variables: Readonly<Record<string, string>> = {},
): Ran {
  const ran = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...variables },
    maxBuffer: 1e9,
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

/** A folder with these files, gone after the tests of the file that asks for it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'amp-cli-'))
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The codes of the diagnostics on standard error, in order. */
export function codesOf({ err }: Ran): readonly string[] {
  return [...err.matchAll(/^(?:error|warning)\[(AMP\d{3})\]/gm)].map((m) => m[1] as string)
}
