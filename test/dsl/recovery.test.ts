import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/dsl/analyse.ts'
import { parse } from '../../src/dsl/parse.ts'
import { codes, pointed } from './checking.ts'
import { damaged } from './damage.ts'
import { conformance } from './programs.ts'

const gallery = readdirSync('models', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.amp'))
  .map((file) => ({ name: file, text: readFileSync(join('models', file), 'utf8') }))
const programs = [...conformance, ...gallery]

describe('a statement that does not read', () => {
  test('is reported once, and so is a mistake elsewhere, and nothing that follows from it', () => {
    const broken = damaged(programs.map(({ text }) => text)).filter(({ text }) => parse({ name: '', text }).diagnostics.length > 0)
    fc.assert(
      fc.property(broken, ({ text, broken: { start, end }, planted: [code, word] }) => {
        // An axis that was cut off may be the type of a variable elsewhere.
        fc.pre(code !== 'AMP204' || !/[[,]\s*$/.test(text.slice(start, end)))
        const { diagnostics } = analyse({ name: '', text })
        const found = diagnostics.map((d) => ({ code: d.code, start: d.span?.start ?? -1, end: d.span?.end ?? -1 }))
        const syntax = found.filter((d) => d.code.startsWith('AMP1'))
        const rest = found.filter((d) => !d.code.startsWith('AMP1'))
        expect(rest.map((d) => [d.code, text.slice(d.start, d.end)])).toEqual([[code, word]])
        expect(syntax).toHaveLength(1)
        expect(syntax[0]?.start).toBeGreaterThanOrEqual(start)
        // A text without its end reaches to the end of the line, comments included.
        expect(syntax[0]?.start).toBeLessThanOrEqual(end)
      }),
      { numRuns: 600, seed: 11 },
    )
  })

  test.each(programs)('there is none in $name, and nothing is reported', ({ text }) => {
    expect(codes(text)).toEqual([])
  })

  test('whose name is gone explains any unknown name of its kind, and no other mistake', () => {
    expect(codes('state \nenergy x^2 + sum[k](x)')).toEqual(['AMP106'])
    expect(codes('let = 3\nstate x ~ normal(f, 1)')).toEqual(['AMP106'])
    expect(codes('axis = 3\nstate z : k\nmemory mu[j]\nenergy sum[k](z == 1)')).toEqual(['AMP106'])
    expect(codes('def (u) = u\nstate x ~ normal(f(1), g)')).toEqual(['AMP106', 'AMP201'])
    expect(codes('energy 3 +\nstate x ~ normal(f(1), g)')).toEqual(['AMP105', 'AMP202', 'AMP201'])
  })

  test('may have declared what its words name, but not what others declare', () => {
    expect(codes('data x, y\nenergy x + y + z')).toEqual(['AMP111', 'AMP201'])
    expect(codes('data x[row\ndata y[row]\nenergy row + x')).toEqual(['AMP103', 'AMP213'])
    expect(codes('energy y +\nlet z = y')).toEqual(['AMP105', 'AMP201'])
  })

  test('leaves the size of its axis open to any', () => {
    expect(codes('axis a = size(b) +\ndata mu[a]\nstate z : b\nenergy mu[z] + mu[a = z]')).toEqual(['AMP105'])
    expect(codes('axis a = 3 3\naxis b = size(a) + 1\nstate x[a, b]\nenergy sum[a, b](x^2)')).toEqual(['AMP111'])
  })

  test('and ends in the middle of an expression does not take the next one along', () => {
    expect(pointed('data y\nlet a = 1 +\ny ~ normal(0, -1)')).toEqual(['AMP105 ', 'AMP404 -1'])
    expect(pointed('  data y\n  let a = exp(1\n  y ~ normal(0, -1)')).toEqual(['AMP103 ', 'AMP404 -1'])
    expect(pointed('data y\nlet a = exp(1,\ny ~ normal(0, -1)\nlet b = c)')).toEqual(['AMP103 ', 'AMP404 -1', 'AMP104 )'])
  })

  test('over several lines stays one where its opening bracket is gone', () => {
    expect(codes('data y[t]\nlet v = scan[t]\n  first = 1,\n  next = prev\n)\nenergy oops')).toEqual(['AMP111', 'AMP201'])
  })

  test('is explained by itself where the next line does not read either', () => {
    const { diagnostics } = analyse({ name: '', text: 'data y[n]\nstate s<lower=0>\nfor (i in 1:n)\n  y[i] ~ normal(0, s)' })
    expect(diagnostics.map(({ code, hint }) => [code, hint?.split(':')[0]])).toEqual([
      ['AMP111', 'bounds are part of the type'],
      ['AMP108', 'there are no loops'],
    ])
  })

  test('keeps quiet about the elements of what it may have declared', () => {
    expect(codes('memory mu[level\nstate x ~ normal(mu["low"] + mu[level = "low"], 1)')).toEqual(['AMP103'])
    expect(codes('state z : level\naxis level = ("low", "high"\nparam d : level = "low"\nenergy z == "low"')).toEqual(['AMP103'])
  })
})
