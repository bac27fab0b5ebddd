import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { placeTrouble } from './files/out.ts'
import { placeIfAny } from './files/place.ts'
import { writeInTurns } from './files/write.ts'

/** What was drawn so far, written now and then, so that whatever ends the program loses no more than was drawn since. */
export interface Checkpoints {
  /** Writes what is there now, and says where; what is not worth a file of its own, only where there is one. */
  now(worthwhile: boolean): Promise<string | undefined>
  /** No more of them, once that one which is being written is. */
  end(): Promise<void>
  /** Takes away what was written: it is in the result. */
  discard(): void
}

export interface CheckpointOptions {
  /** Where the result goes. */
  readonly out: string | undefined
  /** The run that is resumed, which stays where it is. */
  readonly resumed: string | undefined
  /** Seconds; 0: only when asked. */
  readonly every: number
  /** The text of a run as far as it is; undefined when there is nothing new. */
  readonly text: () => Iterable<string> | undefined
  readonly onFirst: (path: string) => void
  /** Why one could not be written; said once. */
  readonly onTrouble: (why: string) => void
}

export function openCheckpoints({ out, resumed, every, text, onFirst, onTrouble }: CheckpointOptions): Checkpoints {
  let path: string | undefined
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false
  let troubled = false

  async function write(): Promise<void> {
    const pieces = text()
    if (pieces === undefined) return
    const first = path === undefined && !ended
    path ??= placeBeside(out, resumed)
    const troubles = await writeInTurns(path, pieces)
    if (first && troubles.length === 0) onFirst(path)
    const [trouble] = troubles
    if (trouble !== undefined && !troubled) onTrouble(trouble.message)
    troubled ||= trouble !== undefined
  }

  /** The next one waits for at least nine times as long as this one took, so that a tenth of the time goes into them at most. */
  function plan(seconds: number): void {
    if (every === 0 || ended) return
    timer = setTimeout(async () => {
      const started = performance.now()
      writing = write()
      await writing
      plan(Math.max(every, (9 * (performance.now() - started)) / 1000))
    }, seconds * 1000)
    timer.unref()
  }

  plan(every)
  return {
    async now(worthwhile) {
      if (worthwhile || path !== undefined) await write()
      return troubled ? undefined : path
    },
    async end() {
      ended = true
      clearTimeout(timer)
      await writing
    },
    discard() {
      if (path !== undefined && (resumed === undefined || resolve(resumed) !== resolve(path))) rmSync(path, { force: true })
    },
  }
}

/** Beside the result under a name that nothing has, but for the run that is gone on with; else in the system's folder for such. */
function placeBeside(out: string | undefined, resumed: string | undefined): string {
  if (out !== undefined && placeIfAny(out)?.kind === 'file') {
    const stem = basename(out).replace(/(\.checkpoint(-\d+)?)?\.\w+$/, '')
    for (let i = 1; ; i += 1) {
      const path = join(dirname(out), `${stem}.checkpoint${i === 1 ? '' : `-${i}`}.json`)
      const taken = existsSync(path) && (resumed === undefined || resolve(resumed) !== resolve(path))
      if (taken || resolve(path) === resolve(out)) continue
      if (placeTrouble(path).length === 0) return path
      break
    }
  }
  return join(mkdtempSync(join(tmpdir(), 'amp-')), 'run.checkpoint.json')
}
