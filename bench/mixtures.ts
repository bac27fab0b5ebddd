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
import { fasterKnowing } from '../src/targets/wasm.ts'

/** A Dirichlet process mixture by `fit`, beside the partitions that others find: all ELBOs are of this model. */
export interface MixtureFigures {
  readonly name: string
  readonly rows: number
  readonly amp: FoundMixture
  readonly sklearn: FoundMixture
  /** Undefined where there is none. */
  readonly bnpy: FoundMixture | undefined
}

export interface FoundMixture {
  /** Elements that rows take. */
  readonly used: number
  /** Of a peer what coordinate ascent comes to from its partition. */
  readonly elbo: number
  /** Seconds of processor time. */
  readonly seconds: number
}

const text = `axis cluster ~ dp(1)
data y[row, dim]
state mu[cluster, dim] ~ normal(0, 1)
state tau[cluster, dim] : positive ~ gamma(1, 0.5)
state z[row] : cluster
y ~ normal(mu[z], 1 / sqrt(tau[z]))`

interface PeerLabels {
  readonly labels: readonly number[]
  readonly seconds: number
}

interface PeerLine extends PeerLabels {
  readonly name: string
  readonly y: readonly (readonly number[])[]
}

/** Undefined where there is no Python with scikit-learn: `PYTHON` names one. */
export function mixtures(): Iterable<MixtureFigures> | undefined {
  const lines = python('sklearn_mixtures.py')
  return lines && each(lines)
}

function* each(lines: readonly string[]): Generator<MixtureFigures> {
  for (const line of lines) yield figures(JSON.parse(line) as PeerLine, python('bnpy_mixtures.py', `${line}\n`)?.at(-1))
}

/** The lines that a program of a peer writes. */
function python(file: string, input = ''): readonly string[] | undefined {
  const ran = spawnSync(process.env.PYTHON ?? 'python3', [`bench/peers/${file}`], { encoding: 'utf8', input, maxBuffer: 1 << 28 })
  return ran.status === 0 ? ran.stdout.trim().split('\n') : undefined
}

function figures(peer: PeerLine, bnpy: string | undefined): MixtureFigures {
  const { name, y } = peer
  const loaded = must(load({ name: 'mixture.amp', text }).value, 'model')
  const started = process.cpuUsage()
  const found = must(fitted(loaded, must(givenOf({ data: { y } }).value, 'data'), { seed: 1, draws: 100 }).value, name)
  const { user, system } = process.cpuUsage(started)
  const ofPeer = ({ labels, seconds }: PeerLabels): FoundMixture => ({
    ...{ seconds, used: new Set(labels).size },
    elbo: elboFrom(loaded.energy, y, labels),
  })
  return {
    ...{ name, rows: y.length },
    amp: { seconds: (user + system) / 1e6, elbo: found.elbo, used: must(found.elements[0], 'elements').used },
    sklearn: ofPeer(peer),
    bnpy: bnpy === undefined ? undefined : ofPeer(JSON.parse(bnpy) as PeerLabels),
  }
}

function elboFrom(energy: Parameters<typeof withSticks>[0], y: PeerLine['y'], labels: readonly number[]): number {
  const cut = withSticks(energy, Math.max(...labels))
  const situation = situationOf(cut)
  const bound = bind(cut, must(givenOf({ data: { y }, cue: { z: labels } }).value, 'data'), unknownsOf(situation))
  const parts = must(fitParts(cut, situation, { axes: sharedAxes(energy), grows: false }).value, 'parts')
  return must(runFit(parts, fasterKnowing({}), must(bound.value, 'bound'), { draws: 2 }).value, 'fit').elbo
}
