import { must } from '../../src/base/internal-error.ts'
import { without } from '../../src/ir/builder.ts'
import type { NodeId } from '../../src/ir/graph.ts'
import { scanBody } from './graph-scans.ts'
import type { Workbench } from './graph-workbench.ts'
import type { Step } from './graphs.ts'

/** A truth that holds at one place along an axis: a mask, a structural zero everywhere else. */
interface Mask {
  readonly axis: string
  readonly one: NodeId
}

/** What is written: x and y are between 0.6 and 0.9, `masked` is x where the mask is 1 and else 0, `any` is any node. */
interface Parts {
  readonly bench: Workbench
  readonly mask: Mask
  readonly masked: NodeId
  readonly y: NodeId
  readonly any: NodeId
}

/**
 * Finite values by way of numbers that are not: levels of probability 0, branches not taken, powers of 0. Whatever has
 * no weight has no part in the derivatives, which central differences show as ever, since masks do not move.
 */
const forms: Readonly<Record<string, (parts: Parts) => NodeId>> = {
  'levels of probability 0': ({ bench: { m }, mask, masked, any }) => m.logsumexp([mask.axis], m.add(m.log(masked), any)),
  'levels of infinite energy': ({ bench: { m }, mask, masked, any, y }) => m.logsumexp([mask.axis], m.sub(any, m.div(y, masked))),
  'weights of levels': ({ bench: { m }, mask, masked, any }) => {
    const logs = m.log(masked)
    return m.mul(m.exp(m.sub(logs, m.logsumexp([mask.axis], logs))), any)
  },
  'a branch not taken': ({ bench: { m }, mask, masked, any }) => m.where(mask.one, m.log(masked), any),
  'a product in a branch not taken': ({ bench: { m }, mask, masked, any }) => m.where(mask.one, m.mul(any, m.log(masked)), any),
  'a branch that is safe': ({ bench: { m }, mask, masked, any }) =>
    m.where(mask.one, m.mul(any, m.log(m.where(mask.one, masked, m.k(0.5)))), m.k(1)),
  'a power of 0': ({ bench: { m }, masked, y }) => m.pow(masked, y),
  'a power of 0 by logs': ({ bench: { m }, masked, y }) => m.exp(m.mul(y, m.log(masked))),
  'a root of 0': ({ bench: { m }, masked }) => m.sqrt(masked),
  'a length': ({ bench: { m }, mask, masked }) => m.sqrt(m.sum([mask.axis], m.square(m.sub(masked, m.mul(mask.one, masked))))),
  'a product with zeros': ({ bench: { m }, mask, masked, y }) => m.builder.reduce('prod', [mask.axis], m.mul(masked, y)),
  'an energy that is infinite': ({ bench: { m }, masked, y, any }) => m.mul(any, m.exp(m.neg(m.div(y, masked)))),
  'moves of probability 0': ({ bench, masked, any }) => {
    const { builder, m } = bench
    const first = builder.pick(any, 't', m.k(0))
    const elements = [masked, any].map((e) => without(builder.axes(e), ['t']))
    const { body, carried } = scanBody(3, 't', builder.axes(first), elements)
    return builder.scan('t', false, body, first, [m.log(masked), any], carried)
  },
}

export const zeroForms: readonly string[] = Object.keys(forms)

export function writeZeros(bench: Workbench, { op, picks }: Step): NodeId | undefined {
  const form = forms[op]
  if (form === undefined) return undefined
  const { m } = bench
  const axis = op === 'moves of probability 0' ? 'b' : bench.choose(['a', 'b', 't'], picks[0])
  const places = must(bench.places.get(axis), 'places').filter((id) => !bench.builder.axes(id).includes(axis))
  const one = m.equal(bench.builder.index(axis), bench.choose(places, picks[1]))
  const x = bench.tamed(bench.operand(picks[2]))
  return form({ bench, mask: { axis, one }, masked: m.mul(one, x), y: bench.tamed(bench.operand(picks[3])), any: bench.operand(picks[4]) })
}
