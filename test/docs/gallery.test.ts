import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Experiment } from '../../src/experiment/experiment.ts'
import { program } from '../cli/amp.ts'

interface Results {
  readonly quick: boolean
  readonly claims: readonly { readonly claim: string; readonly verdict: string; readonly bound: unknown; readonly what: string }[]
}

const systems = readdirSync('models').filter((name) => existsSync(`models/${name}/experiment.ts`))

test.each(systems)('the results of %s are those of its claims, all of which hold', async (name) => {
  const { claims, quick } = JSON.parse(readFileSync(`models/${name}/results.json`, 'utf8')) as Results
  expect(quick).toBe(false)
  expect(claims.filter((c) => c.verdict !== 'holds')).toEqual([])
  const { default: experiment } = (await import(pathToFileURL(join(program, '..', 'experiments', `${name}.js`)).href)) as {
    readonly default: Experiment
  }
  const asked = Object.entries(experiment.claims).map(([claim, { what, bound }]) => ({ claim, what, bound }))
  expect(claims.map(({ claim, what, bound }) => ({ claim, what, bound }))).toEqual(asked)
})
