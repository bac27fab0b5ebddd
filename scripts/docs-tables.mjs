// The reference pages made from tables of the source, as Markdown.

const made = (from) => `<!-- Made by scripts/docs.mjs from ${from}; edit those and run it again. -->\n`
const cell = (text) => text.replaceAll('|', '\\|')
const code = (text) => `\`${cell(text)}\``
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const letters = ['a', 'b', 'c']

/** The calls that are no functions of values, and what they mean. */
const specialDocs = {
  size: ['size(k)', 'the number of elements of the axis `k`'],
  index: ['index(k)', 'the numbers 1, 2, ... of the elements of `k`, over `k`'],
  weight: ['weight(k)', 'the weights of the random axis `k`, over `k`; 1 / size(k) each for an ordinary axis'],
  act: ['act(v)', 'the activation of the state `v`: the gradient of its Lagrangian, over the axes of `v`'],
  scan: [
    'scan[t](first = a, next = e)',
    'the recursion `a`, then `e` at every later element of `t`, where `prev` in `e` is the value before; with `from = a` in place of `first`, `e` from the first element on, after `a`',
  ],
  fold: ['fold[t](from = a, next = e)', 'the last value of `scan[t](from = a, next = e)`; `a` if `t` has no elements'],
}
const constantDocs = { inf: 'infinity; no declaration may take the name', pi: '3.14159...; a declaration named `pi` takes its place' }

/** Operators by how tightly they bind, loosest first. */
function operatorRows({ binding, prefixBinding }) {
  const levels = new Map()
  const put = (level, text) => levels.set(level, [...(levels.get(level) ?? []), text])
  for (const [operator, level] of Object.entries(binding)) put(level, code(operator))
  for (const [operator, level] of Object.entries(prefixBinding)) put(level, `${code(`${operator}${operator === 'not' ? ' ' : ''}x`)}`)
  const note = { [binding['==']]: 'they do not chain', [binding['^']]: 'groups to the right: `a^b^c` is `a^(b^c)`' }
  const group = (level) => note[level] ?? (level === binding['+'] || level === binding['*'] ? 'group to the left' : '')
  return [...levels].sort(([a], [b]) => a - b).map(([level, operators]) => [operators.join(' '), group(level)])
}

export function functionsPage(tables) {
  const { functions, reductions, alongAxis, operatorOnly, specialCalls, constants } = tables
  const elementwise = Object.entries(functions).filter(([name]) => !operatorOnly.has(name))
  const special = specialCalls.map((name) => {
    if (specialDocs[name] === undefined) throw new Error(`scripts/docs-tables.mjs says nothing about ${name}`)
    return [code(specialDocs[name][0]), specialDocs[name][1]]
  })
  const named = Object.keys(constants).map((name) => [code(name), constantDocs[name] ?? String(constants[name])])
  return `${made('src/middle/functions.ts')}
# Functions

Everything works on each element and broadcasts by axis name: the axes of the result are those of all arguments
together. Conditions are numbers: 1 is true and 0 is false, and any number but 0 counts as true.

## Operators

Loosest first. Round brackets group.

${table(['operators', ''], operatorRows(tables))}

## Elementwise

${table(
  ['function', 'value'],
  elementwise.map(([name, { arity, doc }]) => [code(`${name}(${letters.slice(0, arity).join(', ')})`), cell(doc)]),
)}

\`min\` and \`max\` of two values are elementwise; with axes in brackets they are reductions.

## Reductions

They remove the axes named, of which there may be several: \`sum[a, b](x)\`. There is no default axis.

${table(
  ['reduction', 'value'],
  Object.entries(reductions).map(([name, doc]) => [
    code(`${name}[axis](${['x', tables.parameterOf[name] ?? []].flat().join(', ')})`),
    cell(doc),
  ]),
)}

## Along one axis

They keep the axis.

${table(
  ['function', 'value'],
  Object.entries(alongAxis).map(([name, doc]) => [
    code(`${name}[axis](${['x', tables.parameterOf[name] ?? []].flat().join(', ')})`),
    cell(doc),
  ]),
)}

## Of positive definite matrices

The matrix goes along the two axes in brackets, first its rows, then its columns, which have one size; along others there is a matrix for
each element. Its lower triangle is read. Where it is not positive definite the energy is infinite; a matrix that is given is looked at
when it comes, and refused if it is not symmetric and positive definite (AMP518).

${table(
  ['function', 'value'],
  Object.entries(tables.matrixFunctions).map(([name, { parameters, doc }]) => [code(`${name}[a, b](${parameters.join(', ')})`), cell(doc)]),
)}

## Calls with rules of their own

${table(['call', 'value'], special)}

## Log densities

The log density of every [family](families.md) is a function, in nats, normalised: of \`y\`, then of the family's arguments, with Stan's
name. They broadcast like everything else (a family that goes along axes takes those of \`y\`, in brackets, and removes them). The same
is asked of types and arguments as beside \`~\`; outside of the support, or where an argument is outside its domain, the value is
-inf. What is a value can be weighted, masked or mixed: \`energy -sum[row](w * normal_lpdf(y, mu, sigma))\`. It is not a statement
about \`y\`: nothing is drawn from it, and no values given are refused for it.

${table(
  ['function', 'family'],
  Object.entries(tables.signatures).map(([name, { parameters, over }]) => [
    code(`${tables.logDensityName(name)}${['', '[d]', '[d, e]'][over]}(${['y', ...parameters.map((p) => p.name)].join(', ')})`),
    code(name),
  ]),
)}

## Constants

${table(['name', 'value'], named)}
`
}

