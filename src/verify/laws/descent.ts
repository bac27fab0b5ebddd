import type { Stream } from '../../base/random.ts'
import { descent, type LawVerdict, noFlipDown, noWayDown, restsOnFlatGround } from '../../memory/laws.ts'
import type { Machine } from '../../memory/machine.ts'
import type { Cue, Retrieval } from '../../memory/retrieve.ts'
import { along, slopeOf, unitVector } from '../differences.ts'
import { type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { endOf, machineFor, needsRetrieval, relax, retrievalOf } from '../rest.ts'
import { openScene } from '../scene.ts'
import { streamFor, type Trial } from '../trial.ts'

export const descentLaw = {
  number: 3,
  name: 'Descent',
  says: 'energy never rises along retrieval; where it rests the projected gradient is zero and no probe finds a way down',
  checks: [
    check('energy never rises', 'a fall or rest at every step', (_machine, end) => descent(end)),
    check('the projected gradient is zero at rest', 'no slope', flatUnlessKinked),
    { ...check('no random probe finds a way down', 'no way down', modeUnlessSaddle), applies: needsSmooth },
    { ...check('no single flip lowers the energy', 'no flip down', (machine, end) => noFlipDown(machine, end)), applies: needsDiscrete },
  ],
} as const satisfies Law

function needsSmooth(subject: Trial['subject']): string | undefined {
  return needsRetrieval(subject) ?? (retrievalOf(subject).program.states.length === 0 ? 'no state moves smoothly' : undefined)
}

function needsDiscrete(subject: Trial['subject']): string | undefined {
  return needsRetrieval(subject) ?? (retrievalOf(subject).program.discrete.length === 0 ? 'no discrete state is left to flip' : undefined)
}

function check(name: string, expected: string, judge: (machine: Machine, end: Retrieval, trial: Trial) => LawVerdict): LawCheck {
  return {
    name,
    applies: needsRetrieval,
    run(trial) {
      const { machine, cue } = machineFor(trial)
      const end = relax(machine, cue)
      return findingOf(judge(machine, end, trial), name, expected)
    },
  }
}

function findingOf(verdict: LawVerdict, name: string, expected: string): Finding {
  if (verdict.kind === 'holds') return holds
  return verdict.kind === 'broken' ? fails(name, expected, verdict.sentence) : skipped(verdict.sentence)
}

/** On a kink there is no gradient that could be zero. */
function flatUnlessKinked(machine: Machine, end: Retrieval, trial: Trial): LawVerdict {
  const verdict = restsOnFlatGround(machine, end)
  if (verdict.kind !== 'broken' || !onKink(trial, end)) return verdict
  return { kind: 'not applicable', sentence: 'It came to rest on a kink.' }
}

/** Whether the energy bends like a kink, or has an edge, at the end of a retrieval, along any coordinate. */
function onKink(trial: Trial, end: Retrieval): boolean {
  const scene = openScene(trial, retrievalOf(trial.subject), trial.subject.kernel)
  const place = scene.start.slice()
  for (const b of scene.blocks) place.set(end.coordinates[b.state.name] ?? [], b.offset)
  scene.look(place)
  const scale = scene.scale()
  return place.some((_, i) => {
    const v = unitVector(place.length, i)
    return slopeOf((t) => {
      scene.look(along(place, v, t))
      return scene.energy()
    }, scale).unclear
  })
}

/**
 * A cue may lie exactly on a ridge, from which retrieval runs into a saddle: a fixed point, but no mode. Nudged, it
 * must leave; where it comes to rest after that has to be a mode.
 */
function modeUnlessSaddle(machine: Machine, first: Retrieval, trial: Trial): LawVerdict {
  const stream = streamFor(trial, 'probes')
  let end = first
  let verdict = noWayDown(machine, end, stream)
  for (let nudges = 0; verdict.kind === 'broken' && nudges < 4; nudges += 1) {
    end = relax(machine, nudged(endOf(end), stream))
    verdict = noWayDown(machine, end, stream)
  }
  return verdict
}

function nudged(cue: Cue, stream: Stream): Cue {
  return Object.fromEntries(
    Object.entries(cue).map(([name, x]) => [
      name,
      x.every((v) => Number.isInteger(v) && v !== 0) ? x : x.map((v) => v + 1e-3 * stream.normal()),
    ]),
  )
}
