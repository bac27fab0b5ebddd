import { log } from '../base/special/logarithm.ts'
import { elementAxis } from './formulas/axes.ts'
import { elements } from './formulas/powers.ts'
import { drawIndex, spread } from './numbers/categories.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { ElementDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['theta: simplex'],
  support: { levels: 'alike' },
  over: 0,
  doc: 'probabilities theta over the axis of the left side',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, categorical',
  logDensity: (m, x, [theta], context) => m.log(m.builder.pick(theta, elementAxis(context), x)),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [theta], context) => m.builder.pick(m.log(theta), elementAxis(context), x),
}

export const draw: ElementDraw<typeof signature> = {
  element: (stream, [theta], size) => drawIndex(stream, spread(theta, size).map(log)),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [theta], t) => elements(m, m.log(theta), t),
}

export const aliases: Aliases = { names: ['discrete', 'Discrete'] }
