import { setImmediate, setTimeout } from 'node:timers/promises'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { systemReason } from './bytes.ts'
import { type FileContents, writing } from './writing.ts'

/**
 * Writes a file whole or not at all. Links are followed; of a file that was there its mode, its owner and its other names
 * are kept.
 */
export function writeWhole(path: string, contents: FileContents): readonly Diagnostic[] {
  try {
    for (const pause of writing(path, contents)) if (pause === 'wait') Atomics.wait(nothing, 0, 0, WAIT)
    return []
  } catch (error) {
    return [unwritten(path, error)]
  }
}

/** The same with this thread left free between pieces. Where the other side is slow, waiting ends when `patient` says no. */
export async function writeInTurns(
  path: string,
  contents: FileContents,
  patient: () => boolean = () => true,
): Promise<readonly Diagnostic[]> {
  const work = writing(path, contents)
  try {
    for (let next = work.next(); !next.done; ) {
      if (next.value === 'turn') await setImmediate()
      else await setTimeout(WAIT)
      next = next.value === 'wait' && !patient() ? work.throw(new Error('it waited for a reader when it was interrupted')) : work.next()
    }
    return []
  } catch (error) {
    return [unwritten(path, error)]
  }
}

/** Milliseconds. */
const WAIT = 10
const nothing = new Int32Array(new SharedArrayBuffer(4))

export function unwritten(path: string, error: unknown): Diagnostic {
  const reason = systemReason(error).replace('no such file', 'no such folder')
  return diagnostic('AMP702', `${path} could not be written: ${reason}.`, { place: path })
}
