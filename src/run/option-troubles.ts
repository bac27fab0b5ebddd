import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'

interface Rule {
  readonly expected: string
  holds(value: unknown): boolean
  /** The words that are allowed, where they are words. */
  readonly words?: readonly string[]
}

const number = (expected: string, holds: (value: number) => boolean): Rule => ({
  expected,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && holds(value),
})
const whole = (least: number): Rule => number(`a whole number from ${least} on`, (v) => Number.isSafeInteger(v) && v >= least)
const oneOf = (...words: readonly string[]): Rule => ({ expected: words.join(', '), holds: (v) => words.includes(v as string), words })

const shared = { temperature: number('a number above 0', (v) => v > 0), seed: whole(0) }

/** What each option that has a value of its own may be. */
const rules = {
  sample: {
    ...shared,
    chains: whole(1),
    draws: whole(1),
    warmup: whole(0),
    thin: whole(1),
    delta: number('a number between 0 and 1', (v) => v > 0 && v < 1),
    depth: whole(1),
    initRadius: number('a number from 0 on', (v) => v >= 0),
    metric: oneOf('unit', 'diagonal', 'dense'),
    sampler: oneOf('auto', 'nuts', 'langevin', 'gibbs', 'exact'),
  },
  retrieve: {
    ...shared,
    maxSteps: whole(0),
    tolerance: number('a number from 0 on', (v) => v >= 0),
    update: oneOf('asynchronous', 'synchronous'),
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Rule>>>>

/** Options that are looked at where they are used. */
const others: Readonly<Record<keyof typeof rules, readonly string[]>> = {
  sample: [
    ...['backend', 'keep', 'sumOut', 'report', 'predict', 'prior', 'runChains', 'signal', 'busy'],
    ...['onProgress', 'progressEvery', 'keepWarmup', 'resume'],
  ],
  retrieve: [...['backend', 'keep', 'sumOut', 'flow', 'order', 'dt', 'maxTime', 'accuracy', 'longestStep', 'noise', 'observe', 'probe']],
}

/** Options that do not exist, and values that make no sense, which would otherwise come out as numbers that make none. */
export function optionTroubles(reading: keyof typeof rules, options: object): readonly Diagnostic[] {
  const names = [...Object.keys(rules[reading]), ...others[reading]]
  const strange = Object.keys(options).filter((name) => !names.includes(name))
  return [...strange.map((name) => unknown(name, names)), ...wrongValues(reading, options)]
}

function unknown(name: string, names: readonly string[]): Diagnostic {
  const hint = didYouMean(name, names)
  return diagnostic('AMP717', `There is no option "${name}".`, hint === undefined ? { expected: names.join(', ') } : { hint })
}

function wrongValues(reading: keyof typeof rules, options: object): readonly Diagnostic[] {
  return Object.entries<Rule>(rules[reading]).flatMap(([name, rule]) => {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value === undefined || rule.holds(value)) return []
    const hint = typeof value === 'string' && rule.words !== undefined ? didYouMean(value, rule.words) : undefined
    const said = typeof value === 'string' ? `"${value}"` : String(value)
    return [diagnostic('AMP717', `The option ${name} is ${said}.`, { expected: rule.expected, ...(hint === undefined ? {} : { hint }) })]
  })
}
