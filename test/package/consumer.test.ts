import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manifest, type Packed, packed } from './packed.ts'

let there: Packed
beforeAll(() => {
  there = packed()
})
afterAll(() => rmSync(join(there.project, '..'), { recursive: true, force: true }))

/** What every consumer below does: load a model, retrieve, sample, emit. */
const use = `
import { analyse, emit, givenOf, hasErrors, load, retrieve, sample, series, sweep } from 'amp-lang'

export async function tour() {
  const loaded = load({ name: 'm.amp', text: 'memory xi[pattern, i] : spin\\nstate x[i] : spin\\nenergy -sum[pattern](sum[i](xi * x)^2) / size(i)\\n' })
  if (hasErrors(loaded)) throw new Error(loaded.diagnostics[0]?.message)
  const given = givenOf({ memory: { xi: [[1, 1, -1, -1]] }, cue: { x: [1, 1, 1, -1] } })
  if (hasErrors(given)) throw new Error(given.diagnostics[0]?.message)
  const retrieved = await retrieve(loaded.value, given.value)
  if (hasErrors(retrieved)) throw new Error(retrieved.diagnostics[0]?.message)
  const normal = load({ name: 'n.amp', text: 'state x\\nx ~ normal(2, 0.5)\\ny ~ normal(x, 1)\\ndata y\\n' })
  if (hasErrors(normal)) throw new Error(normal.diagnostics[0]?.message)
  const data = givenOf({ data: { y: 1 } })
  if (hasErrors(data)) throw new Error(data.diagnostics[0]?.message)
  const sampled = await sample(normal.value, data.value, { seed: 1, chains: 2, draws: 50, warmup: 100, sampler: 'nuts' })
  if (hasErrors(sampled)) throw new Error(sampled.diagnostics[0]?.message)
  const emitted = await emit(normal.value, 'sample')
  if (hasErrors(emitted)) throw new Error(emitted.diagnostics[0]?.message)
  const tempered = await sample(normal.value, data.value, { chains: 1, draws: 20, warmup: 20, sampler: 'tempering', hottest: 4, rungs: 3 })
  if (hasErrors(tempered)) throw new Error(tempered.diagnostics[0]?.message)
  const rungs = tempered.value.tuning[0]?.ladder?.temperatures.length
  const swept = await sweep(normal.value, data.value, { temperatures: [0, 1], chains: 1, draws: 20, warmup: 20 })
  if (hasErrors(swept)) throw new Error(swept.diagnostics[0]?.message)
  const wrong = analyse({ name: 'w.amp', text: 'energy x' })
  return {
    x: [...(retrieved.value.retrievals[0]?.states.x?.data ?? [])],
    draws: series(sampled.value.draws, 'x').flatMap((chain) => [...chain]).length,
    module: emitted.value.module.length,
    temperatures: [rungs, swept.value.rows.map((row) => row.temperature)],
    wrong: wrong.diagnostics.map((d) => d.code),
  }
}
`
/** An experiment as its authors write it. */
const experimentText = `
import { estimate, experiment } from 'amp-lang/experiment'

export default experiment({
  title: 'A well', source: 'a schoolbook', seconds: 1, seed: 1,
  claims: { minimum: { what: 'where it is least', source: 1, where: 'page 1', bound: { least: 0.9, most: 1.1 } } },
  async run(lab) {
    const [found] = await lab.retrieve(await lab.load('well.amp'), { cue: { x: 5 } })
    return { measured: { minimum: estimate([found?.states.x?.data[0] ?? 0, 1]) } }
  },
})
`
const found = { x: [1, 1, -1, -1], draws: 100, temperatures: [3, [0, 1]], wrong: ['AMP201'] }
const file = (name: string, text: string): string => {
  const path = join(there.project, name)
  writeFileSync(path, text)
  return path
}

