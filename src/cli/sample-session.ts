import type { Busy } from '../api/busy.ts'
import type { RunChains, SampleResult } from '../api/sample.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { defaults } from '../middle/options.ts'
import { stepsInAll } from '../workers/here.ts'
import { runChainsIn } from '../workers/run-chains.ts'
import { type Checkpoints, openCheckpoints } from './checkpoints.ts'
import { endingOf } from './files/out.ts'
import { placeIfAny } from './files/place.ts'
import { rescued } from './files/rescue.ts'
import { type RunDescription, runText, writeSampled } from './files/sampled.ts'
import { interruptible, openInterrupts } from './interrupts.ts'
import { openProgress } from './progress.ts'
import type { SampleCommandOptions } from './sample-options.ts'
import type { SampleSettings } from './sample-plan.ts'
import { savedRun } from './saved-run.ts'

/** A run from its first step until its draws are written, in which nothing that was drawn is lost. */
export interface Session {
  /** The chains, in worker threads where they take long, with progress on a terminal and checkpoints. */
  readonly runChains: RunChains
  readonly busy: Busy
  /** Writes the draws to where they were asked for; those of a run that was cut short in any case to where it can be gone on from. */
  keep(result: SampleResult, run: RunDescription): Promise<readonly Diagnostic[]>
  /** The run's file to go on from, where it was cut short. */
  goOnFrom(): string | undefined
  /** The exit code of the signal that ended it, if one did. */
  interrupted(): number | undefined
}

/** So many numbers are summarised in half a second. */
const MOST_SUMMARISED = 250_000

export function openSession(options: SampleCommandOptions, settings: SampleSettings, fingerprint: string): Session {
  const { out, json, quiet, workers } = options
  const interrupts = openInterrupts()
  let checkpoints: Checkpoints | undefined
  let from: string | undefined
  let drawn = 0

  const busy: Busy = (work, instead) => {
    const run = interruptible('the first draws were prepared; nothing was drawn')
    if (instead === undefined) return run(work)
    // Who wants an end is not kept waiting for the summary.
    if (interrupts.heard() !== undefined && drawn > MOST_SUMMARISED) return instead()
    return run(work, () => {
      interrupts.hear('SIGINT')
      return instead()
    })
  }

  const runChains: RunChains = async (task) => {
    const bars = json || quiet ? undefined : await openProgress(task.options.chains ?? defaults.chains, stepsInAll(task), process.stderr)
    const note = (text: string): void => {
      if (bars !== undefined) bars.say(text)
      else if (!quiet) process.stderr.write(`${text}\n`)
    }
    const onRestart = (chain: number, why: string): void =>
      note(`The worker thread of chain ${chain + 1} died (${why}); the chain continued in another one from its last report.`)
    const onListening: Parameters<typeof runChainsIn>[0]['onListening'] = (kept) => {
      interrupts.listen(() => {
        bars?.stop()
        if (process.stderr.isTTY === true) process.stderr.write('Keeping the draws so far. Interrupt again to stop at once.\n')
      })
      let before = 0
      const text = (): Iterable<string> | undefined => {
        if (kept.added() === before) return undefined
        before = kept.added()
        const chains = kept.all()
        return runText(task.sofar(chains), savedRun(fingerprint, settings, chains))
      }
      const onFirst = (path: string): void =>
        note(`The draws so far are in ${path}, updated every ${options.checkpoint} seconds; --resume continues from it.`)
      checkpoints = openCheckpoints({ out, resumed: options.resume, every: options.checkpoint, text, onFirst, onTrouble: note })
    }
    try {
      const run = runChainsIn({ workers, stop: interrupts.stop, onProgress: bars?.update, busy, onRestart, onListening })
      const chains = await run(task)
      drawn = chains.reduce((sum, { draws }) => sum + draws.values.length, 0)
      return chains
    } finally {
      bars?.stop()
      await checkpoints?.end()
    }
  }

  async function keep(result: SampleResult, run: RunDescription): Promise<readonly Diagnostic[]> {
    const isCutShort = result.outcomes.some((o) => o.kind === 'interrupted')
    const isUnfinished = result.outcomes.some((o) => o.kind !== 'finished')
    const isEmpty = result.draws.chains.every((c) => c.count === 0)
    // A pipe that nobody reads is not waited for once a signal came.
    const patient = (): boolean => interrupts.heard() === undefined
    const isRun = out !== undefined && endingOf(out) === '.json'
    // What holds no draws and cannot be gone on from takes no other file's place.
    const isNothing = out === undefined || result.chains.length === 0 || (isEmpty && !isRun)
    const troubles = isNothing ? [] : await write(out, result, run, patient)
    if (troubles.length > 0) return troubles
    // From a pipe or a device nothing can be gone on with.
    const isInOut = isRun && !isNothing && placeIfAny(out)?.kind === 'file'
    if (isInOut && isUnfinished) from = out
    else if (isCutShort) from = await checkpoints?.now(!isEmpty)
    if (isInOut || !isCutShort) checkpoints?.discard()
    return []
  }

  return {
    runChains,
    busy,
    keep,
    goOnFrom: () => from,
    interrupted: () => (interrupts.heard() === undefined ? undefined : interrupts.code()),
  }
}

/** Draws that cannot be written go elsewhere, as a run to be gone on with, rather than be lost. */
async function write(path: string, result: SampleResult, run: RunDescription, patient: () => boolean): Promise<readonly Diagnostic[]> {
  return rescued(await writeSampled(path, result, run, patient), 'The draws', 'run.json', () => runText(result, run.resume))
}
