import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineReader } from './lines'

describe('lines', () => {
  test('are the same however they are cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat(20)), (texts, cuts) => {
        const wanted = texts.map((text) => text.replaceAll(/[\r\n]/g, ' '))
        const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''))
        const reader = lineReader(1_000_000, 1_000_000)
        const found: string[] = []
        let at = 0
        for (const cut of [...cuts, bytes.length]) {
          const lines = reader.take(bytes.subarray(at, at + cut))
          if (typeof lines === 'string') return false
          found.push(...lines)
          at += cut
        }
        expect(found).toEqual(Buffer.from(wanted.join('\n')).toString().split('\n').slice(0, wanted.length))
        return true
      }),
    )
  })

  test('end with a line feed, alone or after a carriage return', () => {
    expect(lineReader(100, 100).take(Buffer.from('a\r\nb\nc'))).toEqual(['a', 'b'])
  })

  test('that are too long are told of, with or without an end', () => {
    expect(lineReader(4, 100).take(Buffer.from('12345\n'))).toBe('message')
    const reader = lineReader(4, 100)
    expect(reader.take(Buffer.from('123'))).toEqual([])
    expect(reader.take(Buffer.from('45'))).toBe('message')
  })

  test('may be so many until they are counted anew', () => {
    const reader = lineReader(10, 10)
    expect(reader.take(Buffer.from('1234\n'))).toEqual(['1234'])
    expect(reader.take(Buffer.from('1234\n'))).toEqual(['1234'])
    expect(reader.take(Buffer.from('1\n'))).toBe('total')
    reader.reset()
    expect(reader.take(Buffer.from('2\n'))).toEqual(['2'])
  })
})