const typeWords = {
  real: 'every number',
  positive: 'numbers above 0',
  nonnegative: 'numbers from 0',
  probability: '0 to 1',
  bit: '0, 1',
  count: '0, 1, 2, ...',
}
const vectorWords = { real: 'vectors', simplex: 'probabilities that add up to 1', unit: 'unit vectors', count: 'counts along the axis' }
const matrixWords = { real: 'matrices', covariance: 'positive definite matrices', cholesky: 'Cholesky factors of correlation matrices' }

function supportInWords(support, { typeOf }) {
  if ('vector' in support) return vectorWords[support.vector]
  if ('matrix' in support) return matrixWords[support.matrix]
  if ('turn' in support) return 'angles, periodic'
  if ('levels' in support) return 'elements of an axis'
  if ('chain' in support) return 'chains of elements'
  return typeWords[typeOf(support, [])?.kind] ?? 'from its parameters'
}

const groups = [
  ['Numbers', (s) => 'interval' in s || 'turn' in s],
  ['Counts and bits', (s) => 'whole' in s],
  ['Elements of an axis', (s) => 'levels' in s || 'chain' in s],
  ['Over an axis', (s) => 'vector' in s || 'matrix' in s],
]

const parameterWords = {
  positive: ({ lowIn, highIn }) => `${lowIn ? 'from 0 up' : 'above 0'}${highIn ? ', infinity too' : ''}`,
  real: ({ lowIn, highIn }) => (highIn ? 'may be infinite' : lowIn ? 'may be minus infinity' : undefined),
  probability: '0 to 1',
  count: 'a whole number',
  vector: ({ lowIn }) => `along the axis${lowIn ? '; may be minus infinity' : ''}`,
  positive_vector: 'above 0, along the axis',
  simplex: 'probabilities along the axis',
  unit_vector: 'a unit vector',
  ordered: 'increasing along an axis of their own',
  covariance: 'a covariance',
  matrix: 'a matrix',
  transition: 'a row of probabilities for each element',
}

function signature(name, { parameters, over }) {
  const axes = ['', '[d]', '[d, e]'][over]
  return `${name}${axes}(${parameters.map((p) => p.name).join(', ')})`
}

function parametersInWords({ parameters }) {
  const worded = parameters.map(({ name, kind, ends }) => {
    const words = parameterWords[kind]
    return [name, typeof words === 'function' ? words(ends) : words]
  })
  return worded.flatMap(([name, words]) => (words === undefined ? [] : [`${code(name)} ${words}`])).join('; ')
}

/** What can be done with a family besides its density. */
function abilities(name, { parameters, support }, { masses, powers }) {
  const [isNumber, mass] = [masses[name] !== undefined, masses[name] ?? {}]
  const hasMoments = !('levels' in support || 'chain' in support)
  const words = [
    [`draws${drawsWarm(parameters, powers[name])}`, true],
    ['mean', hasMoments],
    ['variance', hasMoments],
    ['cdf', isNumber],
    ['quantile', isNumber],
    ['truncation', isNumber],
    ['censoring', 'tails' in mass],
  ]
  return words.flatMap(([word, has]) => (has ? [word] : [])).join(', ')
}

