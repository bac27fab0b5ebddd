import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import type { Span } from '../../src/base/source.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import type { Analysis, Declared } from '../../src/dsl/analysis.ts'
import { definitionOf, namesAt, nodeAt, referencesOf, typeOf } from '../../src/dsl/queries.ts'
import { lex } from '../../src/dsl/tokens.ts'
import { damaged } from './damage.ts'
import { conformance } from './programs.ts'

const gallery = readdirSync('models', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.amp'))
  .map((file) => ({ name: file, text: readFileSync(join('models', file), 'utf8') }))
const programs = [...conformance, ...gallery]

const read = (text: string): Analysis => analyse({ name: 'test.amp', text })
const cut = (text: string, { start, end }: Span): string => text.slice(start, end)
const codesOf = ({ diagnostics }: Analysis): readonly string[] => diagnostics.map(({ code }) => code).sort()
/** Warnings may be about how alike two names are. */
const errorsOf = (analysis: Analysis): readonly string[] =>
  analysis.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)

/** Words that mean something in one place, and are names elsewhere. */
const words = new Set(
  ['in', 'censored', 'with', 'lagrangian', 'tau', 'noise', 'else', 'temperature', 'from', 'over', 'step', 'jump', 'where'], // biome-ignore format: a list
)

/** The text with another name for what is declared. */
function renamed({ source: { text } }: Analysis, places: readonly Span[], name: string): string {
  let [result, at] = ['', 0]
  for (const { start, end } of places) {
    result += text.slice(at, start) + name
    at = end
  }
  return result + text.slice(at)
}

describe('what names mean', () => {
  test.each(programs)('in $name every name means something', ({ text }) => {
    const { mentions } = read(text)
    const names = lex(text).tokens.filter(({ tokenType: { name, CATEGORIES = [] } }) =>
      [name, ...CATEGORIES.map((c) => c.name)].includes('Identifier'),
    )
    const mentioned = mentions.map(({ span }) => cut(text, span))
    expect(mentioned.filter((name) => !words.has(name))).toEqual(names.map(({ image }) => image).filter((name) => !words.has(name)))
    expect(mentions.filter(({ means }) => means === undefined)).toEqual([])
  })

  test.each(programs)('whatever $name declares can be renamed by its references', ({ text }) => {
    const analysis = read(text)
    for (const declared of analysis.declarations) {
      const places = referencesOf(analysis, declared)
      expect(places).toContainEqual(declared.declared)
      expect([declared.name, codesOf(read(renamed(analysis, places, 'renamed_zq')))]).toEqual([declared.name, []])
    }
  })

  test('and so can what a text with errors declares', () => {
    const choice = fc.tuple(damaged(programs.map(({ text }) => text)), fc.nat(1000))
    fc.assert(
      fc.property(choice, ([{ text }, which]) => {
        const analysis = read(text)
        fc.pre(analysis.declarations.length > 0)
        const declared = must(analysis.declarations[which % analysis.declarations.length], 'declaration')
        // A broken statement may hold such a word where it means something.
        fc.pre(!words.has(declared.name))
        expect(referencesOf(analysis, declared)).toContainEqual(declared.declared)
        const again = read(renamed(analysis, referencesOf(analysis, declared), 'renamed_zq'))
        expect(errorsOf(again)).toEqual(errorsOf(analysis))
        const [places, before] = [again, analysis].map(({ mentions }) => mentions.length)
        expect(places).toBe(before)
      }),
      { numRuns: 400, seed: 12 },
    )
  })

  test('is known beside errors, and what is called nothing means nothing', () => {
    const text = `axis k = 3
state z : k
memory mu[k, d
def f(u) = u + oops
let y = f(u = 2) + mu[z] + nope(1)
energy pull = y`
    const analysis = read(text)
    const meant = analysis.mentions.map(({ span, means }) => `${cut(text, span)} ${means?.kind}`)
    expect(meant).toEqual([
      ...['k axis', 'z variable', 'k axis', 'mu unknown', 'k axis', 'd unknown', 'f def', 'u parameter', 'u parameter', 'oops undefined'],
      ...['y let', 'f def', 'u parameter', 'mu unknown', 'z variable', 'nope undefined', 'pull energy', 'y let'],
    ])
    expect(analysis.ok).toBe(false)
    expect(codesOf(analysis)).toEqual(['AMP103', 'AMP201', 'AMP202'])
  })

  test('an axis and a variable may have one name, and places tell them apart', () => {
    const text = 'data x[t]\nstate t\nlet y = sum[t](x[t = t - 1]) * t\nenergy t^2 + y'
    const analysis = read(text)
    const kinds = [...text.matchAll(/\bt\b/g)].map(({ index }) => definitionOf(analysis, index)?.kind)
    expect(kinds).toEqual(['axis', 'variable', 'axis', 'axis', 'axis', 'variable', 'variable'])
  })
})

