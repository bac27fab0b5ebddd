import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it, test } from 'vitest'
import { logDensity } from '../../src/api/density.ts'
import type { EmitOptions, Reading } from '../../src/api/emit/options.ts'
import { emit } from '../../src/api/emit.ts'
import { energies, openEnergy } from '../../src/api/energy.ts'
import { must } from '../../src/base/internal-error.ts'
import type { UnconstrainedDensity } from '../../src/run/density.ts'
import type { EnergyPoint, OpenEnergy } from '../../src/run/energy.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from './points.ts'

interface Exports {
  energies(inputs: Inputs, options?: object): readonly EnergyPoint[]
  energyAt(inputs: Inputs, point?: Inputs['cue'], options?: object): EnergyPoint
  openEnergy(inputs: Inputs, options?: object): Omit<OpenEnergy, 'at'> & { at(values?: object): EnergyPoint }
  logDensity(inputs: Inputs, options?: object): Omit<UnconstrainedDensity, 'unconstrain'> & { unconstrain(values: object): Float64Array }
}

async function moduleOf(text: string, reading: Reading, options: EmitOptions = {}) {
  const emitted = await emit(loadedFrom(text), reading, options)
  const { module, declarations } = must(emitted.value, JSON.stringify(emitted.diagnostics))
  const script = transformSync(module, { format: 'iife', globalName: 'exported' }).code
  return { module, declarations, exports: new Function(`${script}; return exported`)() as Exports }
}

const mixture = readFileSync('models/kernel_density/kernel_density.amp', 'utf8')
const xi = [
  [1, 1, 0, 0],
  [0, 0, 1, 1],
]
const regression =
  'data x[row]\ndata y[row]\nparam scale : positive ~ exponential(1)\nstate b ~ normal(0, scale)\nstate w[row] : simplex[row] ~ dirichlet[row](2)\nstate sigma : positive(lower = 0) ~ exponential(1)\nlet fit = b * x + w\ny ~ normal(fit, sigma)\n'.replace(
    'positive(lower = 0)',
    'positive',
  )
const data = { x: [1, 2, 3], y: [1.5, 1.5, 4] }
const bits = (value: unknown): string =>
  JSON.stringify(value, (_, v) =>
    ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v,
  )

describe('a module with an energy', () => {
  test.each([1, 2.5])('gives the bits of the library, of many cues, at T = %d', async (temperature) => {
    const { exports } = await moduleOf(mixture, 'energy')
    const inputs = { memory: { xi }, cue: { x: [[0.9, 0.4, 0.2, 0.1], [0, 0, 1, 2]] } } // biome-ignore format: cues
    const here = must(energies(loadedFrom(mixture), given(inputs), { temperature }).value, 'here').points
    expect(here).toHaveLength(2)
    expect(bits(exports.energies(inputs, { temperature }))).toBe(bits(here))
    expect(bits(exports.energyAt({ memory: { xi } }, { x: [0, 0, 1, 2] }, { temperature }))).toBe(bits(here[1]))
  })

  it('draws params from their priors as the library does, and is asked again and again', async () => {
    const { exports } = await moduleOf(regression, 'energy')
    const here = must(openEnergy(loadedFrom(regression), given({ data }), { seed: 5 }).value, 'here')
    const there = exports.openEnergy({ data }, { seed: 5 })
    expect(bits(there.drawn)).toBe(bits(here.drawn))
    for (const b of [0.1, 2]) {
      const values = { b, sigma: b + 1, w: [0.2, 0.3, 0.5] }
      expect(bits(there.at(values))).toBe(bits(must(here.at(values).value, 'point')))
    }
    expect(() => there.at({ b: 1, sigma: -1, w: [0.2, 0.3, 0.5] })).toThrow('"sigma" is -1.')
    expect(() => exports.energyAt({ data }, { b: 1 })).toThrow('The state "w[row]" has no value')
  })

  it('takes the value of a discrete state that is kept', async () => {
    const { exports } = await moduleOf(mixture, 'energy', { keep: ['which'] })
    const inputs = { memory: { xi }, cue: { x: [0, 0, 1, 2], which: 2 } }
    expect(bits(exports.energies(inputs))).toBe(bits(must(energies(loadedFrom(mixture), given(inputs)).value, 'here').points))
  })
})

