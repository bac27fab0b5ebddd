import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { render, toJson } from '../../src/base/render.ts'
import { format } from '../../src/dsl/format.ts'
import { parse } from '../../src/dsl/parse.ts'
import { printAst } from '../../src/dsl/print-ast.ts'
import { lex } from '../../src/dsl/tokens.ts'
import { conformance } from './programs.ts'

/** Whatever the text: an answer, places inside the text, and an explanation that can be shown; no exception. */
function survives(text: string): void {
  const source = { name: 'fuzz.amp', text }
  const { program, diagnostics } = parse(source)
  for (const { span, related = [] } of diagnostics) {
    for (const place of [span, ...related.map((other) => other.span)]) {
      expect(place && place.start >= 0 && place.end >= place.start && place.end <= text.length, JSON.stringify(text)).toBe(true)
    }
  }
  expect(render(diagnostics, source)).not.toMatch(/undefined|NaN|\[object/)
  expect(toJson(diagnostics, source)).toHaveLength(diagnostics.length)
  printAst(program)
  const formatted = format(source)
  if (formatted.value !== undefined) expect(format({ name: '', text: formatted.value }).value).toBe(formatted.value)
}

const program = fc.constantFrom(...conformance.map(({ text }) => text))
const pieces = program.map((text) => lex(text).tokens.map(({ image }) => image))
const settings = { numRuns: 300, seed: 3 }

describe('no text breaks the parser, the renderer or the formatter', () => {
  it('any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), survives), settings)
  })

  it('any signs and words of the language', () => {
    const words = [
      'state',
      'energy',
      'with',
      'in',
      'censored',
      'tau',
      'x',
      '1',
      '.',
      '1e',
      '(',
      ')',
      '[',
      ']',
      ',',
      '~',
      '=',
      ':',
      '->',
      '+',
      '-',
      '^',
    ]
    const more = ['not', 'and', '<', '<=', '!', ';', '//', '/*', '*/', '**', '+=', '{', '"', '#', '\n', '\r', ' ', '\t', 'def', 'axis']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...more), { maxLength: 40 }), (all) => survives(all.join(''))),
      settings,
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...more), { maxLength: 40 }), (all) => survives(all.join(' '))),
      settings,
    )
  })

  it('a program cut off anywhere', () => {
    fc.assert(
      fc.property(program, fc.nat(), (text, end) => survives(text.slice(0, end % (text.length + 1)))),
      settings,
    )
  })

  it('a program without some of its tokens', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (all, holes) => {
        const gone = new Set(holes.map((hole) => hole % all.length))
        survives(all.filter((_, i) => !gone.has(i)).join(' '))
      }),
      settings,
    )
  })

  it('a program with two tokens swapped, or one of another program put in', () => {
    fc.assert(
      fc.property(pieces, pieces, fc.nat(), fc.nat(), (all, others, i, j) => {
        const swapped = [...all]
        const [a, b] = [i % all.length, j % all.length]
        ;[swapped[a], swapped[b]] = [all[b] ?? '', all[a] ?? '']
        survives(swapped.join(' '))
        survives(all.toSpliced(a, 1, others[j % others.length] ?? '').join(' '))
      }),
      settings,
    )
  })
})
