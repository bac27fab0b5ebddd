import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeTexts } from '../../scripts/runtime-texts.mjs'

/**
 * `amp verify` on copies of the whole program in which one derivative has the wrong sign: a user would see exit code 2
 * and a small counterexample. The unchanged copy finds nothing wrong with the same models.
 */
const mutants = [
  {
    rule: 'exp',
    from: 'exp: [(m, g, y) => scale(m, g, y)]',
    to: 'exp: [(m, g, y) => m.neg(scale(m, g, y))]',
    energy: 'exp(x) + square(x)',
  },
  {
    rule: 'log',
    from: 'log: [(m, g, _y, a) => m.div(g, a)]',
    to: 'log: [(m, g, _y, a) => m.neg(m.div(g, a))]',
    energy: 'log(2 + square(x))',
  },
  {
    rule: 'square',
    from: 'square: [(m, g, _y, a) => scale(m, g, m.mul(m.k(2), a))]',
    to: 'square: [(m, g, _y, a) => scale(m, g, m.mul(m.k(-2), a))]',
    energy: 'square(x - 1)',
  },
  {
    rule: 'tanh',
    from: 'tanh: [(m, g, y) => scale(m, g, m.sub(m.k(1), m.square(y)))]',
    to: 'tanh: [(m, g, y) => scale(m, g, m.sub(m.square(y), m.k(1)))]',
    energy: 'square(x - 1) + tanh(x)',
  },
  {
    rule: 'sub, by its second operand',
    from: 'sub: [(_m, g) => g, (m, g) => m.neg(g)]',
    to: 'sub: [(_m, g) => g, (_m, g) => g]',
    energy: 'softplus(x) - tanh(x) + square(x)',
  },
] as const

// Inside node_modules, so that what is not bundled is found.
mkdirSync('node_modules/.cache', { recursive: true })
const folder = mkdtempSync(join(process.cwd(), 'node_modules', '.cache', 'amp-mutants-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function flipping(from: string, to: string): Plugin {
  return {
    name: 'flip',
    setup({ onLoad }) {
      onLoad({ filter: /src[\\/]ir[\\/]derivatives\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        if (text.split(from).length !== 2) throw new Error(`the rule is not written once: ${from}`)
        return { contents: text.replace(from, to), loader: 'ts' }
      })
    },
  }
}

const rules = { bundle: true, target: 'es2022', logLevel: 'error', mainFields: ['module', 'main'] } satisfies BuildOptions

/** The command-line program as scripts/build.mjs makes it, in a folder of its own. */
async function program(name: string, plugins: Plugin[]): Promise<string> {
  const outdir = join(folder, name)
  await build({
    ...rules,
    format: 'esm',
    platform: 'node',
    entryPoints: { amp: 'src/cli/main.ts' },
    outdir,
    splitting: true,
    external: ['@tensorflow/*', 'fast-check'],
    banner: { js: "import { createRequire as amp_createRequire } from 'node:module'; const require = amp_createRequire(import.meta.url);" },
    plugins: [...plugins, runtimeTexts(plugins)],
  })
  return join(outdir, 'amp.js')
}

async function verify(amp: string, files: readonly string[], ...options: readonly string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [amp, 'verify', ...files, ...options])
    return { code: 0, out: stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, out: stdout }
  }
}

const file = (i: number): string => join(folder, `${i}.amp`)

beforeAll(() => {
  mutants.forEach(({ energy }, i) => {
    writeFileSync(file(i), `model mutant\n\nstate x[d]\n\nenergy bowl = sum[d](${energy})\n`)
  })
})

describe('amp verify', () => {
  it('finds nothing wrong with the unchanged program', async () => {
    const amp = await program('unchanged', [])
    const { code, out } = await verify(
      amp,
      mutants.map((_, i) => file(i)),
    )
    expect(out).not.toContain('FAILS')
    expect(code).toBe(0)
  })

  it.each(mutants.map((m, i) => ({ ...m, i })))('finds the sign of the derivative of $rule flipped', async ({ from, to, i }) => {
    const amp = await program(`mutant${i}`, [flipping(from, to)])
    const { code, out } = await verify(amp, [file(i)], '--runs', '10')
    expect(code).toBe(2)
    expect(out).toMatch(/law 2 Gradient +FAILS: (retrieval|sampling) gradient = central differences/)
    // One coordinate is enough to show it.
    expect(out).toMatch(/the derivative of the energy by x\[d = 1\]/)
    expect(out).toMatch(/sizes: d = 1\n/)
    expect(out).toMatch(/state x\[d\] = \[-?[\d.]+\]/)
  })

  it('says so as JSON too', async () => {
    const { code, out } = await verify(
      await program('json', [flipping(mutants[0].from, mutants[0].to)]),
      [file(0)],
      '--json',
      '--runs',
      '5',
    )
    expect(code).toBe(2)
    const [report] = JSON.parse(out)
    const law = report.laws.find((l: { number: number }) => l.number === 2)
    expect(law.status).toBe('fails')
    expect(law.counterexample.example.sizes).toEqual({ d: 1 })
  })
})
