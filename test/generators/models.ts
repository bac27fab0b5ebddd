import fc from 'fast-check'

/** Statements that make sense by themselves, over names of their own; `scalars` are numbers that later ones may use. */
interface Block {
  readonly lines: readonly string[]
  readonly scalars: readonly string[]
}

/** Writes a block: `id` keeps its names apart, `number` picks a scalar from before or a literal. */
type Writer = (id: number, pick: (i: number) => number, number: () => string) => Block

const choose = <T>(list: readonly T[], i: number): T => list[i % list.length] as T

/** Bounded functions of one number, so that energies keep a floor. */
const shapes = ['tanh', 'sin', 'cos', 'sigmoid', 'erf', 'atan'] as const
/** Functions that grow, but no faster than a square. */
const wells = ['log_cosh', 'softplus', 'square', 'abs'] as const

const realFamilies = ['normal(M, S)', 'student_t(S, M, 1)', 'logistic(M, S)', 'gumbel(M, S)', 'cauchy(M, S)', 'laplace(M, S)'] as const
const positiveFamilies = [
  'lognormal(M, 1)',
  'gamma(2, S)',
  'inverse_gamma(3, S)',
  'weibull(1.5, S)',
  'exponential(S)',
  'half_normal(S)',
  'half_cauchy(S)',
] as const

const withArguments = (family: string, mean: string, scale: string): string => family.replace('M', mean).replace('S', scale)