describe('queries', () => {
  const text = `data x[row, feature]
state w[feature] ~ normal(0, 1)
state b : positiv
let good = sum[feature](x * w) + 1
let bad = goood * 2
def twice(u) = u + u
energy sum[row](twice(good)) + twice(sum[feature](w))  + bad
energy sum[row](good`
  const analysis = read(text)
  const at = (part: string, more = 0): number => must(text.indexOf(part) >= 0 ? text.indexOf(part) + more : undefined, part)
  const declared = (name: string): Declared =>
    must(
      analysis.declarations.find((d) => d.name === name),
      name,
    )

  test('nodeAt finds the innermost expression, and none between statements', () => {
    const shown = (offset: number): string | undefined => {
      const node = nodeAt(analysis, offset)
      return node && cut(text, node.span)
    }
    expect(shown(at('x * w'))).toBe('x')
    expect(shown(at('x * w', 2))).toBe('x * w')
    expect(shown(at('sum[feature](x'))).toBe('sum[feature](x * w)')
    expect(shown(at('goood'))).toBe('goood')
    expect(shown(at('state w'))).toBeUndefined()
  })

  test('typeOf knows axes in whatever is right, and says where they are not known', () => {
    const of = (part: string, more = 0) => typeOf(analysis, must(nodeAt(analysis, at(part, more)), part))
    expect(of('x * w', 2)).toEqual({ kind: 'known', axes: ['feature', 'row'] })
    expect(of('+ 1')).toEqual({ kind: 'known', axes: ['row'] })
    expect(of('goood * 2', 6)).toEqual({ kind: 'unknown' })
    expect(of('u + u', 2)).toEqual({ kind: 'depends' })
    expect(typeOf(analysis, declared('good'))).toEqual({ kind: 'known', axes: ['row'] })
    expect(typeOf(analysis, declared('bad'))).toEqual({ kind: 'unknown' })
    expect(typeOf(analysis, declared('b'))).toEqual({ kind: 'unknown' })
    const elements = read('axis k = 3\nstate z : k\nenergy z == z')
    expect(typeOf(elements, must(nodeAt(elements, 31), 'z'))).toEqual({ kind: 'known', axes: [], element: 'k' })
  })

  test('definitionOf and referencesOf go both ways, in lines that do not read, too', () => {
    const uses = referencesOf(analysis, must(definitionOf(analysis, at('good = ')), 'good'))
    expect(uses.map(({ start }) => start)).toEqual([at('good = '), at('twice(good', 6), text.lastIndexOf('good')])
    expect(definitionOf(analysis, at('normal'))).toEqual({ kind: 'family', name: 'normal' })
    expect(definitionOf(analysis, at('goood'))).toBeUndefined()
    expect(definitionOf(analysis, at(' = sum', 1))).toBeUndefined()
  })

  test('namesAt has the parameters of the def that stands there before what they hide', () => {
    const names = (offset: number): readonly string[] => namesAt(analysis, offset).map(({ name }) => name)
    expect(names(at('u + u'))).toEqual(['u', 'row', 'feature', 'x', 'w', 'b', 'good', 'bad', 'twice'].sort(byPlace('u')))
    expect(names(at('goood'))).not.toContain('u')
    expect(namesAt(read('def f(x) = x\nstate x\nenergy f(x)'), 11).map(({ kind }) => kind)).toEqual(['parameter', 'def'])
  })

  function byPlace(first: string): (a: string, b: string) => number {
    const place = (name: string): number => (name === first ? -1 : must(declared(name).declared.start, name))
    return (a, b) => place(a) - place(b)
  }
})
