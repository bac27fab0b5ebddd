import { must } from '../../base/internal-error.ts'
import { type Tensor, tensor } from '../../base/tensor.ts'
import { readWriting } from '../../compile/writing.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { openSession, type WritingSession, withRow } from '../../run/writing-session.ts'
import { type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { interpreted, type Numbers, type Trial } from '../trial.ts'
import { farthest, patternOf } from './patterns.ts'
import { posteriorChecks } from './posteriors.ts'

/** Relative to the largest number stored: what is added and taken away again leaves the rounding of a sum. */
const TOLERANCE = 1e-6

export const writeLaw = {
  number: 8,
  name: 'Write',
  says: 'rules read the memories as they were; forgetting what was written leaves them so again, and order does not matter to what adds up; posteriors are those of the text, and fade to priors',
  checks: [
    check('all rules read the memories as they were', (subject) => needs(subject, 'write'), atOnce),
    check('forgetting takes a write back', (subject) => needs(subject, 'write') ?? needs(subject, 'forget'), takenBack),
    check('the order of two patterns does not matter', (subject) => needs(subject, 'write') ?? needsSums(subject), inEitherOrder),
    ...posteriorChecks,
  ],
} as const satisfies Law

function check(name: string, applies: LawCheck['applies'], run: LawCheck['run']): LawCheck {
  return { name, applies, run }
}

function programOf({ loaded }: Subject, action: WritingProgram['action']): WritingProgram | undefined {
  return readWriting(loaded.model, loaded.energy, action).value
}

function needs(subject: Subject, action: WritingProgram['action']): string | undefined {
  if (subject.energy.declared.every((v) => v.role !== 'memory')) return 'the model has no memory'
  const program = programOf(subject, action)
  if (program === undefined) return 'what a write makes of a memory is not said, or cannot be run'
  return program.rules.length === 0 ? `the model has no ${action} rule` : undefined
}

function needsSums(subject: Subject): string | undefined {
  const program = must(programOf(subject, 'write'), 'write')
  return program.rules.every((r) => r.appends) ? 'patterns are appended, each by itself' : undefined
}

/** Memories as they are inside, elements from 0. */
type Memories = ReadonlyMap<string, Tensor>

/** What every rule gives, by the definition of its graph, beside what the step made of it. */
function atOnce(trial: Trial): Finding {
  const program = must(programOf(trial.subject, 'write'), 'write')
  const expected = interpreted(trial, program.graph)
  const session = opened(trial, program)
  const after = written(trial, session, patternOf(trial))
  session.dispose()
  if (typeof after === 'string') return skipped(after)
  for (const { target, value, appends, places } of program.rules) {
    if (places.length > 0) continue
    const was = must(memoriesIn(trial).get(target.name), target.name)
    const result = must(expected[value], value)
    const axis = program.growing[target.name]
    const wanted = appends && axis !== undefined ? withRow(was, axis, result).data : result
    const found = must(after.get(target.name), target.name).data
    const off = farthest(wanted, found)
    if (off > TOLERANCE) return fails(`"${target.name}" after a write`, 'its rule at the memories as they were', `off by ${off}`)
  }
  return holds
}

function takenBack(trial: Trial): Finding {
  const [write, forget] = [must(programOf(trial.subject, 'write'), 'write'), must(programOf(trial.subject, 'forget'), 'forget')]
  const first = opened(trial, write)
  const between = written(trial, first, patternOf(trial))
  first.dispose()
  if (typeof between === 'string') return skipped(between)
  const kept = new Set(forget.rules.map((r) => r.target.name))
  // What a forget rule reads is as the write left it, but for what was appended, which is taken out by its number.
  const start = new Map([...memoriesIn(trial)].map(([name, t]) => [name, kept.has(name) ? must(between.get(name), name) : t]))
  const second = opened(trial, forget, start)
  const after = written(trial, second, patternOf(trial))
  second.dispose()
  if (typeof after === 'string') return skipped(after)
  for (const name of kept) {
    const off = farthest(must(memoriesIn(trial).get(name), name).data, must(after.get(name), name).data)
    if (off > TOLERANCE) return fails(`"${name}" after writing a pattern and forgetting it`, 'what it was', `off by ${off}`)
  }
  return holds
}

function inEitherOrder(trial: Trial): Finding {
  const program = must(programOf(trial.subject, 'write'), 'write')
  const [a, b] = [patternOf(trial), patternOf(trial, true)]
  const ends = [
    [a, b],
    [b, a],
  ].map((patterns) => {
    const session = opened(trial, program)
    const after = patterns.reduce<Memories | string>(
      (before, p) => (typeof before === 'string' ? before : written(trial, session, p)),
      new Map(),
    )
    session.dispose()
    return after
  })
  const [one, other] = ends
  if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string') return skipped(String(one))
  for (const { target, appends } of program.rules) {
    if (appends) continue
    const off = farthest(must(one.get(target.name), target.name).data, must(other.get(target.name), target.name).data)
    // A rule need not add up; that it does not is worth knowing, and no fault.
    if (off > TOLERANCE) return skipped(`order matters to "${target.name}", by ${off.toPrecision(2)} of its largest number`)
  }
  return holds
}

function memoriesIn({ subject, example, sizes }: Trial): Memories {
  const memories = subject.loaded.energy.declared.filter((v) => v.role === 'memory' && v.label === undefined)
  return new Map(
    memories.map(({ name, axes }) => [name, tensor(axes, axes.map((a) => must(sizes[a], a)), must(example.values[name], name))]), // biome-ignore format: a row
  )
}

function opened(trial: Trial, program: WritingProgram, memories: Memories = memoriesIn(trial)): WritingSession {
  const values = new Map(Object.entries(trial.example.values))
  for (const [name, { data }] of memories) values.set(name, data)
  const grown = new Map(
    [...memories].flatMap(([name, t]) => (program.growing[name] === undefined ? [] : [[name, outside(trial, name, t, 1)] as const])),
  )
  return openSession(program, trial.subject.kernel, { sizes: trial.sizes, values, grown })
}

/** Elements are numbered from 1 where a session keeps what grows. */
function outside({ subject }: Trial, name: string, t: Tensor, by: 1 | -1): Tensor {
  const type = subject.loaded.energy.declared.find((v) => v.name === name)?.type
  return type?.kind === 'element' ? { ...t, data: t.data.map((v) => v + by) } : t
}

/** The memories after one more pattern; or what kept it from being written. */
function written(trial: Trial, session: WritingSession, pattern: Numbers): Memories | string {
  const trouble = session.step((name) => must(pattern[name], name))
  if (trouble !== undefined) return trouble.message
  const numbers = [...session.numbers()].map(
    ([name, data]) => [name, { ...must(memoriesIn(trial).get(name), name), data: data.slice() }] as const,
  )
  const grown = [...session.grown()].map(([name, t]) => [name, outside(trial, name, t, -1)] as const)
  return new Map([...numbers, ...grown])
}
