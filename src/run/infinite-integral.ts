/** Why a term that an integral left is minus infinity, as a sentence; undefined for other terms. */
export function infiniteIntegral(term: string, eliminated: readonly { readonly name: string }[]): string | undefined {
  const gone = eliminated.find(({ name }) => term === `marginal ${name}`)
  return gone && `The integral over "${gone.name}" is infinite there: given the rest, its density cannot be normalised at this temperature.`
}
