import { describe, expect, it } from 'vitest'
import { readPasted } from './publication'

describe('what is pasted to be published', () => {
  it.each([
    [
      '---\nname: tea\n---\nBrew.',
      { kind: 'markdown', body: { markdown: '---\nname: tea\n---\nBrew.' }, title: 'tea' },
    ],
    ['\uFEFF{"name":"tea","version":"1.0.0"}', { kind: 'manifest', title: 'tea@1.0.0' }],
    ['{"manifest":{"name":"tea","version":"1.0.0"},"signature":"x"}', { kind: 'manifest', title: 'tea@1.0.0' }],
    ['name: tea\nversion: 1.2.0\n', { kind: 'manifest', title: 'tea@1.2.0', body: { name: 'tea', version: '1.2.0' } }],
    ['  \n', { kind: 'nothing' }],
    ['{"name":', { kind: 'fault' }],
    ['[1]', { kind: 'fault' }],
    ['just words', { kind: 'fault' }],
    ['a: [', { kind: 'fault' }],
    ['x'.repeat(1_000_001), { kind: 'fault' }],
  ])('is told for what it is: %.20j', async (text, told) => {
    expect(await readPasted(text)).toMatchObject(told)
  })

  it('does not let aliases grow without end', async () => {
    const lines = ['a: &a [1,1,1,1,1,1,1,1,1]']
    for (let at = 0; at < 8; at++) {
      const [one, next] = [String.fromCharCode(97 + at), String.fromCharCode(98 + at)]
      lines.push(`${next}: &${next} [${Array(9).fill(`*${one}`).join(',')}]`)
    }
    expect(await readPasted(lines.join('\n'))).toMatchObject({ kind: 'fault' })
  })
})
