import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { describe, expect, it, test } from 'vitest'
import type { Reading } from '../../src/api/emit/options.ts'
import { emit } from '../../src/api/emit.ts'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { type Flagged, flaggedOptions, type OptionRow, optionsOf, type ReadingName } from '../../src/middle/options.ts'
import { givenOf } from '../../src/run/inputs.ts'
import { optionTroubles } from '../../src/run/option-troubles.ts'
import { amp, folderWith } from '../cli/amp.ts'

const valley = 'state x\nstate y\nenergy (1 - x)^2 + 100 * (y - x^2)^2\n'
const folder = folderWith({})
const loaded = must(load({ name: 'valley.amp', text: valley }).value, 'model')
const readings: readonly ReadingName[] = ['retrieve', 'sample', 'fit', 'learn', 'energy', 'density', 'evidence', 'sweep']

describe.each(readings)('the options of %s', (reading) => {
  const rows: readonly (readonly [string, OptionRow])[] = optionsOf(reading)
  // A density is a program's alone.
  const help = reading === 'density' ? '' : amp(folder, [reading, '--help']).out.replace(/\s+/g, ' ')

  it.runIf(help !== '').each(flaggedOptions(reading).map(([name, row]) => [name, row] as const))(
    '%s is a flag with its default',
    (_, row: Flagged) => {
      const unless = 'default' in row ? `default: ${typeof row.default === 'number' ? row.default : `"${row.default}"`}` : ''
      expect(help).toContain(row.flag)
      expect(help).toContain(row.does)
      expect(help.slice(help.indexOf(row.flag)).split(' --')[0]).toContain(unless)
    },
  )

  it.each(rows.filter(([, row]) => row.kind !== 'handed'))('%s is refused where it is an object', (name) => {
    expect(optionTroubles(reading, { [name]: {} }).map((d) => d.code)).toEqual(['AMP717'])
  })

  it.each(rows.filter(([, row]) => 'default' in row))('%s may be its default', (name, row) => {
    expect(optionTroubles(reading, { [name]: 'default' in row ? row.default : undefined })).toEqual([])
  })

  // There are no modules of fits and of learning.
  it.runIf(reading !== 'fit' && reading !== 'learn' && reading !== 'evidence' && reading !== 'sweep')(
    'are declared by modules, those of each run and no others',
    async () => {
      const { declarations } = must((await emit(loaded, reading as Reading)).value, 'module')
      const own = /export interface Options \{\n(.*?)\n\}/s.exec(declarations)?.[1] ?? ''
      const run = rows.filter(([, row]) => row.when === 'run').map(([name]) => name)
      expect([...own.matchAll(/^ {2}readonly (\w+)\?:/gm)].map((m) => m[1])).toEqual(run)
    },
  )
})

/** Two neurons of which one is twenty times as slow, which takes more than 1000 steps in time. */
const slow =
  'state u with lagrangian u^2 / 2\nstate v with lagrangian v^2 / 2, tau 20\nenergy (act(u) - 1)^2 / 2 + (act(v) - act(u))^2 / 2\n'

test.each([
  ['a curved valley', valley, { x: -5, y: 25 }, 20],
  ['a slow neuron', slow, { u: 5, v: 9 }, 1000],
])('a module, the library and the command line take the same steps by default: %s', async (_, text, cue, least) => {
  const model = must(load({ name: 'm.amp', text }).value, 'model')
  const here = must((await retrieve(model, must(givenOf({ cue }).value, 'cue'))).value, 'retrieved').retrievals[0]
  const { module } = must((await emit(model, 'retrieve')).value, 'module')
  const script = transformSync(module, { format: 'iife', globalName: 'exported' }).code
  const exported = new Function(`${script}; return exported`)() as { retrieve(inputs: unknown): readonly (typeof here)[] }
  const [there] = exported.retrieve({ cue })
  writeFileSync(join(folder, 'm.amp'), text)
  const cues = Object.entries(cue).flatMap(([name, value]) => ['--cue', `${name}=${value}`])
  const [shown] = JSON.parse(amp(folder, ['retrieve', 'm.amp', ...cues, '--json']).out).cues
  const ends = (r: typeof here) => [r?.outcome.kind, r?.steps, r?.energy, ...Object.values(r?.states ?? {}).map((t) => t.data[0])]
  expect(here?.outcome.kind).toBe('converged')
  expect(here?.steps).toBeGreaterThan(least)
  expect(ends(there)).toEqual(ends(here))
  expect([shown.outcome.kind, shown.steps, shown.energy, ...Object.values(shown.states)]).toEqual(ends(here))
})
