import { expect, test } from 'vitest'
import { catalogue, type DiagnosticCode } from '../../src/base/codes.ts'
import { severityOf } from '../../src/base/severity.ts'

test('every code has the severity of its row in the catalogue', () => {
  for (const [code, row] of Object.entries(catalogue)) expect([code, severityOf(code as DiagnosticCode)]).toEqual([code, row.severity])
})
