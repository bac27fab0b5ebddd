import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import type { Experiment } from './experiment.ts'

type Fields = Readonly<Record<string, unknown>>
interface FieldRule {
  readonly expected: string
  holds(value: unknown): boolean
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const text: FieldRule = { expected: 'a text', holds: (v) => typeof v === 'string' && v !== '' }

const experimentRules: Readonly<Record<keyof Experiment, FieldRule>> = {
  title: text,
  source: text,
  seconds: { expected: 'a number above 0', holds: (v) => isNumber(v) && v > 0 },
  seed: { expected: 'a whole number from 0 on', holds: (v) => Number.isSafeInteger(v) && (v as number) >= 0 },
  claims: { expected: 'an object with a claim under each name', holds: (v) => isObject(v) && Object.keys(v).length > 0 },
  run: { expected: 'a function (lab) => { measured }', holds: (v) => typeof v === 'function' },
}

const claimRules: Readonly<Record<string, FieldRule>> = {
  what: text,
  where: text,
  source: { expected: 'a number, or nothing', holds: (v) => v === undefined || isNumber(v) },
  unit: { expected: 'a text, or nothing', holds: (v) => v === undefined || typeof v === 'string' },
  bound: { expected: '{ least, most } with one or both, or { standardErrors } beside a source', holds: isBound },
}

/** What a module exports by default, as an experiment: everything that is wrong with it is reported. */
export function readExperiment(value: unknown, place: string): Checked<Experiment> {
  if (!isObject(value))
    return unmade([
      wrong('The module', 'exports no experiment by default', place, 'export default { title, source, seconds, seed, claims, run }'),
    ])
  const diagnostics = [
    ...broken(value, experimentRules, 'The experiment', place),
    ...Object.entries(isObject(value.claims) ? value.claims : {}).flatMap(([name, claim]) => claimTroubles(name, claim, place)),
  ]
  return checked(value as unknown as Experiment, diagnostics)
}

function claimTroubles(name: string, claim: unknown, place: string): readonly Diagnostic[] {
  const whose = `The claim "${name}"`
  if (!isObject(claim)) return [wrong(whose, 'is no object', place, '{ what, where, bound }')]
  const found = broken(claim, claimRules, whose, place)
  if (found.length > 0 || !isObject(claim.bound) || !('standardErrors' in claim.bound) || claim.source !== undefined) return found
  return [wrong(whose, 'is bound to standard errors of a source that it does not state', place, 'source: a number')]
}

function broken(value: Fields, rules: Readonly<Record<string, FieldRule>>, whose: string, place: string): readonly Diagnostic[] {
  return Object.entries(rules)
    .filter(([name, rule]) => !rule.holds(value[name]))
    .map(([name, rule]) => wrong(`${whose}:`, `${name} is ${value[name] === undefined ? 'missing' : 'wrong'}`, place, rule.expected))
}

function isBound(value: unknown): boolean {
  if (!isObject(value)) return false
  if ('standardErrors' in value) return isNumber(value.standardErrors) && value.standardErrors > 0
  const { least, most } = value
  const ends = [least, most].filter((end) => end !== undefined)
  return ends.length > 0 && ends.every(isNumber) && !(isNumber(least) && isNumber(most) && least > most)
}

const wrong = (whose: string, what: string, place: string, expected: string): Diagnostic =>
  diagnostic('AMP731', `${whose} ${what}.`, { place, expected })
