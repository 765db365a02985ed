import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { useFolder } from '@/lib/core/testing/folder'
import { isProblem } from '@/lib/shared/problem'
import { readTar } from './read-tar'
import { tarOf } from './write-tar'

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const archive = async (
  entries: readonly (Partial<Header> & { name: string; content?: string | Buffer })[],
): Promise<Buffer> => {
  const made = pack()
  const chunks: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of made) chunks.push(chunk as Buffer)
  })()
  for (const { content, ...header } of entries)
    await new Promise<void>((resolve, reject) => {
      made.entry(header, content ?? '', (error) => (error ? reject(error) : resolve()))
    })
  made.finalize()
  await reading
  return Buffer.concat(chunks)
}

const read = async (bytes: Uint8Array, size?: number) =>
  (await readTar(pieces(bytes, size))).map(({ path, bytes: content, isExecutable }) => ({
    path,
    text: Buffer.from(content).toString(),
    isExecutable,
  }))

const refusal = async (bytes: Uint8Array): Promise<string> => {
  try {
    await read(bytes)
  } catch (error) {
    if (isProblem(error)) return `${error.code} ${JSON.stringify(error.details)}`
    throw error
  }
  return 'taken'
}

describe('an archive', () => {
  const folder = useFolder()

  it.each([[['-cf']], [['-czf']], [['--format=gnu', '-cf']], [['--format=pax', '-cf']], [['--format=ustar', '-cf']]])(
    'that tar made %j is read',
    async (flags) => {
      const long = `${'long-'.repeat(18)}/${'name-'.repeat(10)}.md`
      folder.write({
        'ws/AGENTS.md': 'rules',
        'ws/skills/größe/run.sh': 'echo',
        [`ws/${long}`]: 'deep',
        'ws/empty': '',
      })
      execFileSync('chmod', ['755', folder.at('ws/skills/größe/run.sh')])
      execFileSync('tar', [...flags, folder.at('ws.tar'), '-C', folder.at('ws'), '.'])
      const { readFileSync } = await import('node:fs')
      const files = await read(readFileSync(folder.at('ws.tar')), 1_000)
      expect(files.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
        { path: 'AGENTS.md', text: 'rules', isExecutable: false },
        { path: 'empty', text: '', isExecutable: false },
        { path: long, text: 'deep', isExecutable: false },
        { path: 'skills/größe/run.sh', text: 'echo', isExecutable: true },
      ])
    },
  )

  it('with a link in it is refused, hidden links aside', async () => {
    folder.write({ 'links/a': 'x', 'links/node_modules/b': 'x' })
    symlinkSync('/etc/passwd', folder.at('links/spy'))
    symlinkSync('a', folder.at('links/node_modules/.bin'))
    execFileSync('tar', ['-cf', folder.at('links.tar'), '-C', folder.at('links'), '.'])
    const { readFileSync } = await import('node:fs')
    const told = await refusal(readFileSync(folder.at('links.tar')))
    expect(told).toContain('"files.spy":["is a symbolic link"]')
    expect(told).not.toContain('node_modules')
  })

  it.each([
    [{ name: '../evil' }, 'leads out'],
    [{ name: 'a/../../evil' }, 'leads out'],
    [{ name: '/etc/evil' }, 'absolute'],
    [{ name: './/etc/../../evil' }, 'leads out'],
    [{ name: 'x', type: 'symlink', linkname: '/etc' } as const, 'symbolic link'],
    [{ name: 'x', type: 'link', linkname: 'a' } as const, 'hard link'],
    [{ name: 'x', type: 'character-device' } as const, 'device'],
    [{ name: 'x', type: 'block-device' } as const, 'device'],
    [{ name: 'x', type: 'fifo' } as const, 'pipe'],
    [{ name: '../out', type: 'directory' } as const, 'leads out'],
    [{ name: 'n'.repeat(300) }, 'too long'],
  ])('with %j in it is refused', async (header, reason) =>
    expect(await refusal(await archive([{ name: 'good', content: 'x' }, header]))).toContain(reason),
  )

  it('tells all that is wrong at once', async () => {
    const told = await refusal(
      await archive([{ name: '../a' }, { name: '/b' }, { name: 'big', content: Buffer.alloc(1_048_577) }]),
    )
    for (const reason of ['leads out', 'absolute', 'larger than 1 MiB']) expect(told).toContain(reason)
  })

  it('of 10,001 files is refused, and of as many hidden ones is not', async () => {
    const named = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, at) => ({ name: `${prefix}/${at}`, content: '' }))
    expect(await refusal(await archive(named('f', 10_001)))).toContain('at most 10000 files')
    const files = await readTar(pieces(await archive([...named('node_modules', 10_001), { name: 'a', content: 'x' }])))
    expect(files.filter(({ path }) => path === 'a')).toHaveLength(1)
  })

  it('that is a bomb costs no more than it may unpack to', async () => {
    const zeros = Buffer.alloc(129 * 1_048_576)
    const bomb = gzipSync(Buffer.concat([(await archive([{ name: 'a', content: 'x' }])).subarray(0, 1_024), zeros]))
    expect(bomb.length).toBeLessThan(500_000)
    expect(await refusal(bomb)).toContain('unpacks to more than 128 MiB')
    const wide = await archive(
      Array.from({ length: 66 }, (_, at) => ({ name: `f/${at}`, content: Buffer.alloc(1_048_576) })),
    )
    expect(await refusal(gzipSync(wide))).toContain('at most 64 MiB')
  })

  it('that lies about its sizes is refused', async () => {
    const whole = await archive([{ name: 'a', content: 'x'.repeat(5_000) }])
    expect(await refusal(whole.subarray(0, 2_000))).toContain('cannot be read')
    expect(await refusal(Buffer.from('this is no archive'.repeat(100)))).toContain('cannot be read')
    expect(await refusal(gzipSync(whole).subarray(0, 60))).toContain('cannot be read')
    expect(await refusal(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(600)]))).toContain('cannot be read')
  })

  it('is left where its sender fails', async () => {
    async function* failing() {
      yield (await archive([{ name: 'a', content: 'x'.repeat(5_000) }])).subarray(0, 1_024)
      throw new Error('gone')
    }
    await expect(readTar(failing())).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('that was written here is the same each time, and read back', async () => {
    const files = [
      { path: 'a/größe.md', bytes: Buffer.from('ä'), isExecutable: false },
      { path: `${'long/'.repeat(15)}x`.replaceAll('long', 'l'.repeat(50)), bytes: Buffer.alloc(3), isExecutable: true },
      { path: 'empty', bytes: new Uint8Array(), isExecutable: false },
    ]
    const made = async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of tarOf(files)) chunks.push(chunk)
      return Buffer.concat(chunks)
    }
    const bytes = await made()
    expect((await made()).equals(bytes)).toBe(true)
    expect(
      (await readTar(pieces(bytes))).map((one) => ({ ...one, bytes: Buffer.from(one.bytes).toString('hex') })),
    ).toEqual(files.map((one) => ({ ...one, bytes: Buffer.from(one.bytes).toString('hex') })))
  })
})
