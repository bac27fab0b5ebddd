import { mkdtempSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { writeInTurns } from './write.ts'
import type { FileContents } from './writing.ts'

/**
 * A result that could not be written where it was asked for goes to a file of its own, in the system's folder for such, the
 * user's or this one; the last of the troubles says where. `what` it is that is kept: "The draws".
 */
export async function rescued(
  troubles: readonly Diagnostic[],
  what: string,
  name: string,
  contents: () => FileContents,
): Promise<readonly Diagnostic[]> {
  const last = troubles.at(-1)
  if (last === undefined) return []
  const place = await refuge(name, contents)
  const hint = place === undefined ? `${what} could not be written anywhere else either.` : `${what} are in ${place}.`
  return [...troubles.slice(0, -1), { ...last, hint }]
}

/** Writes to the first of these folders that takes it, and says where. */
export async function refuge(name: string, contents: () => FileContents): Promise<string | undefined> {
  for (const folder of [tmpdir(), homedir(), '.']) {
    const path = placeIn(folder, name)
    if (path !== undefined && (await writeInTurns(path, contents())).length === 0) return path
  }
  return undefined
}

function placeIn(folder: string, name: string): string | undefined {
  try {
    return join(mkdtempSync(join(folder, 'amp-')), name)
  } catch {
    return undefined
  }
}
