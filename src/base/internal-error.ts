/** amp itself is wrong. The only thing amp throws on purpose. */
export class InternalError extends Error {
  override readonly name = 'InternalError'
}

/** For the end of an exhaustive choice. */
export function unreachable(value: never, what: string): never {
  throw new InternalError(`unexpected ${what}: ${JSON.stringify(value)}`)
}

/** `value`, or an `InternalError` that says what was missing. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InternalError(`missing ${what}`)
  return value
}
