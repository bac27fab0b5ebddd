/** The packages of TensorFlow.js are CommonJS in Node, where everything is there at least as the default export; bundled, they are not. */
export function moduleOf<T>(loaded: unknown): T {
  const found = loaded as { readonly default?: T }
  return found.default ?? (loaded as T)
}
