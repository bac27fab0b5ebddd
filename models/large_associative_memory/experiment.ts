import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  experiment,
  type Figure,
  furthest,
  type Lab,
  largestRise,
  logSumExp,
  minus,
  norm,
  normals,
  plus,
  type Random,
  scaled,
  signs,
  smallestRise,
  softmax,
  type Vector,
} from 'amp-lang/experiment'
import {
  drive,
  effectiveEnergy,
  energy,
  energyRate,
  eulerPath,
  moved,
  type Network,
  networks,
  type Point,
  rungeKutta,
  type Synapses,
  velocity,
} from './networks.ts'

const theory = 'Krotov and Hopfield 2020, energy of two layers and its three cases'
const derived = 'follows from the energies'
const apart = 'simulated apart from amp: 20 visible and 6 hidden neurons, 4 bits flipped, to time 8'

export default experiment({
  title: 'Two layers of neurons: dense associative memory, modern Hopfield network and spherical memory',
  source: 'Krotov and Hopfield 2020, arXiv 2008.06996',
  seconds: 20,
  seed: 1,
  claims: {
    energy: { what: 'energy against the formula, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    activation: { what: 'activations against the formula', source: 0, where: theory, bound: { most: 1e-12 } },
    eliminated: { what: 'energy at h = xi g against the one-layer energy, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    hopfield: { what: 'B at h = xi g against modern Hopfield energy', source: 0, where: theory, unit: 'nats', bound: { most: 1e-12 } },
    classical: { what: "A, F = x^2/2, against -s' xi' xi s / 2", source: 0, where: theory, bound: { most: 1e-12 } },
    attention: { what: 'B, step dt = tau, against attention', source: 0, where: theory, bound: { most: 1e-12 } },
    scale: { what: 'C, change of energy when v is scaled, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    variational: { what: 'least energy above the one-layer energy, relative', where: derived, bound: { least: -1e-12 } },
    divergence: { what: 'B, beta times that against KL divergence, relative', source: 0, where: derived, bound: { most: 1e-12 } },
    mixture: { what: 'B, -beta energy against log of a Gaussian mixture', source: 0, where: derived, bound: { most: 1e-12 } },
    drawn: { what: 'B, mean of draws at T = 1/beta, 3 memories', source: 0.07877, where: derived, bound: { standardErrors: 5 } },
    lyapunov: { what: 'dE/dt against its quadratic form, relative', source: 0, where: theory, bound: { most: 1e-8 } },
    random: { what: 'largest rise of energy, 30 random networks, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    paths: { what: 'retrieval in time against Runge-Kutta, at time 8', source: 0, where: theory, bound: { most: 1e-4 } },
    riseA: { what: 'A, tanh, n = 3: largest rise of energy in a step', source: 7e-12, where: apart, bound: { most: 1e-9 } },
    riseSign: { what: 'A, sign: largest rise of energy in a step', source: 5e-12, where: apart, bound: { most: 1e-9 } },
    riseSoft: { what: 'B, beta = 0.3, input: largest rise in a step', source: -5e-8, where: apart, bound: { most: 0 } },
    riseSharp: { what: 'B, beta = 1, input: largest rise in a step', source: -2e-9, where: apart, bound: { most: 0 } },
    riseC: { what: 'C: largest rise of energy in a step', where: apart, bound: { most: 0 } },
    riseFree: { what: 'C without leak: largest rise of energy in a step', where: apart, bound: { most: 0 } },
    riseNorm: { what: 'C, layer norm: largest rise of energy in a step', where: apart, bound: { most: 0 } },
    overlap: { what: 'least overlap recalled, each of these networks', source: 1, where: apart, bound: { least: 1 } },
    floor: { what: 'A, sign: energy at the end', source: -2690.7, where: apart, bound: { least: -3520, most: -2666.6 } },
    crossTalk: { what: 'the same against -F(20) less the cross-talk', source: 0, where: derived, bound: { most: 1e-6 } },
    well: { what: 'B: energy at the end above that of one memory', source: 0, where: apart, bound: { least: -0.5, most: 0 } },
    free: { what: 'C without leak: cosine to the end with leak', source: 1, where: apart, bound: { least: 0.999 } },
    adiabatic: { what: 'B, fast hidden neurons, dt = 0.01: largest rise', source: 9e-15, where: apart, bound: { most: 1e-12 } },
    discrete: { what: 'B, dt = tau: largest rise', source: 9e-16, where: apart, bound: { most: 1e-12 } },
    lagging: { what: "least rise of the lag's error with tau_h, relative", where: apart, bound: { least: 0.5 } },
    lagRatio: { what: 'error at tau_h = 0.1 over that at 0.01', source: 9.2, where: apart, bound: { least: 5 } },
  },
  async run(lab) {
    const texts = await load(lab)
    const identities = await compare(lab, texts)
    const recalled = await recall(lab, texts)
    const lags = await lagging(lab, texts)
    return { measured: { ...identities, ...recalled.measured, ...lags.measured }, figure: drawing(recalled.paths, lags.errors) }
  },
})

type Key = keyof typeof networks
const keys = Object.keys(networks) as readonly Key[]

interface Texts {
  readonly of: Readonly<Record<Key, Loaded>>
  readonly hopfield: Loaded
}

async function load(lab: Lab): Promise<Texts> {
  const loaded = await Promise.all(keys.map(async (key) => [key, await lab.load(networks[key].file)] as const))
  return { of: Object.fromEntries(loaded) as Record<Key, Loaded>, hopfield: await lab.load('../modern_hopfield/modern_hopfield.amp') }
}

/** What a text is given, at these points. */
function inputsOf(network: Network, { xi, input, lag }: Synapses, points: readonly Point[]) {
  const I = network.input === undefined ? {} : { I: input }
  return { memory: { xi }, param: { ...network.params, ...I, lag }, cue: { v: points.map((p) => p.v), h: points.map((p) => p.h) } }
}

const rowOf = (data: ArrayLike<number> | undefined): Vector => Array.from(data ?? [])
const worst = (values: readonly number[]): number => Math.max(...values)
/** The largest difference relative to 1 + |b|. */
const relative = (a: Vector, b: Vector): number =>
  furthest(
    a.map((x, i) => x / (1 + Math.abs(b[i] as number))),
    b.map((x) => x / (1 + Math.abs(x))),
  )

function randomSynapses(random: Random, network: Network, hidden: number, visible: number): Synapses {
  const xi = Array.from({ length: hidden }, () => normals(random, visible))
  const input = network.input === undefined ? scaled(normals(random, visible), 0) : normals(random, visible)
  return { xi, input, lag: 0.1 + random.uniform() }
}

const randomPoints = (random: Random, { xi }: Synapses, count: number): readonly Point[] =>
  Array.from({ length: count }, () => ({ v: normals(random, (xi[0] as Vector).length), h: normals(random, xi.length) }))

/** The identities, at random points of random networks. */
async function compare(lab: Lab, texts: Texts) {
  lab.progress(0, 'identities')
  const found = { energy: 0, activation: 0, eliminated: 0, variational: Infinity, lyapunov: 0, random: -Infinity }
  for (const key of keys) {
    const network: Network = networks[key]
    const text = texts.of[key]
    for (let k = 0; k < (lab.quick ? 1 : 5); k += 1) {
      const random = lab.random('identities', key, k)
      const s = randomSynapses(random, network, 2 + random.integer(5), 3 + random.integer(6))
      const points = randomPoints(random, s, 10)
      const at = await lab.retrieve(text, inputsOf(network, s, points), { maxSteps: 0 })
      const energies = at.map((r) => r.energy)
      const lowest = points.map(({ v }) => effectiveEnergy(network, s, v))
      const relaxed = points.map(({ v }) => ({ v, h: drive(s, network.visible.act(v)) }))
      found.energy = worst([
        found.energy,
        relative(
          energies,
          points.map((p) => energy(network, s, p)),
        ),
      ])
      found.activation = worst([
        found.activation,
        furthest(
          at.flatMap((r) => [...rowOf(r.activations.v?.data), ...rowOf(r.activations.h?.data)]),
          points.flatMap((p) => [...network.visible.act(p.v), ...network.hidden.act(p.h)]),
        ),
      ])
      found.eliminated = worst([found.eliminated, relative(await lab.energies(text, inputsOf(network, s, relaxed)), lowest)])
      found.variational = Math.min(found.variational, ...energies.map((e, i) => (e - (lowest[i] as number)) / (1 + Math.abs(e))))
      found.lyapunov = worst([found.lyapunov, await rateError(lab, text, network, s, points)])
      // Euler steps of a hundredth of the shorter time constant.
      const path = eulerPath(network, s, points[0] as Point, Math.min(1, s.lag) / 100, 300)
      const along = await lab.energies(text, inputsOf(network, s, path))
      found.random = worst([found.random, largestRise(along.map((e) => e / (1 + Math.abs(along[0] as number))))])
    }
  }
  return { ...found, ...(await compareSoftmax(lab, texts)), ...(await compareOthers(lab, texts)) }
}

/** dE/dt of the text, by differences of fourth order along the flow, against the paper's quadratic form. */
async function rateError(lab: Lab, text: Loaded, network: Network, s: Synapses, points: readonly Point[]): Promise<number> {
  const tried = points.flatMap((point) => {
    const rate = velocity(network, s, point)
    const step = 1e-3 / (1 + worst([...rate.v, ...rate.h].map(Math.abs)))
    const near = [-2, -1, 1, 2].map((k) => moved(point, rate, k * step))
    // Where all of it is on one side of the kinks of signs and rectifiers.
    const smooth = near.every((p) => [...p.v, ...p.h].every((x, i) => Math.sign(x) === Math.sign([...point.v, ...point.h][i] as number)))
    return smooth ? [{ step, near, expected: energyRate(network, s, point, rate) }] : []
  })
  const energies = await lab.energies(
    text,
    inputsOf(
      network,
      s,
      tried.flatMap((t) => t.near),
    ),
  )
  const rates = tried.map(({ step }, k) => {
    const [a, b, c, d] = energies.slice(4 * k, 4 * k + 4) as [number, number, number, number]
    return (a - 8 * b + 8 * c - d) / (12 * step)
  })
  return relative(
    rates,
    tried.map((t) => t.expected),
  )
}

/** What holds of B alone. */
async function compareSoftmax(lab: Lab, { of, hopfield }: Texts) {
  const beta = 0.3
  const network = networks.soft
  const random = lab.random('softmax')
  const s = { ...randomSynapses(random, network, 5, 7), input: scaled(normals(random, 7), 0) }
  const points = randomPoints(random, s, 50)
  const relaxed = points.map(({ v }) => ({ v, h: drive(s, v) }))
  const below = await lab.energies(of.soft, inputsOf(network, s, relaxed))
  const single = await lab.energies(hopfield, { memory: { xi: s.xi }, param: { beta }, cue: { x: points.map((p) => p.v) } })
  const above = await lab.energies(of.soft, inputsOf(network, s, points))
  const divergences = points.map(({ v, h }) => {
    const [q, p] = [softmax(scaled(h, beta)), softmax(scaled(drive(s, v), beta))]
    return q.reduce((sum, qk, k) => sum + qk * Math.log(qk / (p[k] as number)), 0)
  })
  const logWeights = s.xi.map((x) => (beta * dot(x, x)) / 2)
  const constant = logSumExp(logWeights) + (7 / 2) * Math.log((2 * Math.PI) / beta)
  const logMixture = points.map(({ v }) =>
    logSumExp(
      s.xi.map(
        (x, k) =>
          (logWeights[k] as number) -
          logSumExp(logWeights) -
          (7 / 2) * Math.log((2 * Math.PI) / beta) -
          (beta * dot(minus(v, x), minus(v, x))) / 2,
      ),
    ),
  )
  const attended = points.map(({ v }) => blend(softmax(scaled(drive(s, v), beta)), s.xi))
  const stepped = await lab.retrieve(of.soft, inputsOf(network, s, relaxed), { dt: 1, maxSteps: 1 })
  const paths = await Promise.all(
    points
      .slice(0, 5)
      .map(async ({ v }) => [await adiabatic(lab, hopfield, s, beta, v, 0.01, 500), await adiabatic(lab, hopfield, s, beta, v, 1, 50)]),
  )
  return {
    hopfield: furthest(below, single),
    divergence: relative(
      above.map((e, i) => beta * (e - (below[i] as number))),
      divergences,
    ),
    mixture: furthest(
      single.map((e) => -beta * e - constant),
      logMixture,
    ),
    attention: furthest(
      stepped.flatMap((r) => rowOf(r.states.v?.data)),
      attended.flat(),
    ),
    adiabatic: worst(paths.map(([slow]) => slow as number)),
    discrete: worst(paths.map(([, whole]) => whole as number)),
  }
}

/** The largest rise of the modern Hopfield energy along v <- v + dt (xi' softmax(beta xi v) - v). */
async function adiabatic(lab: Lab, hopfield: Loaded, s: Synapses, beta: number, from: Vector, dt: number, steps: number): Promise<number> {
  const path = [from]
  for (let k = 0; k < steps; k += 1) {
    const v = path[k] as Vector
    path.push(plus(scaled(v, 1 - dt), scaled(blend(softmax(scaled(drive(s, v), beta)), s.xi), dt)))
  }
  return largestRise(await lab.energies(hopfield, { memory: { xi: s.xi }, param: { beta }, cue: { x: path } }))
}

/** What holds of A and C alone, and draws of B. */
async function compareOthers(lab: Lab, { of, hopfield }: Texts) {
  const random = lab.random('others')
  // With every memory its negative: F = max(x, 0)^2 / 2 of both is x^2 / 2.
  const half = Array.from({ length: 4 }, () => signs(random, 9))
  const s: Synapses = { xi: [...half, ...half.map((x) => scaled(x, -1))], input: scaled(half[0] as Vector, 0), lag: 0.3 }
  const spins = Array.from({ length: 20 }, () => signs(random, 9))
  const square: Network = { ...networks.sign, params: { n: 2 } }
  const quadratic = await lab.energies(
    of.sign,
    inputsOf(
      square,
      s,
      spins.map((v) => ({ v, h: drive(s, v) })),
    ),
  )
  const round = randomSynapses(random, networks.C, 4, 6)
  const points = randomPoints(random, round, 20)
  const larger = points.map(({ v, h }, k) => ({ v: scaled(v, 0.1 + k), h }))
  const drawn = await lab.sample(
    hopfield,
    {
      memory: {
        xi: [
          [0, 0],
          [1, 0.5],
          [-0.5, 1.2],
        ],
      },
      param: { beta: 2 },
    },
    { temperature: 1 / 2, draws: lab.quick ? 500 : 4000 },
  )
  const row = drawn.summary.find(({ name }) => name === 'x[1]')
  return {
    classical: furthest(
      quadratic,
      spins.map((v) => -half.reduce((sum, x) => sum + dot(x, v) ** 2, 0) / 2),
    ),
    scale: relative(
      await lab.energies(of.C, inputsOf(networks.C, round, larger)),
      await lab.energies(of.C, inputsOf(networks.C, round, points)),
    ),
    drawn: { value: row?.mean ?? Number.NaN, error: row?.mcse_mean ?? Number.NaN },
  }
}

interface Recall {
  readonly synapses: Synapses
  readonly start: Point
}

/**
 * Six memories of twenty signs, no two of which overlap by more than 8, and the first with four signs flipped, and noise of
 * sd 0.2: drawn until no other memory overlaps this cue half as much, since cubes of overlaps mix memories that are about as
 * near. Hidden neurons start silent.
 */
function recallOf(lab: Lab, network: Network, instance: number): Recall {
  const random = lab.random('recall', instance)
  const silent = Array.from({ length: 6 }, () => 0)
  for (;;) {
    const xi = Array.from({ length: 6 }, () => (network.balanced ? balancedSigns(random, 20) : signs(random, 20)))
    const v = (xi[0] as Vector).map((x, i) => (i < 4 ? -x : x) + 0.2 * random.normal())
    const [own, ...others] = xi.map((x) => Math.abs(dot(x, v))) as [number, ...number[]]
    const apart = xi.every((x, k) => xi.slice(0, k).every((y) => Math.abs(dot(x, y)) <= 8))
    if (!apart || worst(others) > own / 2) continue
    return { synapses: { xi, input: scaled(normals(random, 20), network.input ?? 0), lag: 0.3 }, start: { v, h: silent } }
  }
}

function balancedSigns(random: Random, length: number): Vector {
  for (;;) {
    const found = signs(random, length)
    if (found.reduce((sum, sign) => sum + sign, 0) === 0) return found
  }
}

/** Recall by each network: by the library in time, and along paths computed apart. */
async function recall(lab: Lab, texts: Texts) {
  const rises: Partial<Record<Key | 'free', number>> = {}
  const paths: { readonly name: string; readonly energies: readonly number[] }[] = []
  const overlaps: number[] = []
  const ends: { readonly key: Key; readonly recalled: Recall; readonly energy: number }[] = []
  const apart: number[] = []
  let freeCosine = Number.NaN
  const instances = lab.quick ? 1 : 5
  const dt = lab.quick ? 4e-3 : 1e-3
  for (const [k, key] of keys.entries()) {
    lab.progress(0.3 + (0.5 * k) / keys.length, `recall by ${networks[key].name}`)
    const network: Network = networks[key]
    for (let instance = 0; instance < instances; instance += 1) {
      const recalled = recallOf(lab, network, instance)
      const { synapses: s, start } = recalled
      const [end] = await lab.retrieve(texts.of[key], inputsOf(network, s, [start]), { flow: 'ode', maxTime: 8, accuracy: 1e-8 })
      const v = rowOf(end?.states.v?.data)
      overlaps.push(dot(network.visible.act(v).map(Math.sign), s.xi[0] as Vector) / 20)
      ends.push({ key, recalled, energy: end?.energy ?? Number.NaN })
      // Sign neurons jump, which no method of high order follows.
      if (key !== 'sign') apart.push(relative(v, rungeKutta(network, s, start, 4 * dt, 2 / dt).v))
    }
    const { synapses: s, start } = recallOf(lab, network, 0)
    const path = eulerPath(network, s, start, dt, 8 / dt)
    const energies = await lab.energies(texts.of[key], inputsOf(network, s, path))
    rises[key] = largestRise(energies)
    paths.push({ name: network.name, energies: energies.filter((_, i) => i % (lab.quick ? 10 : 40) === 0) })
    if (key !== 'C') continue
    const free = eulerPath(network, s, start, dt, 8 / dt, 0)
    rises.free = largestRise(await lab.energies(texts.of.C, inputsOf(network, s, free)))
    const [a, b] = [path.at(-1)?.v ?? [], free.at(-1)?.v ?? []]
    freeCosine = dot(a, b) / (norm(a) * norm(b))
  }
  const F = (x: number): number => Math.max(x, 0) ** 3 / 3
  const signEnds = ends.filter(({ key }) => key === 'sign')
  const wells = ends.filter(({ key }) => key === 'soft' || key === 'sharp')
  return {
    paths,
    measured: {
      riseA: rises.A,
      riseSign: rises.sign,
      riseSoft: rises.soft,
      riseSharp: rises.sharp,
      riseC: rises.C,
      riseFree: rises.free,
      riseNorm: rises.norm,
      overlap: Math.min(...overlaps),
      floor: signEnds[0]?.energy,
      crossTalk: worst(
        signEnds.map(({ energy: e, recalled: { synapses } }) =>
          Math.abs(e + synapses.xi.reduce((sum, x) => sum + F(dot(x, synapses.xi[0] as Vector)), 0)),
        ),
      ),
      well: furthestFrom0(wells.map(({ energy: e, recalled: { synapses } }) => e - alone(synapses))),
      free: freeCosine,
      paths: worst(apart),
    },
  }
}

/** The energy of B at its first memory where no other attends: -|xi + I|^2 / 2. */
function alone({ xi, input }: Synapses): number {
  const at = plus(xi[0] as Vector, input)
  return -dot(at, at) / 2
}

const furthestFrom0 = (values: readonly number[]): number => values.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0)

/** How far hidden neurons that lag take the visible ones from where they go when hidden neurons are always at rest. */
async function lagging(lab: Lab, texts: Texts) {
  const network = networks.soft
  const { synapses, start } = recallOf(lab, { ...network, input: 0 }, 0)
  const lags = [1, 0.3, 0.1, 0.03, 0.01]
  const errors: { readonly lag: number; readonly error: number }[] = []
  const times = Array.from({ length: 301 }, (_, k) => k / 50)
  const follow = async (
    run: (observe: (moment: { readonly time: number; readonly x: Float64Array }) => void) => Promise<unknown>,
  ): Promise<readonly Vector[]> => {
    const moments: { readonly time: number; readonly v: Vector }[] = []
    await run(({ time, x }) => moments.push({ time, v: rowOf(x.subarray(0, 20)) }))
    return times.map((time) => between(moments, time))
  }
  const ode = { flow: 'ode', maxTime: 6, accuracy: 1e-8, longestStep: 0.01 } as const
  const fast = await follow((observe) =>
    lab.retrieve(texts.hopfield, { memory: { xi: synapses.xi }, param: { beta: 0.3 }, cue: { x: start.v } }, { ...ode, observe }),
  )
  for (const [k, lag] of lags.entries()) {
    lab.progress(0.8 + (0.2 * k) / lags.length, `hidden neurons with tau = ${lag}`)
    const from = { v: start.v, h: drive(synapses, start.v) }
    const slow = await follow((observe) =>
      lab.retrieve(texts.of.soft, inputsOf(network, { ...synapses, lag }, [from]), { ...ode, observe }),
    )
    errors.push({ lag, error: worst(slow.map((v, i) => furthest(v, fast[i] as Vector))) })
  }
  const at = (lag: number): number => errors.find((e) => e.lag === lag)?.error ?? Number.NaN
  const rising = errors.map(({ error }) => Math.log(error)).reverse()
  return { errors, measured: { lagging: smallestRise(rising), lagRatio: at(0.1) / at(0.01) } }
}

/** On the straight line between two moments. */
function between(moments: readonly { readonly time: number; readonly v: Vector }[], time: number): Vector {
  const next = moments.findIndex((m) => m.time >= time)
  const after = moments[next < 0 ? moments.length - 1 : next] as (typeof moments)[number]
  const before = moments[Math.max(0, (next < 0 ? moments.length : next) - 1)] as (typeof moments)[number]
  const part = after.time > before.time ? Math.min(1, (time - before.time) / (after.time - before.time)) : 1
  return plus(scaled(before.v, 1 - part), scaled(after.v, part))
}

function drawing(
  paths: readonly { readonly name: string; readonly energies: readonly number[] }[],
  lags: readonly { readonly lag: number; readonly error: number }[],
): Figure {
  // To half the time only: the end at time 8, which it is taken from, is not rest itself.
  const falling = (energies: readonly number[]) => {
    const [first, last] = [energies[0] as number, energies.at(-1) as number]
    return energies.map((e, k) => ({ x: k * 0.04, y: (e - last) / (first - last) })).filter(({ x, y }) => x <= 4 && y > 1e-5)
  }
  const seen = [0.118, 0.054, 0.022, 0.007, 0.0024]
  const fastest = lags.at(-1)
  return {
    title: 'Two layers of neurons relax',
    panels: [
      {
        title: 'Energy along the paper’s equations',
        x: { label: 'time / τ' },
        y: { label: 'share of the fall still to come', scale: 'log' },
        series: paths.map(({ name, energies }) => ({ name, marks: 'line', points: falling(energies) })),
      },
      {
        title: 'What hidden neurons that lag change, model B',
        x: { label: 'time constant of hidden neurons', scale: 'log' },
        y: { label: 'largest error of v', scale: 'log' },
        series: [
          { name: 'here', marks: 'line and dots', points: lags.map(({ lag: x, error: y }) => ({ x, y })) },
          {
            name: 'simulated apart from amp, other memories',
            marks: 'dots',
            points: lags.map(({ lag: x }, k) => ({ x, y: seen[k] as number })),
          },
          {
            name: 'in proportion',
            marks: 'dashes',
            points: lags.map(({ lag: x }) => ({ x, y: ((fastest?.error ?? 0) * x) / (fastest?.lag ?? 1) })),
          },
        ],
      },
    ],
  }
}
