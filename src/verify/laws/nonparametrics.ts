import { must } from '../../base/internal-error.ts'
import { exp } from '../../base/special/exponential.ts'
import { expressionOf } from '../../compile/outputs.ts'
import { logPartition, type PartitionLaw } from '../../families/processes/partitions.ts'
import { type Process, processes, processTrouble } from '../../families/processes/table.ts'
import * as ports from '../../middle/ports.ts'
import type { OpenedAxis } from '../../middle/random-axis.ts'
import { all, type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { interpreted, type Trial } from '../trial.ts'

/** Of a dozen log gammas and their exponential. */
const TOLERANCE = 1e-10

export const nonparametricsLaw = {
  number: 9,
  name: 'Nonparametrics',
  says: 'elements of an axis that grows are taken as its process says: by ratios of probabilities of partitions, in any order',
  checks: [
    check('how likely elements are = ratios of the probabilities of partitions', byPartitions),
    check('two patterns take two elements as likely in either order', inEitherOrder),
  ],
} as const satisfies Law

function check(name: string, run: (trial: Trial, axis: OpenedAxis) => Finding): LawCheck {
  return { name, applies: needsAxis, run: (trial) => all(trial.subject.energy.opened.map((axis) => run(trial, axis))) }
}

function needsAxis({ energy }: Subject): string | undefined {
  return energy.opened.length === 0 ? 'the model has no axis that grows by one element a pattern' : undefined
}

/** How likely the next pattern takes each element, as the energy has it, where so many took each before. */
function shares(trial: Trial, { picker, count }: OpenedAxis, counts: Float64Array): Float64Array {
  const { energy } = trial.subject
  const statement = must(
    energy.implied.find((d) => d.variable === picker),
    picker,
  )
  const graph = expressionOf(energy, ports.argument(statement.name, 0))
  return must(interpreted(trial, graph, { [count]: counts })[ports.result], 'shares')
}

function lawOf(trial: Trial, { axis, process, arguments: length }: OpenedAxis): PartitionLaw | undefined {
  const args = Array.from({ length }, (_, i) => {
    const graph = expressionOf(trial.subject.energy, ports.argument(ports.weight(axis), i))
    return must(interpreted(trial, graph)[ports.result]?.[0], 'argument')
  })
  const { law }: Process = processes[process]
  return processTrouble(process, args) === undefined ? law(args, 0) : undefined
}

function countsOf({ example }: Trial, { count }: OpenedAxis): Float64Array {
  return must(example.values[count], count)
}

const oneMore = (counts: Float64Array, k: number): Float64Array => counts.map((c, i) => (i === k ? c + 1 : c))

const outside: Finding = skipped('the parameters of the process are outside their domain in every case')

function byPartitions(trial: Trial, axis: OpenedAxis): Finding {
  const law = lawOf(trial, axis)
  if (law === undefined) return outside
  const counts = countsOf(trial, axis)
  const before = logPartition(law, counts)
  const found = shares(trial, axis, counts)
  for (let k = 0; k < counts.length; k += 1) {
    const expected = exp(logPartition(law, oneMore(counts, k)) - before)
    if (!(Math.abs((found[k] as number) - expected) <= TOLERANCE)) return fails(`how likely element ${k + 1} of ${axis.axis} is`, expected, found[k] as number) // biome-ignore format: one thought
  }
  return holds
}

/** Of elements that are there: one that is new leaves no room for another here. */
function inEitherOrder(trial: Trial, axis: OpenedAxis): Finding {
  if (lawOf(trial, axis) === undefined) return outside
  const counts = countsOf(trial, axis)
  if (counts.length < 3) return skipped('no case has two elements')
  const both = (j: number, k: number): number =>
    (shares(trial, axis, counts)[j] as number) * (shares(trial, axis, oneMore(counts, j))[k] as number)
  const [one, other] = [both(0, 1), both(1, 0)]
  return Math.abs(one - other) <= TOLERANCE ? holds : fails(`elements 1 and 2 of ${axis.axis}, the other way round`, one, other)
}
