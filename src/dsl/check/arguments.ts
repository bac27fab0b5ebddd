import type { Span } from '../../base/source.ts'
import type { Argument, Expr } from '../ast.ts'
import { didYouMean } from './names.ts'
import { argumentElsewhere } from './other-systems.ts'
import type { Report } from './report.ts'
import { tell } from './report.ts'
import { counted, listed, quote } from './words.ts'

export interface WantedArguments {
  /** What is being called, as in messages: `normal`. */
  readonly what: string
  readonly parameters: readonly string[]
  /** How many may be left out, from the end. */
  readonly optional?: number
  /** Where to point when arguments are missing. */
  readonly span: Span
}

/** Arguments in the order of the parameters, given by position or by name; undefined (and reported) when they do not fit. */
export function matchArguments(
  report: Report,
  wanted: WantedArguments,
  args: readonly Argument[],
): readonly (Expr | undefined)[] | undefined {
  const slots: (Expr | undefined)[] = wanted.parameters.map(() => undefined)
  let fits = true
  let position = 0
  for (const arg of args) {
    const slot = arg.name === undefined ? position++ : wanted.parameters.indexOf(arg.name.text)
    fits = place(report, wanted, slots, slot, arg) && fits
  }
  if (!fits) return undefined
  const needed = wanted.parameters.slice(0, wanted.parameters.length - (wanted.optional ?? 0))
  const missing = needed.filter((_, i) => slots[i] === undefined)
  if (missing.length > 0) {
    tooFew(report, wanted, args.length, missing)
    return undefined
  }
  return slots
}

/** Without those at the end that were left out. */
export function givenSlots<T>(slots: readonly (T | undefined)[] | undefined): readonly (T | undefined)[] | undefined {
  return slots?.slice(0, slots.findLastIndex((s) => s !== undefined) + 1)
}

function place(report: Report, wanted: WantedArguments, slots: (Expr | undefined)[], slot: number, arg: Argument): boolean {
  const span = arg.name?.span ?? arg.value.span
  if (slot === -1 && arg.name !== undefined) {
    tell(report, 'AMP209', `${wanted.what} has no argument called ${quote(arg.name.text)}`, {
      span,
      expected: signature(wanted),
      ...hintFor(wanted, arg.name.text),
    })
    return false
  }
  if (slot >= slots.length) {
    tell(report, 'AMP401', `${wanted.what} takes ${howMany(wanted)}, but here is one more`, { span, expected: signature(wanted) })
    return false
  }
  if (slots[slot] !== undefined) {
    tell(report, 'AMP210', `${quote(wanted.parameters[slot] ?? '')} of ${wanted.what} is given twice`, {
      span,
      expected: signature(wanted),
    })
    return false
  }
  slots[slot] = arg.value
  return true
}

function hintFor({ what, parameters }: WantedArguments, name: string): { hint?: string } {
  const hint = argumentElsewhere(what, name, parameters)
  return hint === undefined ? didYouMean(name, parameters) : { hint }
}

function tooFew(report: Report, wanted: WantedArguments, given: number, missing: readonly string[]): void {
  const is = missing.length === 1 ? 'is' : 'are'
  tell(report, 'AMP401', `${wanted.what} takes ${howMany(wanted)}, but ${counted(given, 'argument')} ${given === 1 ? 'is' : 'are'} given`, {
    span: wanted.span,
    expected: signature(wanted),
    hint: `${listed(missing.map(quote))} ${is} missing`,
  })
}

function howMany({ parameters, optional = 0 }: WantedArguments): string {
  if (optional > 0 && optional === parameters.length) return `at most ${counted(parameters.length, 'argument')}`
  const fewest = parameters.length - optional
  const count = optional === 0 ? counted(fewest, 'argument') : `${fewest} to ${parameters.length} arguments`
  return parameters.length === 0 ? count : `${count} (${listed(parameters)})`
}

function signature({ what, parameters, optional = 0 }: WantedArguments): string {
  const needed = parameters.slice(0, parameters.length - optional)
  const more = parameters.slice(needed.length)
  // Where all may be left out, how many there are is said beside it.
  return needed.length === 0 || optional === 0
    ? `${what}(${parameters.join(', ')})`
    : `${what}(${needed.join(', ')}) or ${what}(${[...needed, ...more].join(', ')})`
}