/** Whether a family is drawn from exactly at other temperatures too, and what of it must then not be drawn. */
function drawsWarm(parameters, tempering) {
  if ('never' in tempering) return ''
  return ` at any T if ${tempering.weighs.map((i) => code(parameters[i].name)).join(' and ')} ${tempering.weighs.length === 1 ? 'is' : 'are'} fixed`
}

export function familiesPage({ signatures, densities, masses, powers, typeOf }) {
  const section = ([title, holds]) => {
    const members = Object.entries(signatures).filter(([, f]) => holds(f.support))
    const rows = members.map(([name, f]) => {
      const words = parametersInWords(f)
      const meaning = `${cell(f.doc)}${words === '' ? '' : `<br>${words}`}`
      return [
        code(signature(name, f)),
        supportInWords(f.support, { typeOf }),
        meaning,
        abilities(name, f, { masses, powers }),
        cell(densities[name].source),
      ]
    })
    return rows.length === 0 ? '' : `## ${title}\n\n${table(['family', 'support', 'meaning', 'has', 'source'], rows)}\n`
  }
  return `${made('src/families/')}
# Families

\`x ~ family(args)\` adds \`-log p(x given args)\` to the energy, normalised and in nats, summed over every axis of \`x\`.
Names and parametrisations are Stan's. Arguments are given by position or by name (\`normal(mu = 0, sigma = 1)\`).
Outside its support a density is 0, so the energy there is plus infinity; a state must be declared with a type that
stays inside (AMP406).

A parameter may be at an end where the density has a limit: \`poisson\` at rate 0 is certain to be 0, and so are
\`binomial\` at probability 0 and \`bernoulli_logit\` at minus infinity. So a bit, a mask or an exposure of 0 can
multiply it: \`y ~ poisson(here * rate)\`. At a rate of 0 \`exponential\` never comes, and counts as being above whatever it
is censored at. A scale of 0 is no density: the energy is infinite there (AMP405).

Every family listed has its density. *Draws*: exact draws (ancestral sampling) at temperature
1; *at any T if \`sigma\` is fixed*: at other temperatures too, provided that \`sigma\` depends on no state.
*Mean*, *variance*: in closed form; over axes, of each element. *Truncation*: may be followed by \`in (a, b)\`.

${groups.map(section).filter(Boolean).join('\n')}`
}

const phases = { 1: 'Text', 2: 'Names', 3: 'Axes', 4: 'Types and values', 5: 'Data', 6: 'Readings', 7: 'Options and files', 8: 'Stores' }

export function diagnosticsPage({ catalogue }) {
  const rows = Object.entries(catalogue)
  const byPhase = (digit) => rows.filter(([name]) => name[3] === digit)
  for (const [name] of rows) if (phases[name[3]] === undefined) throw new Error(`${name} belongs to no phase`)
  const fence = (digit, text) => {
    const language = digit === '7' || digit === '8' ? 'sh' : digit === '6' && !text.includes('\n') ? 'text' : 'text'
    return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
  }
  const isProgram = (digit, text) => digit !== '6' || text.includes('\n')
  const entry =
    (digit) =>
    ([name, { severity, title, explanation, example, fix }]) =>
      [
        `### ${name}: ${title}`,
        `${severity === 'warning' ? '*Warning.* ' : ''}${explanation}`,
        ...(example === undefined ? [] : [fence(digit, example)]),
        ...(fix === undefined ? [] : isProgram(digit, fix) && example !== undefined ? ['Fix:', fence(digit, fix)] : [`Fix: ${fix}`]),
      ].join('\n\n')
  const sections = Object.entries(phases).map(
    ([digit, title]) => `## ${digit}xx: ${title}\n\n${byPhase(digit).map(entry(digit)).join('\n\n')}`,
  )
  return `${made('src/base/codes/')}
# Diagnostics

What is wrong with a model or its data is reported as a diagnostic: a code, what is wrong, where, what was expected and a
hint. \`amp explain AMP301\` prints an entry of this page. Errors end the command with exit code 1; warnings do not.
Examples and their fixes are tested. Under an example of the 5xx codes stands what the model is given, as JSON.

${sections.join('\n\n')}
`
}