const writers: readonly Writer[] = [
  // A number with a prior.
  (id, pick, number) => ({
    lines: [`state a${id} ~ ${withArguments(choose(realFamilies, pick(0)), number(), choose(['0.7', '2', '5'], pick(1)))}`],
    scalars: [`a${id}`],
  }),
  // A scale with a prior, and data that have it.
  (id, pick, number) => ({
    lines: [
      `data  y${id}[row${id}]`,
      `state s${id} : positive ~ ${withArguments(choose(positiveFamilies, pick(0)), '0', choose(['0.5', '1', '3'], pick(1)))}`,
      `y${id} ~ ${withArguments(choose(realFamilies.slice(0, 5), pick(2)), number(), `s${id}`)}`,
    ],
    scalars: [`log(s${id})`],
  }),
  // Groups with a shared mean.
  (id, pick, number) => ({
    lines: [
      `state m${id} ~ normal(${number()}, 2)`,
      `state g${id}[group${id}] ~ ${withArguments(choose(realFamilies, pick(0)), `m${id}`, '1.5')}`,
      `data  w${id}[group${id}]`,
      `w${id} ~ normal(g${id}, ${choose(['0.5', '1', '2'], pick(1))})`,
    ],
    scalars: [`m${id}`, `mean[group${id}](g${id})`],
  }),
  // An energy with a well and a bounded part.
  (id, pick, number) => ({
    lines: [
      `param k${id} : positive = 2`,
      `state u${id}[unit${id}]`,
      `let   f${id} = ${choose(shapes, pick(0))}(k${id} * u${id}) + ${choose(wells, pick(1))}(u${id} - ${number()})`,
      `energy e${id} = sum[unit${id}](f${id} + square(u${id}) / 2)`,
    ],
    scalars: [`sum[unit${id}](tanh(u${id}))`],
  }),
  // Attention over a memory.
  (id, pick, number) => ({
    lines: [
      `memory xi${id}[pattern${id}, pixel${id}]`,
      `param  beta${id} : positive = ${choose(['1', '4', '8'], pick(0))}`,
      `state  x${id}[pixel${id}]`,
      `energy attract${id} = -logsumexp[pattern${id}](beta${id} * sum[pixel${id}](xi${id} * x${id})) / beta${id}`,
      `energy confine${id} = sum[pixel${id}](square(x${id} - ${number()})) / 2`,
    ],
    scalars: [`norm[pixel${id}](x${id} + 3)`],
  }),
  // A mixture whose component is summed out.
  (id, pick, number) => ({
    lines: [
      `memory c${id}[part${id}, dim${id}]`,
      `state  z${id} : part${id}`,
      `state  x${id}[dim${id}] ~ ${withArguments(choose(realFamilies.slice(0, 3), pick(0)), `c${id}[z${id}]`, choose(['0.5', '1'], pick(1)))}`,
    ],
    scalars: [`sum[dim${id}](x${id} * ${number()})`],
  }),
  // Spins in a field: summed out one by one.
  (id, pick, number) => ({
    lines: [
      `param h${id}[site${id}]`,
      `state v${id}[site${id}] : ${choose(['spin', 'bit'], pick(0))}`,
      `energy field${id} = -sum[site${id}](v${id} * (h${id} + ${number()}))`,
    ],
    scalars: [],
  }),
  // Spins that meet in an overlap: left to be flipped.
  (id) => ({
    lines: [
      `memory q${id}[store${id}, site${id}] : spin`,
      `state  v${id}[site${id}] : spin`,
      `energy overlap${id} = -sum[store${id}](sum[site${id}](q${id} * v${id})^2) / (2 * size(site${id}))`,
    ],
    scalars: [],
  }),
  // A probability and what it brings about.
  (id, pick) => ({
    lines: [
      `data  b${id}[trial${id}] : bit`,
      `state p${id} : probability ~ beta(${choose(['1', '2'], pick(0))}, 2)`,
      `b${id} ~ bernoulli(p${id})`,
    ],
    scalars: [`p${id}`],
  }),
  // Counts.
  (id, pick, number) => ({
    lines: [
      `data  n${id}[day${id}] : count`,
      `state r${id} ~ normal(0, ${choose(['0.5', '1'], pick(0))})`,
      `n${id} ~ ${choose(['poisson_log', 'poisson_log'], pick(1))}(r${id} + ${number()} / 4)`,
    ],
    scalars: [`r${id}`],
  }),
  // Weights and what is drawn from them.
  (id, pick) => ({
    lines: [
      `data  o${id}[draw${id}] : kind${id}`,
      `state t${id}[kind${id}] : simplex[kind${id}] ~ dirichlet[kind${id}](${choose(['1', '2', '1.5'], pick(0))})`,
      `o${id} ~ categorical(t${id})`,
    ],
    scalars: [`sum[kind${id}](square(t${id}))`],
  }),
  // A direction.
  (id, pick) => ({
    lines: [
      `memory d${id}[axis${id}] : unit[axis${id}]`,
      `state  n${id}[axis${id}] : unit[axis${id}] ~ von_mises_fisher[axis${id}](d${id}, ${choose(['1', '5'], pick(0))})`,
    ],
    scalars: [],
  }),
  // Something between bounds.
  (id, pick, number) => ({
    lines: [
      `param top${id} : positive = 3`,
      `let   roof${id} = top${id} / 2 + 1.5`,
      `state l${id} : real(lower = -1, upper = ${choose([`top${id}`, `roof${id}`], pick(1))})`,
      `energy pull${id} = ${choose(wells, pick(0))}(l${id} - ${number()})`,
    ],
    scalars: [`l${id}`],
  }),
  // Something that is there or not, and is not counted where it is not: levels of probability 0, parameters of 0.
  (id, pick) => ({
    lines: [
      `data  n${id}[plot${id}] : count`,
      `data  effort${id}[plot${id}] : bit`,
      `state there${id} : probability ~ beta(2, ${choose(['1', '3'], pick(0))})`,
      `state rate${id} : positive ~ gamma(2, 1)`,
      `state here${id}[plot${id}] : bit ~ bernoulli(there${id})`,
      `n${id} ~ ${choose(['poisson(R)', 'negative_binomial(R, 1)', 'negative_binomial(2, 2 / (R))', 'poisson_log(log(R))'], pick(1)).replace('R', choose([`here${id} * rate${id}`, `here${id} * rate${id} * (1 + effort${id})`], pick(2)))}`,
    ],
    scalars: [`there${id}`],
  }),
  // A chain that only goes on, of which the last level stays.
  (id, pick, number) => ({
    lines: [
      `data  y${id}[t${id}]`,
      `axis  from${id} = 3`,
      `axis  to${id} = size(from${id})`,
      `state move${id}[from${id}, to${id}] : simplex[to${id}]`,
      `state level${id}[from${id}] ~ normal(${number()}, 2)`,
      `let   ahead${id} = index(to${id}) >= index(from${id})`,
      `state s${id}[t${id}] : from${id} ~ markov[t${id}](${choose([`ahead${id} * move${id}`, `where(ahead${id}, move${id}, 0)`], pick(0))})`,
      `y${id} ~ normal(level${id}[s${id}], 1)`,
    ],
    scalars: [],
  }),
  // A sum over what is not masked, of a function that is infinite where it is.
  (id, pick) => ({
    lines: [
      `data  mask${id}[cell${id}] : bit`,
      `state a${id}[cell${id}] : positive ~ gamma(2, 1)`,
      `let   seen${id} = mask${id} * a${id}`,
      `energy cells${id} = sum[cell${id}](${choose(
        [`where(mask${id}, -log(seen${id}), a${id})`, `seen${id}^1.5`, `sqrt(seen${id} + 0)`, `exp(-1 / seen${id})`],
        pick(0),
      )})`,
    ],
    scalars: [],
  }),
  // A series in time.
  (id, pick, number) => ({
    lines: [
      `data  q${id}[t${id}]`,
      `state rho${id} ~ normal(0, 0.5)`,
      `q${id} ~ ${withArguments(choose(realFamilies.slice(0, 3), pick(0)), `rho${id} * q${id}[t${id} = t${id} - 1] + ${number()}`, '1')}`,
    ],
    scalars: [`rho${id}`],
  }),
]

/**
 * Random well-formed models as text: one to four statements' worth of what the language can say, the later ones made of
 * numbers from the earlier ones. They check without errors, and their energies have a floor. Shrinks to fewer blocks.
 */
export function modelTexts(): fc.Arbitrary<string> {
  const block = fc.record({
    kind: fc.nat({ max: writers.length - 1 }),
    picks: fc.array(fc.nat({ max: 11 }), { minLength: 6, maxLength: 6 }),
  })
  return fc.array(block, { minLength: 1, maxLength: 4 }).map((blocks) => {
    const lines: string[] = []
    const scalars: string[] = []
    blocks.forEach(({ kind, picks }, id) => {
      let used = 3
      const pick = (i: number): number => picks[i % 3] as number
      const number = (): string => {
        const i = picks[used % 6] as number
        used += 1
        return scalars.length > 0 && i % 3 > 0 ? `(${choose(scalars, i)})` : choose(['0.5', '1', '0', '-1.5'], i)
      }
      const written = (writers[kind] as Writer)(id, pick, number)
      lines.push(...written.lines)
      scalars.push(...written.scalars)
    })
    return `model generated\n\n${lines.join('\n')}\n`
  })
}
