import { must } from '../../base/internal-error.ts'
import { expressionOf } from '../../compile/outputs.ts'
import { type Fading, fadingProgram } from '../../compile/posterior/fading.ts'
import { readWriting, withPredictive } from '../../compile/writing.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { openSession } from '../../run/writing-session.ts'
import { all, type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { energyBy, interpreted, type Numbers, type Trial } from '../trial.ts'
import { farthest, patternOf } from './patterns.ts'

/** Relative to the largest number of a parameter: what is added and taken away again leaves the rounding of a sum. */
const SUMS = 1e-9
/** Decays solve with matrices, of which random ones may have condition numbers of 1e6. */
const SOLVED = 1e-6

/** Law 8 for memories that have a prior and no rule, which are their posteriors. */
export const posteriorChecks = [
  check('a write conditions: the log posterior is the log prior and the log likelihood', conditions),
  check('forgetting takes a write out of a posterior', takenOut),
  check('posteriors do not depend on the order of two patterns', inEitherOrder),
  check('what was written is no less likely than before', likelier),
  check('decay and discount: 0 changes nothing, 1 leaves the prior, b after b is 1 - (1 - b)^2 at once', fadesTogether),
] as const satisfies readonly LawCheck[]

function check(name: string, run: (trial: Trial, posterior: Energy) => Finding): LawCheck {
  return { name, applies: needsPosterior, run: (trial) => run(trial, must(trial.subject.posterior, 'posterior')) }
}

function needsPosterior({ posterior, energy }: Subject): string | undefined {
  if (posterior !== undefined) return undefined
  const priors = energy.statements.some(
    (s) => s.kind === 'density' && energy.declared.some((v) => v.role === 'memory' && v.name === s.variable),
  )
  return priors ? 'no posterior of a memory has a closed form' : 'no memory has a prior and no rule'
}

function programOf({ subject }: Trial, posterior: Energy, action: WritingProgram['action']): WritingProgram {
  return must(readWriting(subject.loaded.model, posterior, action).value, action)
}

/** StoredNumbers by name. */
type StoredNumbers = ReadonlyMap<string, Float64Array>

/** Those of the empty store. */
function priorsOf(trial: Trial, posterior: Energy): StoredNumbers {
  const names = posterior.posteriors.flatMap((p) => p.parameters)
  const at = sized(trial, posterior)
  const priorOf = (name: string) => must(interpreted(at, expressionOf(posterior, ports.preset(name)))[ports.result], name)
  return new Map(names.map((name) => [name, priorOf(name)]))
}

const sized = (trial: Trial, { axes }: Pick<Energy, 'axes'>): Trial => ({ ...trial, sizes: madeSizes(axes, trial.sizes) })

interface Rewritten {
  readonly parameters: StoredNumbers
  /** Of the last pattern given those before. */
  readonly log: number | undefined
}

/** After these patterns, from these parameters; or what kept one from being written. */
function after(trial: Trial, program: WritingProgram, start: StoredNumbers, patterns: readonly Numbers[]): Rewritten | string {
  const values = new Map([...Object.entries(trial.example.values), ...[...start].map(([name, data]) => [name, data.slice()] as const)])
  const session = openSession(program, trial.subject.kernel, { sizes: madeSizes(program.axes, trial.sizes), values })
  for (const pattern of patterns) {
    const trouble = session.step((name) => must(pattern[name], name))
    if (trouble !== undefined) return trouble.message
  }
  const numbers = session.numbers()
  const parameters = new Map([...start.keys()].map((name) => [name, must(numbers.get(name), name).slice()]))
  const log = session.logDensity()
  session.dispose()
  return { parameters, log }
}

function apart(a: StoredNumbers, b: StoredNumbers, most: number, what: string, expected: string): Finding {
  for (const [name, data] of a) {
    const off = farthest(data, must(b.get(name), name))
    if (!(off <= most)) return fails(`"${name}" ${what}`, expected, `off by ${off}`)
  }
  return holds
}

/** Between two values of the memories, and given a pattern: E of the text against minus the log of what is stored. */
function conditions(trial: Trial, posterior: Energy): Finding {
  const pattern = patternOf(trial)
  const written = after(trial, programOf(trial, posterior, 'write'), priorsOf(trial, posterior), [pattern])
  if (typeof written === 'string') return skipped(written)
  const terms = posterior.terms.filter((t) => posterior.posteriors.some((p) => t.name === ports.posterior(p.name)))
  const stored = { ...posterior, terms }
  const memories = posterior.posteriors.map((p) => p.name)
  const turned = Object.fromEntries(memories.map((name) => [name, must(trial.example.values[name], name).toReversed()]))
  const by = (memory: Numbers, parameters: StoredNumbers) =>
    energyBy(sized(trial, posterior), stored, { ...memory, ...Object.fromEntries(parameters) }, 1)
  const [here, there] = [by({}, written.parameters), by(turned, written.parameters)]
  const [textHere, textThere] = [energyBy(trial, trial.subject.energy, {}, 1), energyBy(trial, trial.subject.energy, turned, 1)]
  const [found, wanted] = [there.energy - here.energy, textThere.energy - textHere.energy]
  if (!Number.isFinite(wanted) || !Number.isFinite(found)) return skipped('E is not finite at both of two values of the memories')
  const scale = here.scale + there.scale + textHere.scale + textThere.scale
  const off = Math.abs(found - wanted) / scale
  return off <= SUMS ? holds : fails('between two values of the memories, what is stored', `${wanted} nats`, `${found} nats`)
}

function takenOut(trial: Trial, posterior: Energy): Finding {
  const priors = priorsOf(trial, posterior)
  const between = after(trial, programOf(trial, posterior, 'write'), priors, [patternOf(trial)])
  if (typeof between === 'string') return skipped(between)
  const end = after(trial, programOf(trial, posterior, 'forget'), between.parameters, [patternOf(trial)])
  if (typeof end === 'string') return skipped(end)
  // Relative to what was there in between, which is what is rounded.
  for (const [name, data] of priors) {
    const scale = Math.max(...[data, must(between.parameters.get(name), name)].flatMap((all) => Array.from(all, Math.abs)), 1e-300)
    const off = Math.max(0, ...Array.from(must(end.parameters.get(name), name), (v, i) => Math.abs(v - (data[i] as number)))) / scale
    if (!(off <= SUMS)) return fails(`"${name}" after writing a pattern and forgetting it`, 'what it was', `off by ${off}`)
  }
  return holds
}

function inEitherOrder(trial: Trial, posterior: Energy): Finding {
  const [a, b] = [patternOf(trial), patternOf(trial, true)]
  const program = programOf(trial, posterior, 'write')
  const ends = [[a, b], [b, a]].map((patterns) => after(trial, program, priorsOf(trial, posterior), patterns)) // biome-ignore format: one thought
  const [one, other] = ends
  if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string') return skipped(String(one))
  return apart(one.parameters, other.parameters, SUMS, 'after two patterns', 'the same in either order')
}

/** The mean of p^2 is no less than the square of the mean of p. */
function likelier(trial: Trial, posterior: Energy): Finding {
  const program = withPredictive(posterior, programOf(trial, posterior, 'write'))
  if (program.predictive !== true) return skipped('the model does not say the density of each state, or not in closed form')
  const pattern = patternOf(trial)
  const [first, second] = [1, 2].map((times) => after(trial, program, priorsOf(trial, posterior), Array.from({ length: times }, () => pattern))) // biome-ignore format: one thought
  if (typeof first !== 'object' || typeof second !== 'object') return skipped(String(first))
  const [before, now] = [first.log, second.log]
  if (before === undefined || now === undefined || !Number.isFinite(before)) return skipped('the pattern has no density')
  const slack = 1e-9 * (1 + Math.abs(before))
  return now >= before - slack ? holds : fails('the log density of a pattern once it was written', `${before} nats or more`, `${now} nats`)
}

function fadesTogether(trial: Trial, posterior: Energy): Finding {
  const priors = priorsOf(trial, posterior)
  const written = after(trial, programOf(trial, posterior, 'write'), priors, [patternOf(trial)])
  if (typeof written === 'string') return skipped(written)
  const how: readonly Fading[] = ['discount', 'decay']
  return all(how.map((one) => fades(trial, fadingProgram(posterior, one), one, priors, written.parameters)))
}

function fades(trial: Trial, program: ReturnType<typeof fadingProgram>, how: Fading, priors: StoredNumbers, now: StoredNumbers): Finding {
  if ('stays' in program) return skipped(`"${program.stays}" is not Gaussian, and does not decay`)
  const by = (...parts: readonly number[]): Rewritten | string =>
    after(trial, program, now, parts.map((b) => ({ [ports.fading]: Float64Array.of(b) }))) // biome-ignore format: one thought
  const [none, whole, twice, once] = [by(0), by(1), by(0.3, 0.3), by(1 - 0.7 * 0.7)]
  if (typeof none === 'string' || typeof whole === 'string' || typeof twice === 'string' || typeof once === 'string')
    return skipped(String(none))
  return all([
    apart(none.parameters, now, 0, `after a ${how} of 0`, 'what it was'),
    apart(whole.parameters, priors, 0, `after a ${how} of 1`, 'that of the prior'),
    apart(twice.parameters, once.parameters, how === 'decay' ? SOLVED : SUMS, `after a ${how} of 0.3 twice`, 'that after 0.51 at once'),
  ])
}
