import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import type { Declaration, Expr, Statement } from '../../src/dsl/ast.ts'
import { deepestBrackets, deepestTree } from '../../src/dsl/depth.ts'
import { mostErrors, parse } from '../../src/dsl/parse.ts'
import { printAst, printExpr } from '../../src/dsl/print-ast.ts'
import { conformance } from './programs.ts'

function parsed(text: string): readonly Statement[] {
  const { program, diagnostics } = parse({ name: 'test.amp', text })
  expect(diagnostics, text).toEqual([])
  return program.statements
}

function only(text: string): Statement {
  const statements = parsed(text)
  expect(statements).toHaveLength(1)
  return must(statements[0], 'statement')
}

function ast(text: string): string {
  return printAst({ statements: parsed(text), broken: [], comments: [], span: { start: 0, end: 0 } }).trimEnd()
}

function expr(text: string): Expr {
  const statement = only(`energy ${text}`)
  if (statement.kind !== 'energy' || statement.name) throw new Error(`not an energy: ${text}`)
  return statement.value
}

function codes(text: string): string[] {
  return parse({ name: 'test.amp', text }).diagnostics.map(({ code }) => code)
}

describe('precedence', () => {
  it.each([
    ['a or b and c', '(or a (and b c))'],
    ['a and b or c', '(or (and a b) c)'],
    ['not a and b', '(and (not a) b)'],
    ['not a == b', '(not (== a b))'],
    ['not not a', '(not (not a))'],
    ['a == b + c', '(== a (+ b c))'],
    ['a < b and b < c', '(and (< a b) (< b c))'],
    ['(a < b) < c', '(< (< a b) c)'],
    ['a - b - c', '(- (- a b) c)'],
    ['a - b + c', '(+ (- a b) c)'],
    ['a / b / c', '(/ (/ a b) c)'],
    ['a / b * c', '(* (/ a b) c)'],
    ['a + b * c', '(+ a (* b c))'],
    ['a * b + c', '(+ (* a b) c)'],
    ['-x^2', '(- (^ x 2))'],
    ['(-x)^2', '(^ (- x) 2)'],
    ['2^-1', '(^ 2 (- 1))'],
    ['2^-1^2', '(^ 2 (- (^ 1 2)))'],
    ['2^-1 * 3', '(* (^ 2 (- 1)) 3)'],
    ['a^b^c', '(^ a (^ b c))'],
    ['a * b^c * d', '(* (* a (^ b c)) d)'],
    ['-a * b', '(* (- a) b)'],
    ['-a - -b', '(- (- a) (- b))'],
    ['a * -b', '(* a (- b))'],
    ['- - a', '(- (- a))'],
    ['+a', '(+ a)'],
    ['-x[i]^2', '(- (^ (at x i) 2))'],
    ['sum[i](x)^2', '(^ (sum[i] x) 2)'],
    ['1 - x == -y', '(== (- 1 x) (- y))'],
  ])('%s is %s', (text, form) => {
    expect(printExpr(expr(text))).toBe(form)
  })

  it.each(['a < b < c', 'a == b == c', 'a < b == c', 'a + 1 < b > c'])('%s is a chain', (text) => {
    expect(codes(`energy ${text}`)).toEqual(['AMP114'])
  })

  it.each(['a + not b', '-not b', 'a == not b', 'a ^ not b'])('%s needs parentheses', (text) => {
    expect(codes(`energy ${text}`)).toEqual(['AMP105'])
  })
})

describe('primaries', () => {
  it.each([
    ['f()', '(f)'],
    ['f(a, b = c)', '(f a b=c)'],
    ['sum[a, b](x)', '(sum[a b] x)'],
    ['mu[z]', '(at mu z)'],
    ['mu[cluster = z + 1]', '(at mu cluster=(+ z 1))'],
    ['s[neuron -> other]', '(at s neuron->other)'],
    ['y[t = t - 1, a -> b, z]', '(at y t=(- t 1) a->b z)'],
    ['x[a][b]', '(at (at x a) b)'],
    ['f[a](x)[b]', '(at (f[a] x) b)'],
    ['(a + b)[i]', '(at (+ a b) i)'],
    ['scan[t](first = 0, next = 0.9 * prev + u)', '(scan[t] first=0 next=(+ (* 0.9 prev) u))'],
  ])('%s is %s', (text, form) => {
    expect(printExpr(expr(text))).toBe(form)
  })

  it.each([
    ['1', 1],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e-12', 1e-12],
    ['2.5E+3', 2500],
    ['007', 7],
  ])('%s is the number %d', (text, value) => {
    expect(expr(text)).toMatchObject({ kind: 'number', value, text })
  })

  it.each(['1_000', '1.', '2x', '1.2.3', '1e', '0x1F', '1e999', '..5'])('%s is no number', (text) => {
    expect(codes(`energy ${text}`)[0]).toMatch(/AMP10[12]/)
  })
})