describe('a module with a density', () => {
  test.each([1, 2.5])('gives the bits of the library at T = %d', async (temperature) => {
    const { exports } = await moduleOf(regression, 'density')
    const inputs = { data, param: { scale: 2 } }
    const here = must(logDensity(loadedFrom(regression), given(inputs), { temperature }).value, 'here')
    const there = exports.logDensity(inputs, { temperature })
    const q = Float64Array.from({ length: here.dimension }, (_, i) => Math.sin(i + 1))
    const [out, other] = [new Float64Array(q.length), new Float64Array(q.length)]
    expect([there.value(q), there.gradient(q, other), there.names]).toEqual([here.value(q), here.gradient(q, out), here.names])
    expect(other).toEqual(out)
    expect(bits(there.constrain(q))).toBe(bits(here.constrain(q)))
    const values = { b: 1, sigma: 2, w: [0.2, 0.3, 0.5] }
    expect(there.unconstrain(values)).toEqual(here.unconstrain(values).value)
  })

  it('moves what is inferred, as the library does', async () => {
    const text = 'data y[row]\nparam s : positive ~ exponential(2)\nstate b ~ normal(0, s)\ny ~ normal(b, s)\n'
    const inputs = { data: { y: [1.5, 0.2, 4] } }
    const { exports } = await moduleOf(text, 'density', { infer: ['s'] })
    const here = must(logDensity(loadedFrom(text), given(inputs), { infer: ['s'] }).value, 'here')
    const there = exports.logDensity(inputs)
    expect(there.names).toEqual(here.names)
    expect(here.names).toContain('s')
    expect(there.value([0.3, -0.4])).toBe(here.value([0.3, -0.4]))
  })

  it('is refused where a discrete state would have to move, or where it would be in float32', async () => {
    const ising = 'param J[i, j]\nstate s[i] : spin\nstate x ~ normal(0, 1)\nenergy -sum[i, j](s * J * s[i -> j]) * x\n'
    expect((await emit(loadedFrom(ising), 'density')).diagnostics.map((d) => d.code)).toEqual(['AMP604'])
    expect((await emit(loadedFrom(regression), 'density', { target: 'tfjs' })).diagnostics.map((d) => d.code)).toEqual(['AMP710'])
  })
})

test.each(['energy', 'density'] as const)('a module to evaluate the %s is small, and its declarations name the states', async (reading) => {
  const { declarations } = await moduleOf(regression, reading)
  const short = await moduleOf('data d\nstate x ~ normal(0, 1)\nd ~ normal(x, 1)\n', reading)
  // Matching values to variables is two thirds of it; one that samples has 110 KB.
  // Functions of its own in the place of those of Math: 5 KB. All kinds of wrong cells in one run: 1.8 KB.
  expect(short.module.length).toBeLessThan(reading === 'energy' ? 81_500 : 86_500)
  const use =
    reading === 'energy'
      ? "import { energyAt, openEnergy } from './m.mjs'\nconst inputs = { data: { x: [1], y: [2] } }\nexport const slope: number | undefined = energyAt(inputs, { b: 1, sigma: 2, w: [1] }).gradient.sigma.data[0]\nexport const e: number = openEnergy(inputs).at({ b: 1 }).energy\n// @ts-expect-error\nopenEnergy(inputs).at({ c: 1 })\n"
      : "import { logDensity } from './m.mjs'\nconst density = logDensity({ data: { x: [1], y: [2] } })\nexport const b: Float64Array = density.constrain(density.unconstrain({ b: 1 })).b.data\n// @ts-expect-error\ndensity.constrain([0]).c\n"
  expect(complaints({ '/m.d.mts': declarations, '/use.mts': use })).toEqual([])
})

/** As strict as TypeScript gets. */
function complaints(files: Readonly<Record<string, string>>): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts'],
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.fileExists = (name) => name in files || fileExists(name)
  host.readFile = (name) => files[name] ?? readFile(name)
  host.getSourceFile = (name, version) =>
    files[name] === undefined ? getSourceFile.call(host, name, version) : ts.createSourceFile(name, files[name], version)
  const all = ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(files), options, host))
  return all.map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'))
}
