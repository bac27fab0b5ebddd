import { spawnSync } from 'node:child_process'
import { fit as fitted } from '../src/api/fit.ts'
import { load } from '../src/api/load.ts'
import { fitParts } from '../src/api/pipeline.ts'
import { must } from '../src/base/internal-error.ts'
import { bind } from '../src/bind/bind.ts'
import { sharedAxes, withSticks } from '../src/compile/random/sticks.ts'
import { situationOf, unknownsOf } from '../src/middle/situation.ts'
import { runFit } from '../src/run/fit.ts'
import { givenOf } from '../src/run/inputs.ts'
import { kernel } from '../src/targets/kernel.ts'

/** A Dirichlet process mixture by `fit`, beside the partition that scikit-learn finds: both ELBOs are of this model. */
export interface MixtureFigures {
  readonly name: string
  readonly rows: number
  /** Elements that rows take. */
  readonly used: number
  readonly usedByPeer: number
  readonly elbo: number
  /** What coordinate ascent comes to from the peer's partition. */
  readonly elboFromPeer: number
  /** Seconds of processor time. */
  readonly seconds: number
  readonly secondsOfPeer: number
}

const text = `axis cluster ~ dp(1)
data y[row, dim]
state mu[cluster, dim] ~ normal(0, 1)
state tau[cluster, dim] : positive ~ gamma(1, 0.5)
state z[row] : cluster
y ~ normal(mu[z], 1 / sqrt(tau[z]))`

interface PeerLine {
  readonly name: string
  readonly y: readonly (readonly number[])[]
  readonly labels: readonly number[]
  readonly seconds: number
}

/** Undefined where there is no Python with scikit-learn: `PYTHON` names one. */
export function mixtures(): readonly MixtureFigures[] | undefined {
  const ran = spawnSync(process.env.PYTHON ?? 'python3', ['bench/peers/sklearn_mixtures.py'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0) return undefined
  return ran.stdout.trim().split('\n').map((line) => figures(JSON.parse(line) as PeerLine)) // biome-ignore format: one thought
}

function figures({ name, y, labels, seconds: secondsOfPeer }: PeerLine): MixtureFigures {
  const loaded = must(load({ name: 'mixture.amp', text }).value, 'model')
  const started = process.cpuUsage()
  const found = must(fitted(loaded, must(givenOf({ data: { y } }).value, 'data'), { seed: 1 }).value, name)
  const { user, system } = process.cpuUsage(started)
  return {
    ...{ name, rows: y.length, secondsOfPeer, elbo: found.elbo, seconds: (user + system) / 1e6 },
    used: must(found.elements[0], 'elements').used,
    usedByPeer: new Set(labels).size,
    elboFromPeer: elboFrom(loaded.energy, y, labels),
  }
}

function elboFrom(energy: Parameters<typeof withSticks>[0], y: PeerLine['y'], labels: readonly number[]): number {
  const cut = withSticks(energy, Math.max(...labels))
  const situation = situationOf(cut)
  const bound = bind(cut, must(givenOf({ data: { y }, cue: { z: labels } }).value, 'data'), unknownsOf(situation))
  const parts = must(fitParts(cut, situation, { axes: sharedAxes(energy), grows: false }).value, 'parts')
  return must(runFit(parts, kernel, must(bound.value, 'bound'), { draws: 2 }).value, 'fit').elbo
}
