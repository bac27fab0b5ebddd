import { pow } from '../../base/special/pow.ts'
import { cos } from '../../base/special/trigonometric.ts'
import type { OptionsOf } from '../../middle/options.ts'

type ScheduleOptions = Required<Pick<OptionsOf<'learn'>, 'rate' | 'schedule' | 'rise' | 'every' | 'factor'>>

/** The part of the rate at a step, where `done` of all steps are done, from 0 to 1. */
const schedules: Readonly<Record<ScheduleOptions['schedule'], (done: number, step: number, options: ScheduleOptions) => number>> = {
  constant: () => 1,
  linear: (done) => 1 - done,
  cosine: (done) => (1 + cos(Math.PI * done)) / 2,
  step: (_, step, { every, factor }) => pow(factor, Math.floor(step / every)),
}

/** The rate of step `step`, from 0, of `steps`. */
export function rateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { rate, schedule, rise } = options
  const risen = step < rise ? (step + 1) / (rise + 1) : 1
  return rate * risen * schedules[schedule](step / Math.max(1, steps), step, options)
}
