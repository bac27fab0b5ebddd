import { distance } from 'fastest-levenshtein'

/**
 * The candidate nearest to `name`, where one is near enough to be a slip of the keyboard: at most one edit in three
 * letters, capitals not counted. Ties go to the earlier candidate.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = tolerance(name) + 1
  let left = mostCandidates
  for (const candidate of candidates) {
    if (left === 0) break
    left -= 1
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue
    const edits = editsBetween(wanted, candidate.toLowerCase())
    if (edits < least) {
      best = candidate
      least = edits
    }
  }
  return best
}

/** A sentence for `hint`, or nothing: `did you mean 'sigma'?` */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = suggest(name, candidates)
  return near === undefined ? undefined : `did you mean '${near}'?`
}

/** Of more names than this the later are not looked at, so that a long list of errors takes no longer than reading it. */
const mostCandidates = 1000

/** Names longer than this are compared by nobody's eye, and the distance is quadratic. */
const longest = 64

function tolerance(name: string): number {
  if (name.length > longest) return -1
  return name.length === 1 ? 0 : Math.max(1, Math.floor(name.length / 3))
}

/** Two letters that changed places count as one slip, not two. */
function editsBetween(a: string, b: string): number {
  return isSwap(a, b) ? 1 : distance(a, b)
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const at = [...a].findIndex((letter, i) => letter !== b[i])
  return at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
}
