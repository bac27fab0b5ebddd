import fc from 'fast-check'
import { must } from '../../src/base/internal-error.ts'
import type { Span } from '../../src/base/source.ts'
import { parse } from '../../src/dsl/parse.ts'
import { lex } from '../../src/dsl/tokens.ts'

/** A program with one statement that does not read, and one mistake that has nothing to do with it. */
export interface Damaged {
  readonly text: string
  /** Where the statement stands that does not read. */
  readonly broken: Span
  /** The code of the other mistake, and the word it is about. */
  readonly planted: readonly [code: string, word: string]
}

const stray = ['(', ')', '[', ']', '*', '/', '^', '=', '~', ',', ':', '->', '==', 'stray_zq', '3', '@', '"', '{', 'with', 'let']

type Damage = (tokens: readonly string[], at: number, token: string) => readonly string[]

/** Takes away a sign, puts in a stray word or sign, cuts off the rest, or changes a sign. */
const damages: readonly Damage[] = [
  (tokens, at) => tokens.map((t, i) => (i === signNear(tokens, at) ? ' ' : t)),
  (tokens, at, token) => [...tokens.slice(0, at), token, ...tokens.slice(at)],
  (tokens, at) => tokens.slice(0, Math.max(2, at)),
  (tokens, at, token) => tokens.map((t, i) => (i === signNear(tokens, at) ? token : t)),
]

/** The bracket or operator at or after a token, round about. */
function signNear(tokens: readonly string[], at: number): number {
  const isSign = (i: number): boolean => /^\W/.test(tokens[i] ?? '')
  return tokens.map((_, i) => (at + i) % tokens.length).find(isSign) ?? tokens.length
}

const mistakes: readonly (readonly [text: string, code: string, word: string])[] = [
  ['energy unknown_zq^2', 'AMP201', 'unknown_zq'],
  ['let a_zq = 1 + unknown_zq(2)', 'AMP202', 'unknown_zq'],
  ['data a_zq[i_zq]\ndata b_zq[j_zq]\nenergy sum[i_zq](b_zq)', 'AMP304', 'i_zq'],
  ['data a_zq[i_zq]\nenergy a_zq', 'AMP301', 'a_zq'],
  ['state a_zq : unknown_zq', 'AMP204', 'unknown_zq'],
  ['data a_zq\na_zq ~ unknown_zq(0, 1)', 'AMP203', 'unknown_zq'],
  ['data a_zq\n  a_zq ~ normal(0, -2)', 'AMP404', '-2'],
  ['energy exp(1, 2)', 'AMP401', '2'],
]

/** Breaks a statement of one of the programs and adds a mistake before, behind or far from it. */
export function damaged(programs: readonly string[]): fc.Arbitrary<Damaged> {
  const choice = fc.record({
    program: fc.constantFrom(...programs),
    statement: fc.nat(1000),
    damage: fc.constantFrom(...damages),
    at: fc.nat(1000),
    token: fc.constantFrom(...stray),
    mistake: fc.constantFrom(...mistakes),
    place: fc.nat(1000),
  })
  return choice.map(({ program, statement, damage, at, token, mistake: [line, code, word], place }) => {
    const { statements } = parse({ name: '', text: program }).program
    const target = must(statements[statement % statements.length], 'statement').span
    const before = must(statements[place % statements.length], 'statement').span
    const spoilt = spoil(program.slice(target.start, target.end), damage, at, token)
    const put = (text: string, from: number): string => `${text.slice(0, from)}${line}\n${text.slice(from)}`
    const change = spoilt.length - (target.end - target.start)
    const whole = program.slice(0, target.start) + spoilt + program.slice(target.end)
    const moved = before.start <= target.start ? line.length + 1 : 0
    return {
      text: put(whole, before.start + (before.start > target.start ? change : 0)),
      broken: { start: target.start + moved, end: target.end + moved + change },
      planted: [code, word] as const,
    }
  })
}

/** The tokens of a statement, with their white space, after damage that leaves the first two, its keyword and name, in place. */
function spoil(text: string, damage: Damage, at: number, token: string): string {
  const { tokens } = lex(text)
  const starts = tokens.map(({ startOffset }) => startOffset)
  const words = starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length))
  return damage(words, 2 + (at % Math.max(1, words.length - 2)), ` ${token} `).join('')
}
