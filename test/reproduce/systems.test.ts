import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { amp, folderWith, program } from '../cli/amp.ts'

/**
 * Every system of the gallery, in a quick run of the same code: its claims hold, and one sign in its model makes it miss. The
 * whole runs are for `amp reproduce`.
 */
const signs: Readonly<Record<string, { readonly file: string; readonly from: string; readonly to: string }>> = {
  bayespcn: { file: 'frozen.amp', from: '- sum[pixel]((x', to: '+ sum[pixel]((x' },
  dense_associative_memory: { file: 'dense_associative_memory.amp', from: 'energy -sum', to: 'energy sum' },
  elbo_memory: { file: 'elbo_memory.amp', from: 'log(q) - log_joint', to: 'log(q) + log_joint' },
  entropic_memory: { file: 'search_and_test.amp', from: 'energy distance', to: 'energy -distance' },
  exponential_memory: { file: 'exponential_memory.amp', from: 'energy -sum', to: 'energy sum' },
  firing_rate_memory: { file: 'boltzmann.amp', from: 'energy -sum', to: 'energy sum' },
  growing_memory: { file: 'predictive_energy.amp', from: 'energy -log', to: 'energy log' },
  habituation: { file: 'leaky.amp', from: 'beta * u - alpha', to: 'beta * u + alpha' },
  hopfield: { file: 'hopfield.amp', from: 'energy -sum', to: 'energy sum' },
  // lambda and -lambda are alike, so that the sign of the coupling is none to see.
  hopfield_rbm: { file: 'projection.amp', from: 'energy -sum', to: 'energy sum' },
  kernel_density: { file: 'kernel_density.amp', from: 'normal(xi[which]', to: 'normal(-xi[which]' },
  large_associative_memory: { file: 'power_memory.amp', from: '-sum[hidden, visible](act(h)', to: 'sum[hidden, visible](act(h)' },
  modern_hopfield: { file: 'modern_hopfield.amp', from: 'attract = -log', to: 'attract = log' },
  random_feature_memory: { file: 'random_feature_memory.amp', from: 'energy -log', to: 'energy log' },
  rectified_memory: { file: 'rectified_memory.amp', from: 'energy -sum', to: 'energy sum' },
  sparse_recovery: { file: 'sparse_recovery.amp', from: '(y - e))^2) / 2', to: '(y + e))^2) / 2' },
  sphere_clustering: { file: 'normalised_attention.amp', from: 'energy -sum', to: 'energy sum' },
}

const built = join(dirname(program), 'experiments')
const names = readdirSync('models').filter((name) => existsSync(`models/${name}/experiment.ts`))

test('every experiment has a sign to flip, and is built', () => {
  expect(Object.keys(signs).sort()).toEqual(names)
  expect(
    readdirSync(built)
      .map((file) => file.replace('.js', ''))
      .sort(),
  ).toEqual(names)
})

describe.each(names)('%s', (name) => {
  test('holds', () => {
    const ran = amp('.', ['reproduce', name, '--quick'])
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).toMatch(/(\d+) of \1 claims hold\./)
  })

  test('misses where a sign in its model is flipped', () => {
    const { file, from, to } = signs[name] as NonNullable<(typeof signs)[string]>
    const folder = folderWith({})
    cpSync('models', folder, { recursive: true, filter: (path) => !/\.\w+$/.test(path) || /\.(amp|npy|csv|json)$/.test(path) })
    const text = readFileSync(join(folder, name, file), 'utf8')
    expect(text.split(from)).toHaveLength(2)
    writeFileSync(join(folder, name, file), text.replace(from, to))
    writeFileSync(join(folder, name, 'flipped.mjs'), `export { default } from '${pathToFileURL(join(built, `${name}.js`)).href}'\n`)
    const ran = amp(folder, ['reproduce', `${name}/flipped.mjs`, '--quick'])
    expect(ran.err).toBe('')
    expect(ran.code).toBe(2)
    expect(ran.out).toContain('misses')
  })
})
