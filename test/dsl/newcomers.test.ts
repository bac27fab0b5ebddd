import { expect, test } from 'vitest'
import { diagnose } from './checking.ts'

/** What people write who come from elsewhere, and the start of the hint that answers it. */
const habits: readonly (readonly [text: string, code: string, hint: string])[] = [
  ['memory xi[pattern][neuron]', 'AMP111', 'all axes go in one bracket: x'],
  ['data y[t]\ny ~ normal(y[t - 1], 1)', 'AMP213', 'a shift names its axis: y[t = t - 1]'],
  ['data y[t]\nenergy t + sum[t](y)', 'AMP213', "its elements' numbers are index(t)"],
  ['state x ~ dnorm(0, 0.001)', 'AMP203', "it is called 'normal' here, and takes the standard deviation"],
  ['state x : positive ~ dgamma(1, 1)', 'AMP203', "it is called 'gamma' here"],
  ['state x = normal(0, 1)', 'AMP202', "a distribution goes after '~'"],
]

test.each(habits)('%s', (text, code, hint) => {
  const found = diagnose(text).find((d) => d.code === code)
  expect(found?.hint?.slice(0, hint.length)).toBe(hint)
})
