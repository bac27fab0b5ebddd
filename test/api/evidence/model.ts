import { type EvidenceOptions, type EvidenceResult, evidence } from '../../../src/api/evidence.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { Inputs } from '../../../src/run/inputs.ts'
import { given, loadedFrom } from '../points.ts'

/** log Z of a text. */
export async function evidenceOf(text: string, inputs: Inputs = {}, options: EvidenceOptions = {}): Promise<EvidenceResult> {
  const { value, diagnostics } = await evidence(loadedFrom(text), given(inputs), options)
  return must(value, diagnostics.map((d) => d.message).join(' '))
}
