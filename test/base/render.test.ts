import { describe, expect, it } from 'vitest'
import { type DiagnosticDetails, diagnostic } from '../../src/base/diagnostic.ts'
import { render, toJson } from '../../src/base/render.ts'
import { span } from '../../src/base/source.ts'

/** The diagnostic whose place is what stands between the two marks of `marked`, rendered. */
function shown(marked: string, details: DiagnosticDetails = {}): string {
  const start = marked.indexOf('«')
  const end = marked.indexOf('»') - 1
  const text = marked.replace('«', '').replace('»', '')
  return render([diagnostic('AMP105', 'something is wrong', { span: span(start, end), ...details })], { name: 'm.amp', text })
}

/** The part of the shown line that the carets are under, by columns of a terminal with no wide characters. */
function underlined(output: string): string {
  const lines = output.split('\n')
  const at = lines.findIndex((line) => line.includes('^'))
  const carets = lines[at] ?? ''
  return (lines[at - 1] ?? '').slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)
}

describe('render', () => {
  it('shows what, where, the line, what was expected and what to do', () => {
    expect(shown('state x\nenergy x * «foo» + 1\n', { expected: 'a thing', hint: 'do that' })).toMatchInlineSnapshot(`
      "error[AMP105]: something is wrong
       --> m.amp:2:12
        |
      2 | energy x * foo + 1
        |            ^^^
        = expected: a thing
        = hint: do that
      "
    `)
  })

  it('does not repeat what the message already says was expected', () => {
    expect(shown('«x»', { expected: 'something' })).not.toContain('expected:')
  })

  it('shows related places, with room for the longest line number', () => {
    const text = `${'\n'.repeat(8)}axis k = 3\naxis k = 4\n`
    const related = [{ span: span(8, 14), message: 'the first is here' }]
    expect(render([diagnostic('AMP105', 'doubled', { span: span(19, 25), related })], { name: 'm.amp', text })).toMatchInlineSnapshot(`
      "error[AMP105]: doubled
        --> m.amp:10:1
         |
      10 | axis k = 4
         | ^^^^^^
         = note: the first is here
        --> m.amp:9:1
         |
       9 | axis k = 3
         | ^^^^^^
      "
    `)
  })

  it('puts an empty place, such as the end of a line, under one caret', () => {
    expect(shown('energy x *«»\nstate y')).toContain('1 | energy x *\n  |           ^\n')
    expect(shown('energy x *«»')).toContain('m.amp:1:11')
    expect(shown('«»')).toContain('1 |\n  | ^\n')
  })

  it('shows the first and the last line of a long place', () => {
    expect(shown('energy «f(a,\n  b,\n  c)» + d')).toMatchInlineSnapshot(`
      "error[AMP105]: something is wrong
       --> m.amp:1:8
        |
      1 | energy f(a,
        |        ^^^^
      . |
      3 |   c) + d
        |  ^^^
      "
    `)
  })

  it('a place that ends with its line does not reach into the next', () => {
    expect(shown('«state x\n»state y')).not.toContain('state y')
  })

  it('keeps carets under their characters behind tabs', () => {
    expect(underlined(shown('\tenergy\tx + «foo»\t+ y'))).toBe('foo')
    expect(shown('\tx')).not.toContain('\t')
  })

  it('counts two columns for wide characters, none for combining ones', () => {
    expect(shown('漢字 «語» x')).toContain('1 | 漢字 語 x\n  |      ^^\n')
    expect(shown('e\u0301 «x»')).toContain('  |   ^\n')
    expect(shown('💥 «x»')).toContain('  |    ^\n')
  })

  it('shows a window of a long line', () => {
    const output = shown(`energy ${'a + '.repeat(100)}«foo»${' + b'.repeat(100)}`)
    expect(underlined(output)).toBe('foo')
    expect(output).toMatch(/…a? ?\+? ?.*foo.*…/)
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(140)
  })

  it('bounds the carets of a place that is longer than the window', () => {
    const output = shown(`energy «${'a + '.repeat(1000)}b»`)
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(140)
  })

  it('lets no control characters of the text through to the terminal', () => {
    const nasty = '\u001b[2J\u0007\u0000\u009b\u202e\ud800\ufeff'
    const output = render([diagnostic('AMP101', `found ${nasty}`, { span: span(0, 3), hint: nasty })], {
      name: `a${nasty}.amp`,
      text: nasty,
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be absent
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\ufeff]|[\ud800-\udfff](?![\udc00-\udfff])/)
    expect(output).toContain('␛')
  })

  it('does not cut a pair of surrogates', () => {
    const output = shown(`${'💥'.repeat(100)}«x»${'💥'.repeat(100)}`)
    expect(output).not.toContain('\ufffd')
  })

  it('names a place outside of the program', () => {
    const output = render([diagnostic('AMP506', 'not a number', { place: 'data.csv, row 3, column "y"' })], { name: 'm.amp', text: '' })
    expect(output).toBe('error[AMP506]: not a number\n --> data.csv, row 3, column "y"\n')
  })

  it('separates several, and says nothing about none', () => {
    const one = diagnostic('AMP105', 'wrong', { span: span(0, 1) })
    const source = { name: 'm.amp', text: 'x' }
    expect(render([], source)).toBe('')
    expect(render([one, one], source).split('\n\n')).toHaveLength(2)
  })

  it('colours only when asked', () => {
    const one = diagnostic('AMP105', 'wrong', { span: span(0, 1) })
    const source = { name: 'm.amp', text: 'x' }
    expect(render([one], source)).not.toContain('\u001b')
    expect(render([one], source, { color: true })).toContain('\u001b[31merror[AMP105]')
  })

  it('survives places outside of the text', () => {
    const one = diagnostic('AMP105', 'wrong', { span: span(50, 60) })
    expect(render([one], { name: 'm.amp', text: 'x\r\ny' })).toContain('m.amp:2:2')
  })
})

describe('toJson', () => {
  it('gives lines and columns from 1, and leaves out what is absent', () => {
    const one = diagnostic('AMP105', 'wrong', {
      span: span(8, 12),
      hint: 'do that',
      related: [{ span: span(0, 5), message: 'see here' }],
    })
    expect(toJson([one], { name: 'm.amp', text: 'state x\nabcd\n' })).toEqual([
      {
        code: 'AMP105',
        severity: 'error',
        message: 'wrong',
        hint: 'do that',
        range: { file: 'm.amp', start: { line: 2, column: 1 }, end: { line: 2, column: 5 } },
        related: [{ message: 'see here', range: { file: 'm.amp', start: { line: 1, column: 1 }, end: { line: 1, column: 6 } } }],
      },
    ])
    expect(toJson([diagnostic('AMP506', 'no', { place: 'data.csv' })], { name: 'm.amp', text: '' })).toEqual([
      { code: 'AMP506', severity: 'error', message: 'no', place: 'data.csv' },
    ])
  })
})
