import type { OptionRow } from '../option-row.ts'

/** Options of simulations. */
export const simulateRows = {
  until: {
    kind: 'number',
    from: 0,
    of: ['simulate'],
    when: 'run',
    flag: '--until <time>',
    does: 'time, or number of the step, at which the simulation ends',
  },
  begin: {
    kind: 'number',
    default: 0,
    of: ['simulate'],
    when: 'run',
    flag: '--begin <time>',
    does: 'time, or number of the step, at which it begins',
  },
  interval: {
    kind: 'number',
    above: 0,
    of: ['simulate'],
    when: 'run',
    flag: '--every <time>',
    does: 'write a row at these intervals, besides those before and after each change of an input; default: a hundredth of the time, or every step',
  },
  integrator: {
    kind: 'word',
    words: {
      auto: 'exactly where the flow is affine, else by explicit steps, and by implicit ones where stability holds those back',
      exact: 'exactly, or not at all',
      explicit: 'by adaptive steps of the Runge-Kutta pair 5(4) of Dormand and Prince',
      stiff: 'by adaptive steps of Radau IIA of order 5',
    },
    default: 'auto',
    of: ['simulate'],
    when: 'run',
    flag: '--method <name>',
    does: 'how flows are integrated',
  },
  interpolate: {
    kind: 'word',
    words: { hold: 'the last one', linear: 'what is on the straight line to the next' },
    default: 'hold',
    of: ['simulate'],
    when: 'run',
    flag: '--interpolate <how>',
    does: 'what inputs are between the rows that are given',
  },
  paths: {
    kind: 'whole',
    from: 1,
    default: 1,
    of: ['simulate'],
    when: 'run',
    flag: '--paths <n>',
    does: 'simulate a flow with noise so often, each time with noise of its own',
  },
} as const satisfies Readonly<Record<string, OptionRow>>
