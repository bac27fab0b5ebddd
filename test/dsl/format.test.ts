import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { format, formatProgram, widest } from '../../src/dsl/format.ts'
import { parse } from '../../src/dsl/parse.ts'
import { lex } from '../../src/dsl/tokens.ts'
import { anyProgram, conformance, withoutSpans } from './programs.ts'

function formatted(text: string): string {
  const { value, diagnostics } = format({ name: 'test.amp', text })
  expect(diagnostics, text).toEqual([])
  return must(value, 'formatted text')
}

function treeOf(text: string): unknown {
  const { program, diagnostics } = parse({ name: 'test.amp', text })
  expect(diagnostics, text).toEqual([])
  return withoutSpans(program.statements)
}

function commentsOf(text: string): string[] {
  return lex(text).comments.map(({ image }) => image.trimEnd())
}

describe('the conformance programs', () => {
  it.each(conformance)('$name comes out as it is', ({ text }) => {
    expect(formatted(text)).toBe(text)
  })

  it.each(conformance)('$name comes back from any layout of its lines', ({ text }) => {
    const squeezed = text.replace(/^[^#].*$/gm, (line) => line.replace(/ +/g, ' ').replace(/ *([=~:,()[\]*/+]) */g, '$1'))
    expect(squeezed).not.toBe(text)
    expect(formatted(squeezed)).toBe(text)
  })
})

describe('any program', () => {
  it('is printed as text that reads as the same tree, and prints the same again', () => {
    fc.assert(
      fc.property(anyProgram, (program) => {
        const text = formatProgram(program, '')
        expect(treeOf(text)).toEqual(withoutSpans(program.statements))
        expect(formatted(text)).toBe(text)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('keeps its comments and its meaning wherever comments and line ends stand', () => {
    const places = fc.array(fc.tuple(fc.nat(), fc.constantFrom('# c\n', '\n', '\n\n\n', '  # d \n# e\n', '\n   # f\n')), { maxLength: 6 })
    fc.assert(
      fc.property(anyProgram, places, (program, insertions) => {
        const text = insertions.reduce((sofar, [place, what]) => insertAt(sofar, place, what), formatProgram(program, ''))
        fc.pre(parse({ name: '', text }).diagnostics.length === 0)
        const once = formatted(text)
        expect(treeOf(once)).toEqual(treeOf(text))
        expect(commentsOf(once)).toEqual(commentsOf(text))
        expect(formatted(once)).toBe(once)
      }),
      { numRuns: 500, seed: 2 },
    )
  })
})

/** `what` between two tokens of `text`. */
function insertAt(text: string, place: number, what: string): string {
  const { tokens } = lex(text)
  const offset = tokens[place % Math.max(1, tokens.length)]?.startOffset ?? 0
  return text.slice(0, offset) + what + text.slice(offset)
}

describe('layout', () => {
  it('lines up keywords, lets, neurons and comments of a block', () => {
    expect(
      formatted(`param a=1 # one
memory longer[x]#two
let q=1
let long=2

state v with tau 1
state hidden with tau 2
y~normal(a,1)
`),
    ).toMatchInlineSnapshot(`
      "param  a = 1      # one
      memory longer[x]  #two
      let    q    = 1
      let    long = 2

      state v      with tau 1
      state hidden with tau 2
      y ~ normal(a, 1)
      "
    `)
  })

  it('breaks long lines before operators, then inside brackets', () => {
    const long = formatted(
      'energy total = -sum[visible, hidden](v * W * h) - sum[visible](a * v) - sum[hidden](b * h) + logsumexp[pattern](beta * sum[pixel](xi * x) + gamma * sum[pixel](xi^2), another_argument = epsilon)',
    )
    expect(long).toMatchInlineSnapshot(`
      "energy total = -sum[visible, hidden](v * W * h)
        - sum[visible](a * v)
        - sum[hidden](b * h)
        + logsumexp[pattern](
          beta * sum[pixel](xi * x) + gamma * sum[pixel](xi^2),
          another_argument = epsilon
        )
      "
    `)
    expect(Math.max(...long.split('\n').map((line) => line.length))).toBeLessThanOrEqual(widest)
  })

  it('breaks a long declaration before its density and its dynamics', () => {
    const text = `state ${'a'.repeat(40)}[visible, hidden] ~ normal(${'b'.repeat(30)}, 1) with lagrangian sum[visible](v^2) / 2, tau 0.1`
    expect(formatted(text)).toBe(
      `state ${'a'.repeat(40)}[visible, hidden]\n  ~ normal(${'b'.repeat(30)}, 1)\n  with lagrangian sum[visible](v^2) / 2, tau 0.1\n`,
    )
  })

  it('keeps comments where they stand', () => {
    expect(
      formatted(`# top


# second
energy f(a, # behind a
 # above b
 b # behind b
 # last
 ) # behind all
let x # inside
  = 3
# end`),
    ).toMatchInlineSnapshot(`
      "# top

      # second
      energy f(
        a,  # behind a
        # above b
        b  # behind b
        # last
      )  # behind all
      # inside
      let    x = 3
      # end
      "
    `)
  })

  it('keeps one blank line of many, none at the ends, and writes \\n', () => {
    expect(formatted('\r\n\r\nstate x\r\n\r\n\r\nstate y\r\rstate z   \r\n\r\n')).toBe('state x\n\nstate y\n\nstate z\n')
    expect(formatted('')).toBe('')
    expect(formatted(' \n \n')).toBe('')
    expect(formatted('# alone')).toBe('# alone\n')
  })

  it('does not touch a file with a syntax error', () => {
    const { value, diagnostics } = format({ name: '', text: 'state x\nenergy x *' })
    expect(value).toBeUndefined()
    expect(diagnostics.map(({ code }) => code)).toEqual(['AMP105'])
  })
})
