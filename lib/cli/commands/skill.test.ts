import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as promote from '@/app/(api)/skills/[name]/[version]/promote/route'
import * as byState from '@/app/(api)/skills/by-state/route'
import * as publish from '@/app/(api)/skills/publish/route'
import * as test from '@/app/(api)/skills/registry/[name]/test/route'
import * as registry from '@/app/(api)/skills/registry/route'
import { SERVICE_KEY, useAgentHouse } from '@/lib/core/testing/agent-house'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { useFolder } from '@/lib/core/testing/folder'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { addSigner, getSkill } from '@/lib/skills'
import { skill } from './skill'

const TENANT = 'cli'

const MANIFEST = `name: mood
version: 1.0.0
description: Says the mood of a text
instructions: Say which mood a text has.
tests:
  - name: glad
    input: { text: I love it }
    expect: { mood: good }
  - name: sad
    input: { text: I hate it }
    expect: { mood: bad }
`

describe('clasper skill', () => {
  const house = useAgentHouse('sqlite', { env: { CLASPER_DEFAULT_TENANT_ID: TENANT } })
  const root = useFolder()
  let server: ConsoleServer
  const said: string[] = []
  const terminal = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    cwd: '/',
  }

  beforeAll(async () => {
    server = await startConsole({
      '/skills/publish': publish,
      '/skills/registry': registry,
      '/skills/by-state': byState,
      '/skills/registry/[name]/test': test,
      '/skills/[name]/[version]/promote': promote,
    })
    vi.stubEnv('AGENT_DAEMON_API_KEY', SERVICE_KEY)
    vi.stubEnv('AGENT_DAEMON_URL', server.url)
  })
  beforeEach(() => house.provider.reset())
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })

  const clasper = async (...words: string[]) => {
    said.length = 0
    const code = await skill.run(words, terminal)
    return { code, text: said.join('\n') }
  }
  const fails = (...words: string[]) =>
    clasper(...words).then(
      ({ code, text }) => `${code} ${text}`,
      (error: Error) => error.message,
    )
  const file = (name: string, text: string): string => {
    writeFileSync(root.at(name), text)
    return root.at(name)
  }
  const moods = (sad: string) =>
    house.provider.answer(({ body }) => {
      const isSad = JSON.stringify(body).includes('I hate it')
      return { text: `{"mood": "${isSad ? sad : 'good'}"}` }
    })

  it('publishes, is refused without tests, tests, writes JUnit, and promotes', async () => {
    const path = file('skill.yaml', MANIFEST)
    expect(await clasper('publish', path)).toMatchObject({
      code: 0,
      text: expect.stringContaining('mood@1.0.0 (draft)'),
    })
    expect(await fails('publish', path)).toMatch(/already exists. Versions are immutable. \(version_exists\)/)
    expect(await fails('promote', 'mood@1.0.0', 'tested')).toMatch(/Promotion failed \(promotion_failed\)/)

    moods('good')
    const report = root.at('reports/skill.xml')
    const failed = await clasper('test', 'mood', '--junit', report)
    expect(failed).toMatchObject({ code: 1, text: expect.stringContaining('1 passed, 1 failed') })
    expect(failed.text).toContain('mood: expected "bad", got "good"')
    const xml = readFileSync(report, 'utf8')
    expect(xml).toContain('tests="2" failures="1"')
    expect(xml).toContain('classname="mood@1.0.0" name="sad"')

    moods('bad')
    expect((await clasper('test', 'mood@1.0.0', '--junit', report)).code).toBe(0)
    expect(readFileSync(report, 'utf8')).toContain('failures="0"')
    expect(await clasper('promote', 'mood@1.0.0', 'tested')).toMatchObject({
      code: 0,
      text: expect.stringContaining('mood@1.0.0: draft → tested'),
    })
    expect((await clasper('list')).text).toContain('mood@1.0.0')
    expect((await clasper('list', 'no', 'such', 'words')).text).toBe('None.')
    expect((await clasper('list', '--state', 'tested')).text).toContain('mood@1.0.0')
    expect(JSON.parse((await clasper('list', '--json')).text)).toMatchObject({ total: 1 })
  })

  it('publishes a folder with a SKILL.md, and signs with a key', async () => {
    const scope = scopeOf(identityOf(TENANT))
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
    const { signer } = await addSigner(scope, { name: 'CI', public_key: pem })
    mkdirSync(root.at('tea'))
    file('tea/SKILL.md', '---\nname: tea\ndescription: Makes tea\nallowed-tools: brew\n---\n\nBoil water.\n')
    mkdirSync(root.at('tea/references'))
    file('tea/references/water.md', 'Soft water.')
    writeFileSync(root.at('tea/leaf.png'), Uint8Array.from([0x89, 0x50, 0xff, 0x00]))
    file('tea/.hidden', 'x')
    const key = file('private.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
    const { code, text } = await clasper('publish', root.at('tea'), '--version', '2.1.0', '--key', key)
    expect([code, text]).toEqual([0, expect.stringContaining(`tea@2.1.0 (draft, signed by ${signer.id})`)])
    const read = (await getSkill(scope, 'tea', undefined)).skill
    expect(read).toMatchObject({ signature_status: 'valid', instructions: 'Boil water.' })
    expect(read.manifest).toMatchObject({ permissions: { tools: ['brew'] } })
    expect(read.manifest['files']).toEqual({ 'references/water.md': 'Soft water.' })
    expect(text).toContain('leaf.png is no text, or too large; it is not published')
    const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    expect(await fails('publish', root.at('tea'), '--version', '2.2.0', '--key', file('other.pem', other))).toMatch(
      /is by no signer that is trusted here/,
    )
  })

  it('says what is wrong before it asks anybody', async () => {
    expect(await fails('publish', root.at('nothing'))).toMatch(/is no skill: there is none of/)
    expect(await fails('publish', file('bad.yaml', 'name: Bad\nversion: "1"\ndescription: x\ninstructions: y\n'))).toBe(
      'Invalid manifest\n  name: must be lower case letters, digits, _ and -, beginning with a letter\n  version: must be x.y.z, digits only',
    )
    expect(await fails('test', 'Mood')).toMatch(/is no skill/)
    expect(await fails('promote', 'mood', 'tested')).toMatch(/Which version/)
    expect(await fails('promote', 'mood@1.0.0', 'tested', '--override', 'hotfix')).toMatch(/go together/)
    expect(
      await fails('promote', 'mood@1.0.0', 'tested', '--override', 'hotfix', '--reason', 'the tests run elsewhere'),
    ).toMatch(/made by a person/)
    expect(await fails('frobnicate')).toMatch(/^clasper skill publish/)
    expect(await fails('test', 'ghost')).toMatch(/not found/i)
  })
})
