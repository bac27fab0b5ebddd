import type { DiagnosticCode } from './codes.ts'

/**
 * The codes that warn; all others are errors. Kept beside the catalogue (a test holds them equal), so that telling what is
 * wrong does not load what `amp explain` says about it.
 */
const warnings: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  'AMP224',
  'AMP225',
  'AMP226',
  'AMP230',
  'AMP231',
  'AMP232',
  'AMP309',
  'AMP316',
  'AMP317',
  'AMP405',
  'AMP407',
  'AMP408',
  'AMP415',
  'AMP417',
  'AMP513',
  'AMP515',
  'AMP516',
  'AMP517',
  'AMP522',
  'AMP523',
  'AMP608',
  'AMP609',
  'AMP635',
  'AMP709',
  'AMP719',
  'AMP725',
  'AMP728',
  'AMP726',
  'AMP811',
  'AMP727',
])

export function severityOf(code: DiagnosticCode): 'error' | 'warning' {
  return warnings.has(code) ? 'warning' : 'error'
}
