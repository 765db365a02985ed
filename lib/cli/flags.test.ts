import { describe, expect, it } from 'vitest'
import { UsageError } from './command'
import { parseFlags } from './flags'

describe('command line flags', () => {
  it('reads long and short flags and positionals', () => {
    const { flags, positionals } = parseFlags(['here', '-f', '--port', '9000'], { force: 'boolean', port: 'string' }, 1)
    expect(flags).toEqual({ force: true, port: '9000' })
    expect(positionals).toEqual(['here'])
  })

  it('defaults a missing switch to false and a missing value to undefined', () => {
    expect(parseFlags([], { force: 'boolean', port: 'string' }).flags).toEqual({ force: false, port: undefined })
  })

  it.each([[['--nonsense']], [['one', 'two']], [['--port']]])('refuses %j', (args) => {
    expect(() => parseFlags(args, { port: 'string' }, 1)).toThrow(UsageError)
  })
})
