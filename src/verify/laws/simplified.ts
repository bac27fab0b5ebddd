import { must } from '../../base/internal-error.ts'
import type { Target } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import { reference } from '../../targets/reference.ts'
import { all, type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { interpreted, type Numbers, openAt, type Trial, totalOf } from '../trial.ts'

/**
 * Simplified, sums come in another order, and some forms give way to ones that keep more digits: log(1 + x) by log1p
 * loses 1e-16, and the plain one 1e-16 / x of its value; random cases stay above x = 1e-6.
 */
const TOLERANCE = 1e-9

/** What the compiler starts from, by its definition, against what it makes of it, in an executor. */
export function asWritten(name: string, tolerance: number, choose: (subject: Subject) => Target | string, thin = 1): LawCheck {
  return {
    name,
    thin,
    applies(subject) {
      const target = choose(subject)
      return typeof target === 'string' ? target : undefined
    },
    run(trial) {
      const { subject } = trial
      const plain = interpreted(trial, subject.written)
      const { scale } = totalOf(subject.energy, plain)
      if (!Number.isFinite(scale)) return skipped('E is infinite as it was written')
      if (tolerance > TOLERANCE && scale > 1e4) return skipped('numbers are beyond float32')
      const found = outputsBy(choose(subject) as Target, trial)
      return all(subject.energy.terms.map((t) => sameTerm(ports.term(t.name), plain, found, tolerance * scale)))
    },
  }
}

export const simplifiedChecks: readonly LawCheck[] = [
  asWritten('energy as it was written = simplified, by the reference', TOLERANCE, () => reference),
  asWritten('energy as it was written = simplified, by the kernel', TOLERANCE, ({ kernel }) => kernel),
]

function outputsBy(target: Target, trial: Trial): Numbers {
  const { graph } = trial.subject.energy
  const executable = openAt(trial, graph, target)
  executable.run()
  const outputs = Object.fromEntries(graph.outputs.map((o) => [o.name, must(executable.outputs.get(o.name), o.name).slice()]))
  executable.dispose()
  return outputs
}

function sameTerm(name: string, plain: Numbers, found: Numbers, allowed: number): Finding {
  const [a, b] = [must(plain[name], name)[0] as number, must(found[name], name)[0] as number]
  return Math.abs(a - b) <= allowed ? holds : fails(name.replace(':', ' '), `${a} (as it was written)`, `${b} (simplified)`)
}
