import { must } from '../base/internal-error.ts'
import { retrieving } from '../memory/batch.ts'
import type { Machine } from '../memory/machine.ts'
import type { RelaxOptions } from '../memory/options.ts'
import type { Cue, Retrieval } from '../memory/retrieve.ts'
import { changesOf, type Rung } from './anneal.ts'
import type { Prepared } from './prepared.ts'
import type { RetrievalParts, Retrieved } from './retrieval.ts'

/** How far a start has come along the rungs: where it goes on from, how each ended, and all of them as one retrieval. */
export interface Climb {
  readonly cue: Cue
  readonly ends: Retrieved['rungs']
  readonly whole: Retrieval
}

interface Sequence extends Pick<Prepared, 'rungs' | 'perCue'> {
  readonly cues: readonly Cue[]
}

interface ClimbEvents {
  settle(k: number, climb: Climb): void
  pass(): void
}

/**
 * Retrieves every cue once for each rung, each time from where the last one ended. As many cues as the machine has rows go
 * through all rungs before the next do. Where one ends in no number, or falls without bound, its sequence ends.
 */
export function* climbing(
  machine: Machine,
  { rungs, perCue, cues }: Sequence,
  optionsOf: (k: number) => RelaxOptions,
  { settle, pass }: ClimbEvents,
): Generator<void, void, void> {
  const changes = changesOf(rungs, perCue)
  for (let from = 0; from < cues.length; from += machine.rows) {
    let group: readonly Place[] = cues.slice(from, from + machine.rows).map((cue, j) => ({ k: from + j, cue, climb: undefined }))
    for (const [r, rung] of rungs.entries()) {
      for (const [name, value] of must(changes[r], 'changes')) machine.renew(name, value)
      const reached: Place[] = []
      const places = group
      yield* retrieving(
        machine,
        places.map((p) => p.cue),
        (j) => optionsOf(must(places[j], 'place').k),
        (j, end) => {
          const place = must(places[j], 'place')
          const climb = further(place, rung, end, machine)
          pass()
          if (r === rungs.length - 1 || isOver(end)) {
            for (let left = r + 1; left < rungs.length; left += 1) pass()
            settle(place.k, climb)
          } else reached.push({ k: place.k, cue: climb.cue, climb })
        },
      )
      group = reached.sort((a, b) => a.k - b.k)
    }
  }
}

interface Place {
  readonly k: number
  readonly cue: Cue
  readonly climb: Climb | undefined
}

/** From here nothing can go on. */
const isOver = ({ outcome }: Retrieval): boolean => outcome.kind === 'not finite' || outcome.kind === 'unbounded'

function further({ cue, climb }: Place, { at }: Rung<RetrievalParts>, end: Retrieval, machine: Machine): Climb {
  const { energy, steps, outcome } = end
  const discrete = Object.fromEntries(machine.discrete.map(({ state }) => [state.name, must(end.states[state.name], state.name).data]))
  const before = climb?.whole
  return {
    cue: { ...cue, ...end.coordinates, ...discrete },
    ends: [...(climb?.ends ?? []), { at, energy, steps, outcome }],
    whole: {
      ...end,
      steps: steps + (before?.steps ?? 0),
      evaluations: end.evaluations + (before?.evaluations ?? 0),
      time: end.time + (before?.time ?? 0),
      path: [...(before?.path ?? []), ...end.path.map((m) => ({ ...m, at }))],
      responsibilities: { cue: before?.responsibilities.cue ?? end.responsibilities.cue, end: end.responsibilities.end },
    },
  }
}
