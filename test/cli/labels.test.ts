import { describe, expect, it } from 'vitest'
import { elementName, labelledNames, withLabels } from '../../src/cli/labels.ts'

const labels = { county: ['AITKIN', 'LAKE OF THE WOODS'] }

describe('names with labels', () => {
  it('label the axes that have labels and number the others', () => {
    expect(elementName('tau', [], [], labels)).toBe('tau')
    expect(elementName('a', ['county'], [1], labels)).toBe('a[LAKE OF THE WOODS]')
    expect(elementName('a', ['year', 'county'], [4, 0], labels)).toBe('a[5,AITKIN]')
  })

  it('are given for the columns that they change, row-major', () => {
    const names = labelledNames(
      [
        { name: 'tau', axes: [], shape: [] },
        { name: 'w', axes: ['year'], shape: [2] },
        { name: 'a', axes: ['county', 'year'], shape: [2, 2] },
      ],
      labels,
    )
    expect([...names]).toEqual([
      ['a[1,1]', 'a[AITKIN,1]'],
      ['a[1,2]', 'a[AITKIN,2]'],
      ['a[2,1]', 'a[LAKE OF THE WOODS,1]'],
      ['a[2,2]', 'a[LAKE OF THE WOODS,2]'],
    ])
  })

  it('replace whole names in sentences, not their ends', () => {
    const names = labelledNames([{ name: 'a', axes: ['county'], shape: [2] }], labels)
    expect(withLabels('The chains disagree about alpha_a[1], a[1], a[2] and a[12].', names)).toBe(
      'The chains disagree about alpha_a[1], a[AITKIN], a[LAKE OF THE WOODS] and a[12].',
    )
    const weights = labelledNames([{ name: 'weight(county)', axes: ['county'], shape: [2] }], labels)
    expect(withLabels('weight(county)[2]', weights)).toBe('weight(county)[LAKE OF THE WOODS]')
  })
})