describe('the packed package', () => {
  it('brings one package along, and the rest inside', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['fast-check'])
    const optional = Object.keys(manifest.optionalDependencies).filter((name) => !name.startsWith('@tensorflow/'))
    expect(optional).toEqual(['lmdb'])
  })

  it('weighs no more than it says', () => {
    // Figures as data, their marks and the picture of the first page are 0.03 MB. 3.7 MB with replica exchange, capacity, sweeps, stores, treatments, WebAssembly, random axes, fits, evidence, learning and time: twice the program, the library and what emitted modules are made of.
    expect(there.bytes).toBeLessThan(3.8e6)
  })

  it('has everything that its package.json names', () => {
    const { bin, exports } = JSON.parse(readFileSync(join(there.at, 'package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>
      readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
    }
    for (const path of [...Object.values(bin), ...Object.values(exports).flatMap((e) => Object.values(e))])
      expect(existsSync(join(there.at, path)), path).toBe(true)
  })

  it('runs as a program', () => {
    const amp = (...args: string[]) =>
      spawnSync(process.execPath, [join(there.at, 'dist', 'amp.js'), ...args], { cwd: there.at, encoding: 'utf8' })
    const ran = amp(
      'retrieve',
      'models/hopfield/hopfield.amp',
      '--memory',
      'xi=models/hopfield/patterns.csv',
      '--cue',
      's=models/hopfield/cues.csv',
    )
    expect(ran.stderr).toBe('')
    expect(ran.status).toBe(0)
  })

  it('says in a sentence that TensorFlow.js is not installed, and goes on', () => {
    const model = file('h.amp', 'memory xi[pattern, i]\nstate x[i]\nenergy sum[i](x^2) / 2 - logsumexp[pattern](sum[i](xi * x))\n')
    const from = ['--memory', `xi=${file('xi.csv', '1,0\n0,1\n')}`, '--cue', `x=${file('x.csv', '0.9,0\n')}`]
    const ran = spawnSync(process.execPath, [join(there.at, 'dist', 'amp.js'), 'retrieve', model, ...from, '--backend', 'tfjs'], {
      encoding: 'utf8',
    })
    expect(ran.stdout).toContain(
      'backend: kernel). @tensorflow/tfjs-node is not installed. ' +
        '@tensorflow/tfjs-core is not installed (npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm).',
    )
    expect(ran.status).toBe(0)
  })

  it.each(['NodeNext', 'Bundler'])('has types for strict TypeScript, its own checked too, by %s', (resolution) => {
    file('use.ts', use)
    file('readme.ts', /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? 'no example')
    file('verify.ts', "import { verify } from 'amp-lang/verify'\nexport const laws = verify\n")
    file('experiment.ts', experimentText)
    const compilerOptions = {
      ...{ target: 'ES2022', lib: ['ES2022'], module: resolution === 'Bundler' ? 'ESNext' : 'NodeNext', moduleResolution: resolution },
      ...{ strict: true, noEmit: true, skipLibCheck: false, types: [], exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    }
    file('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.ts', 'readme.ts', 'verify.ts', 'experiment.ts'] }))
    file('package.json', '{ "type": "module" }')
    const ran = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], {
      cwd: there.project,
      encoding: 'utf8',
    })
    expect(ran.stdout).toBe('')
    expect(ran.status).toBe(0)
  })

  it('runs as a module in Node', () => {
    const path = file('use.mjs', `${use}\nconsole.log(JSON.stringify(await tour()))\n`)
    expect(JSON.parse(execFileSync(process.execPath, [path], { encoding: 'utf8' }))).toMatchObject(found)
  })

  it('goes through esbuild for a page as it is, without anything of Node or TensorFlow.js', async () => {
    const out = join(there.project, 'esbuild')
    await esbuild({ entryPoints: [file('page.mjs', use)], bundle: true, format: 'esm', platform: 'browser', splitting: true, minify: true, outdir: out, logLevel: 'error', external: ['fast-check'] }) // biome-ignore format: options
    await holds(out)
  })

  it('goes through vite for a page as it is', async () => {
    const out = join(there.project, 'vite')
    const entry = file('page.mjs', use)
    await vite({ root: there.project, configFile: false, logLevel: 'error', build: { outDir: out, target: 'es2022', lib: { entry, formats: ['es'], fileName: 'page' } } }) // biome-ignore format: options
    await holds(out)
  })
})

/** What a bundler made imports nothing of Node, starts within its size, and works. */
async function holds(out: string): Promise<void> {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => /\.m?js$/.test(name))
  const texts = names.map((name) => readFileSync(join(out, name), 'utf8'))
  for (const text of texts) expect(text).not.toMatch(/(?:from|import)\s*\(?\s*["'](?:node:|@tensorflow)/)
  const page = names.find((name) => /^page\.m?js$/.test(name)) ?? ''
  const { tour } = (await import(pathToFileURL(join(out, page)).href)) as { tour(): Promise<unknown> }
  expect(await tour()).toMatchObject(found)
}