describe('statements', () => {
  it.each([
    ['model m', '(model m)'],
    ['axis k', '(axis k)'],
    ['axis k = 4 ~ dirichlet(a)', '(axis k = 4 ~ (dirichlet a))'],
    ['axis cluster ~ dp(alpha)', '(axis cluster ~ (dp alpha))'],
    ['input u[i]', '(input u[i])'],
    ['data county_of[row] : county', '(data county_of[row] : county)'],
    ['param w[a, b] : real(lower = 0, upper = 1) = 0.5', '(param w[a b] : (real lower=0 upper=1) = 0.5)'],
    ['state S : covariance[d, e]', '(state S : covariance[d e])'],
    ['param a : positive = 1 ~ gamma(2, 3)', '(param a : positive = 1 ~ (gamma 2 3))'],
    ['state x ~ normal(0, 1) in (0, inf)', '(state x ~ (normal 0 1 (in 0 inf)))'],
    ['y ~ normal(0, 1) censored (0, c)', '(~ y (normal 0 1 (censored 0 c)))'],
    ['y ~ normal(0, 1) in (0, 9) censored (-inf, c[i])', '(~ y (normal 0 1 (in 0 9) (censored (- inf) (at c i))))'],
    ['state h[i] with lagrangian L(h), tau 0.1', '(state h[i] lagrangian (L h) tau 0.1)'],
    ['state h with tau 2', '(state h tau 2)'],
    ['state h with tau 2, lagrangian h^2 / 2', '(state h lagrangian (/ (^ h 2) 2) tau 2)'],
    ['let a = 1', '(let a 1)'],
    ['def f(x, y) = x + y', '(def (f x y) (+ x y))'],
    ['def one() = 1', '(def (one) 1)'],
    ['energy confine = x', '(energy confine x)'],
    ['energy x == y', '(energy (== x y))'],
    ['log(y) ~ normal(mu[z], s)', '(~ (log y) (normal (at mu z) s))'],
    ['s ~ markov[t](move)', '(~ s (markov[t] move))'],
    ['flow x = -x', '(flow x (- x))'],
    ['write T = T + phi(x)', '(write T (+ T (phi x)))'],
    ['forget T = T - phi(x)', '(forget T (- T (phi x)))'],
    ['objective separation = a', '(objective separation a)'],
    ['state h[i] from normal(0, 0.1)', '(state h[i] from (normal 0 0.1))'],
    [
      'param w = 1 ~ normal(0, 1)\n  from normal(0, 1) in (0, a) with tau 2',
      '(param w = 1 ~ (normal 0 1) from (normal 0 1) (in 0 a) tau 2)',
    ],
    ['state from from\n  from', '(state from from from)'],
    ['def f[a, b](x) = sum[a](x)', '(def (f[a b] x) (sum[a] x))'],
    ['energy f[a = i, j](x)', '(energy (f[a=i j] x))'],
    ['temperature = 1 / beta', '(temperature (/ 1 beta))'],
    ['temperature ~ normal(0, 1)', '(~ temperature (normal 0 1))'],
    ['data temperature = 2', '(data temperature = 2)'],
  ])('%s is %s', (text, form) => {
    expect(ast(text)).toBe(form)
  })

  it.each([
    'in',
    'with',
    'censored',
    'lagrangian',
    'tau',
    'lower',
    'upper',
    'first',
    'next',
    'prev',
    'real',
    'inf',
    '__proto__',
    'constructor',
  ])('%s can be a name', (word) => {
    const text = `axis ${word}\nstate ${word}[${word}] : ${word} = ${word} ~ ${word}(${word}) in (${word}, ${word}) censored (${word}, ${word}) with tau ${word}\nenergy ${word} = ${word} + ${word}[${word}](${word} = ${word})`
    expect(parsed(text)).toHaveLength(3)
  })

  it('takes letters of any alphabet in names', () => {
    expect(ast('state größe\nlet σ_1 = x₁ + 漢字')).toBe('(state größe)\n(let σ_1 (+ x₁ 漢字))')
  })

  it.each(conformance)('$name parses', ({ text }) => {
    expect(parsed(text).length).toBeGreaterThan(3)
  })
})

