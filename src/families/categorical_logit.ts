import { elementAxis } from './formulas/axes.ts'
import { elements } from './formulas/powers.ts'
import { drawIndex, spread } from './numbers/categories.ts'
import type { Density } from './parts/density.ts'
import type { ElementDraw } from './parts/draw.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['eta: vector [-inf, inf)'],
  support: { levels: 'alike' },
  over: 0,
  doc: 'unnormalised log probabilities eta over the axis of the left side',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, categorical_logit',
  logDensity: (m, x, [eta], context) => {
    const axis = elementAxis(context)
    return m.sub(m.builder.pick(eta, axis, x), m.logsumexp([axis], eta))
  },
}

export const draw: ElementDraw<typeof signature> = {
  element: (stream, [eta], size) => drawIndex(stream, spread(eta, size)),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [eta], t) => elements(m, eta, t),
}
