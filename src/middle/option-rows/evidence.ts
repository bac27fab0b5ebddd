import type { OptionRow } from '../option-row.ts'

/** Options of an evidence. */
export const evidenceRows = {
  estimator: {
    kind: 'word',
    words: {
      auto: 'exact where that can be; else quadrature where it leaves at most two numbers; else smc',
      exact: 'closed forms of integrals, and sums over what is discrete: no error',
      quadrature: 'what has a closed form is gone, and one or two numbers are left: adaptive, with its refinement',
      laplace: 'as if the density were normal around its mode: no error is known',
      ais: 'annealed importance sampling: independent weights along a path from what can be drawn',
      smc: 'sequential Monte Carlo: particles that are resampled along such a path',
      bridge: 'bridge sampling between draws of NUTS and a normal density',
    },
    default: 'auto',
    of: ['evidence'],
    when: 'process',
    flag: '--by <method>',
    does: 'how log Z is computed',
  },
  particles: {
    kind: 'whole',
    from: 16,
    of: ['evidence'],
    when: 'run',
    flag: '--particles <n>',
    does: 'weights (ais; default 100) or particles in all (smc; default 1024)',
  },
  rungs: {
    kind: 'whole',
    from: 1,
    of: ['evidence', 'sample'],
    when: 'run',
    samplers: ['tempering'],
    flag: '--rungs <n>',
    does: 'steps of the path (evidence by ais; default: as many as the first particles found to be needed), or temperatures of tempering (sample; default 8)',
  },
} as const satisfies Readonly<Record<string, OptionRow>>