describe('places', () => {
  it('every node knows its part of the text', () => {
    const text = '# c\nstate v[i, j] : real(lower = 0) = -f(x)[a] ~ normal(0, 1) in (0, 2)  # d'
    const { program } = parse({ name: '', text })
    const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
    const state = must(program.statements[0], 'statement') as Declaration
    expect(cut(state.span)).toBe('state v[i, j] : real(lower = 0) = -f(x)[a] ~ normal(0, 1) in (0, 2)')
    expect(state.axes.map((axis) => cut(axis.span))).toEqual(['i', 'j'])
    expect(cut(must(state.type, 'type').span)).toBe('real(lower = 0)')
    const value = must(state.default, 'default')
    expect(cut(value.span)).toBe('-f(x)[a]')
    expect(value.kind === 'unary' && cut(value.operand.span)).toBe('f(x)[a]')
    expect(cut(must(state.prior, 'prior').span)).toBe('normal(0, 1) in (0, 2)')
    expect(cut(must(state.prior?.range, 'range').span)).toBe('in (0, 2)')
    expect(program.comments.map(({ text: own, span }) => [own, cut(span)])).toEqual([
      ['# c', '# c'],
      ['# d', '# d'],
    ])
  })

  it('a binary operation reaches over its operands, parentheses are kept', () => {
    const text = 'energy (a + b) * c'
    const product = expr('(a + b) * c')
    expect(text.slice(product.span.start, product.span.end)).toBe('(a + b) * c')
    expect(product.kind === 'binary' && product.left.kind).toBe('group')
  })
})

describe('line ends', () => {
  it.each([
    ['inside brackets', 'energy f(a,\n\n  b # c\n  )'],
    ['after an operator', 'energy a +\n b'],
    ['after a prefix operator', 'energy -\n b'],
    ['before an operator', 'energy a\n + b\n - c\n and d'],
    ['after =', 'let a =\n 3'],
    ['before =', 'let a\n = 3'],
    ['before ~', 'y\n ~ normal(0, 1)'],
    ['after ~', 'y ~\n normal(0, 1)'],
    ['after :', 'state x :\n positive'],
    ['before with', 'state x\n with tau 1'],
    ['after with', 'state x with\n tau 1'],
    ['after lagrangian', 'state x with lagrangian\n x^2'],
    ['before in', 'y ~ normal(0, 1)\n in (0, inf)'],
    ['after in', 'y ~ normal(0, 1) in\n (0, inf)'],
    ['before censored', 'y ~ normal(0, 1)\n censored (0, inf)'],
    ['after censored', 'y ~ normal(0, 1) censored\n (0, inf)'],
    ['over comments and blank lines', 'energy a # first\n\n# second\n + b'],
  ])('do not end a statement %s', (_, text) => {
    expect(parsed(text)).toHaveLength(1)
  })

  it.each([
    ['after a name', 'state x\nstate y'],
    ['after a bracket', 'state x[i]\n(y) ~ normal(0, 1)'],
    ['after a name that is a word elsewhere', 'state with\ny ~ normal(0, 1)'],
    ['before a name that is a word elsewhere', 'state x\nin ~ normal(0, 1)'],
    ['after a value that is a word elsewhere', 'state x with lagrangian with\ny ~ normal(0, 1)'],
    ['of any kind', 'state x\rstate y'],
    ['with carriage returns', 'state x\r\nstate y'],
  ])('end one %s', (_, text) => {
    expect(parsed(text)).toHaveLength(2)
  })

  it('a keyword at the start of a line starts a statement whatever is open', () => {
    expect(codes('energy f(a\nstate x\nenergy a +\nstate y')).toEqual(['AMP103', 'AMP105'])
    expect(parse({ name: '', text: 'energy f(a\nstate x\nenergy a +\nstate y' }).program.statements).toHaveLength(2)
  })

  it('an unclosed bracket does not hide what follows it', () => {
    expect(codes('y ~ normal(a, b\nz ~ normal(a b)\n\nw ~ normal(a, b)')).toEqual(['AMP103', 'AMP112'])
  })
})

