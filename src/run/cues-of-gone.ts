import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import * as ports from '../middle/ports.ts'

type GoneHow = 'integrate' | 'plug-in' | 'minimise'

/** What is gone from the energy of a program. */
export interface Gone {
  /** Those that are relaxed are there, as probabilities. */
  readonly responsibilities: readonly { readonly name: string; readonly relaxed?: true }[]
  readonly eliminated: readonly { readonly name: string; readonly how: GoneHow; readonly byLoop?: true }[]
}

/**
 * Starts and observations that were given for variables that are gone from the energy: a start has no effect
 * (nor is it reported in a file of several, such as an earlier run), observed values cannot be used.
 */
export function cuesOfGone({ observed, cues }: Bound, { responsibilities, eliminated }: Gone): readonly Diagnostic[] {
  const inPart = (name: string): boolean => observed[ports.knownPart(name)] !== undefined
  const gone = [...responsibilities.filter((r) => r.relaxed !== true).map(({ name }) => ({ name, how: undefined })), ...eliminated]
  return [
    ...gone.flatMap(({ name, how }) => (observed[name] === undefined || inPart(name) ? [] : [notUsed(name, how)])),
    ...gone.flatMap(({ name, how }) => {
      const cue = eliminated.some((e) => e.name === name && e.byLoop === true) ? undefined : cues[name]
      return cue === undefined || cue.bundled === true ? [] : [withoutEffect(name, how)]
    }),
  ]
}

type How = GoneHow | undefined

const words: Readonly<Record<GoneHow, string>> = { integrate: 'integrated out', 'plug-in': 'at a value of its own', minimise: 'minimised' }

function isGone(name: string, how: How): string {
  return `"${name}" is ${how === undefined ? 'summed out' : words[how]}`
}

function notUsed(name: string, how: How): Diagnostic {
  const keep = `Keep it (--keep ${name}), or compile for it being observed completely (--observed ${name}).`
  return diagnostic('AMP511', `${isGone(name, how)}, so observed values of it cannot be used.`, {
    expected: `nothing observed of "${name}"`,
    hint: how === undefined ? keep : `Leave out --${how} ${name}.`,
  })
}

function withoutEffect(name: string, how: How): Diagnostic {
  return diagnostic('AMP517', `${isGone(name, how)}, so its initial value has no effect.`, {
    hint: how === undefined ? `With --keep ${name} it starts there and moves one element at a time.` : `Leave out --${how} ${name}.`,
  })
}
