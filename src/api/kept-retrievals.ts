import type { Machine } from '../memory/machine.ts'
import type { Prepared } from '../run/prepared.ts'
import { opened } from '../run/retrieve.ts'

/**
 * What retrievals of one model need not work out again when one comes after the other: what was made for the same question, by its key,
 * and machines, which are given the values of the next.
 */
export interface KeptRetrievals {
  made<T>(question: unknown, make: () => T): T
  /** One for this program, with these values. To dispose of it is to keep it for the next. */
  machine(ready: Prepared): Machine
  dispose(): void
}

/** Patterns of which other states are missing need other machines. */
const MOST_MACHINES = 4

export function keptRetrievals(): KeptRetrievals {
  const answers = new Map<string, unknown>()
  const idle: KeptMachine[] = []
  const keep = (kept: KeptMachine): void => {
    idle.push(kept)
    if (idle.length > MOST_MACHINES) idle.shift()?.machine.dispose()
  }
  return {
    made<T>(question: unknown, make: () => T): T {
      const key = JSON.stringify(question, (_, v: unknown) => (v instanceof Set ? [...v].sort() : v))
      if (!answers.has(key)) answers.set(key, make())
      return answers.get(key) as T
    },
    machine(ready) {
      if (!mayServeAgain(ready)) return opened(ready)
      const at = idle.findIndex(({ of }) => isFor(of, ready))
      const kept = at < 0 ? openedApart(ready) : (idle.splice(at, 1)[0] as KeptMachine)
      if (at >= 0) for (const [name, data] of ready.run.fixed) kept.machine.renew(name, data)
      return { ...kept.machine, dispose: () => keep(kept) }
    },
    dispose() {
      for (const { machine } of idle.splice(0)) machine.dispose()
    },
  }
}

interface KeptMachine {
  readonly machine: Machine
  readonly of: Prepared
}

/** With buffers of its own, into which other values may be written. */
function openedApart(ready: Prepared): KeptMachine {
  const fixed = new Map([...ready.run.fixed].map(([name, data]) => [name, data.slice()]))
  return { machine: opened({ ...ready, run: { ...ready.run, fixed } }), of: ready }
}

/** A minimum inside is followed from where it was, so that its machine is no other's. */
function mayServeAgain({ run, rungs, perCue }: Prepared): boolean {
  return rungs.length === 1 && perCue.length === 0 && run.parts.inner === undefined
}

/** The same program at the same sizes, with other values. */
function isFor({ run: of }: Prepared, { run }: Prepared): boolean {
  const axes = Object.keys(run.sizes)
  return (
    of.parts.program === run.parts.program &&
    axes.length === Object.keys(of.sizes).length &&
    axes.every((a) => of.sizes[a] === run.sizes[a])
  )
}
