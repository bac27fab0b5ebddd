import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

/** The built program. */
export const program = resolve(process.env.AMP_DIST ?? 'dist', 'amp.js')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `amp` as a user would, in `folder`, with these environment variables besides those there are. */
export function amp(
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