describe('errors', () => {
  it('are all told in one run, in order of place, beside the statements that are fine', () => {
    const { program, diagnostics } = parse({ name: '', text: 'energy x *\nstate x\nbeta = 3;\nsate y\nstate z @' })
    expect(diagnostics.map(({ code }) => code)).toEqual(['AMP105', 'AMP109', 'AMP113', 'AMP108', 'AMP113'])
    expect(program.statements.map(({ kind }) => kind)).toEqual(['declaration'])
  })

  it('foreign operators do not hide other errors of their line', () => {
    expect(codes('energy a ** b && c d')).toEqual(['AMP113', 'AMP113', 'AMP111'])
  })

  it('stop after many', () => {
    const found = codes('x)\n'.repeat(3 * mostErrors))
    expect(found).toHaveLength(mostErrors + 1)
    expect(found.at(-1)).toBe('AMP116')
  })

  it('an empty file, blank lines and comments are no errors', () => {
    for (const text of ['', '\n\n', '# only', '\ufeff', ' \t\u00a0\n']) expect(parsed(text)).toEqual([])
  })
})

describe('depth', () => {
  const nested = (depth: number) => `energy ${'('.repeat(depth)}x${')'.repeat(depth)}`

  it('brackets nest up to a limit, and that much does not exhaust the stack', () => {
    expect(codes(nested(deepestBrackets))).toEqual([])
    expect(codes(nested(deepestBrackets + 1))).toEqual(['AMP115'])
    expect(codes(`energy ${'f[a](1 + '.repeat(deepestBrackets)}x${')'.repeat(deepestBrackets)}`)).toEqual([])
  })

  it.each(['-', 'not ', 'x^'])('chains of %s are as deep as they are long', (link) => {
    expect(codes(`energy ${link.repeat(deepestTree - 1)}x`)).toEqual([])
    expect(codes(`energy ${link.repeat(deepestTree + 1)}x`)).toEqual(['AMP115'])
  })

  it.each(['x + ', 'x - ', 'x * ', 'x / ', 'x and ', 'x or ', '2 * x + '])('chains of %s may be long', (link) => {
    expect(codes(`energy ${link.repeat(20 * deepestTree)}x`)).toEqual([])
  })

  it('sums that nest in products are as deep as they are nested, however long', () => {
    const product = `(${'x + '.repeat(2 * deepestTree)}x)`
    expect(codes(`energy ${`${product} * `.repeat(10)}x`)).toEqual([])
  })

  it('statements after one that is too deep are parsed', () => {
    expect(codes(`${nested(1000)}\nenergy x *`)).toEqual(['AMP115', 'AMP105'])
  })
})

describe('large and strange texts', () => {
  // 200 kB each: what is linear takes a fraction of a second, what is quadratic would take minutes.
  it.each([
    '(',
    ')',
    '[(',
    '([)',
    '(\n',
    'x)\n',
    '-',
    'x^',
    'x+',
    'f(x)+',
    'a,\n',
    '/*',
    '"',
    '@',
    '\0',
    '\ud800',
    '\n',
    '#',
    ';\n',
    'é',
  ])('many of %j are read in time', (piece) => {
    const text = `energy ${piece.repeat(Math.ceil(200_000 / piece.length))}`
    const before = process.cpuUsage()
    expect(parse({ name: '', text }).diagnostics.length).toBeLessThanOrEqual(mostErrors + 1)
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5)
  })

  it.each(['\ud800', '\udc00x', '\0', '\u2028', '\u202e', 'energy \ud83d', 'state \u0301x', '💥'])('%j is harmless', (text) => {
    expect(() => parse({ name: text, text })).not.toThrow()
  })
})
