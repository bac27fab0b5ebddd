import { retrieve as run } from '../../api/retrieve.ts'
import { isAtRest } from '../../memory/outcome.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import { isStandardOutput } from '../files/out.ts'
import { writeRetrieved } from '../files/retrieved.ts'
import { interruptible } from '../interrupts.ts'
import { modelWithValues } from '../model-with-values.ts'
import { openRetrieveSession } from '../retrieve-session.ts'
import { retrievedJson } from '../retrieved-json.ts'
import { retrievedText } from '../retrieved-text.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface RetrieveCommandOptions extends ValueOptions, FlaggedOptions<'retrieve'> {
  readonly json?: boolean
  readonly out?: string
}

/** Relaxes cues and reports how each ended; exit code 2 when one did not come to rest. */
export async function retrieve(file: string, options: RetrieveCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const busy = interruptible('the cues were prepared; nothing was written')
  const session = openRetrieveSession({ quiet: options.json === true })
  const result = await run(loaded, values, { ...flagged('retrieve', options), busy, pace: session.pace })
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const interrupted = session.interrupted()
  if (interrupted !== undefined && result.value.retrievals.length === 0) {
    process.stderr.write('Interrupted while the cues were relaxed; nothing was written.\n')
    return interrupted
  }
  const unwritten = report(await writeRetrieved(options.out, result.value), source)
  const say = isStandardOutput(options.out) ? printAside : print
  say(options.json ? JSON.stringify(retrievedJson(result.value), null, 2) : retrievedText(result.value, loaded.energy, options))
  if (interrupted !== undefined) return interrupted
  if (unwritten !== 0) return unwritten
  return result.value.retrievals.every((r) => isAtRest(r.outcome)) ? code : 2
}
