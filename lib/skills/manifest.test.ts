import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manifestOf } from '@/lib/core/testing/skill-manifests'
import { stableJson } from '@/lib/shared/stable-json'
import { checksumOf, contentHashOf } from './content-hash'
import { SKILL_STATES } from './contract/words'
import { permissionDiff } from './permission-diff'
import { readPublication } from './read-publication'
import { nextStates } from './states'
import { compareVersions, isVersion } from './version'

type Json = Record<string, unknown>

const faultsOf = (manifest: Json): Record<string, string[]> => {
  try {
    readPublication(manifest)
    return {}
  } catch (error) {
    const { code, details } = error as { code: string; details: { fieldErrors: Record<string, string[]> } }
    expect(code).toBe('invalid_manifest')
    return details.fieldErrors
  }
}

it('keeps fields that nobody here knows, whatever they are called', () => {
  const odd = { constructor: 'a', toString: 'b', valueOf: ['c'], hasOwnProperty: { d: 1 }, __defineGetter__: 'e' }
  const { document } = readPublication({ ...manifestOf('sum'), ...odd, gates: { ...odd, any_bins: ['x'] } } as Json)
  expect(document).toMatchObject({ ...odd, gates: { anyBins: ['x'], ...odd } })
})

describe('versions', () => {
  it.each(['1.0.0', '0.0.0', '10.20.30', '999999999.0.1'])('%s is one', (text) => expect(isVersion(text)).toBe(true))
  it.each([
    '1',
    '1.0',
    '1.0.0.0',
    'v1.0.0',
    '1.0.0-rc',
    '01.0.0',
    '1.0.x',
    ' 1.0.0',
    '1.0.0\n',
    '9999999999.0.0',
    'latest',
  ])('%j is none', (text) => expect(isVersion(text)).toBe(false))

  it('are in the order of their numbers', () => {
    const part = fc.nat(999_999_999)
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        const byNumbers = a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
        expect(Math.sign(compareVersions(a.join('.'), b.join('.')))).toBe(Math.sign(byNumbers))
      }),
    )
    expect(['1.10.0', '1.9.9', '1.9.10', '2.0.0'].toSorted(compareVersions)).toEqual([
      '1.9.9',
      '1.9.10',
      '1.10.0',
      '2.0.0',
    ])
  })
})

describe('states', () => {
  const WAYS: Record<string, string[]> = {
    draft: ['tested', 'deprecated'],
    tested: ['approved', 'draft', 'deprecated'],
    approved: ['active', 'tested', 'deprecated'],
    active: ['deprecated'],
    deprecated: [],
  }
  it.each(SKILL_STATES)('what follows %s', (state) => expect(nextStates(state)).toEqual(WAYS[state]))
})

describe('hashes', () => {
  const manifest = manifestOf('sum', '1.2.3', {
    inputs: { text: { type: 'string', description: 'What to sum up' } },
    outputs: { summary: { type: 'string' } },
    permissions: { tools: ['a'], maxTokens: 100 },
    tags: ['x'],
  })

  it('the checksum is taken over six fields in their order', () => {
    const { name, version, instructions, inputs, outputs, permissions } = manifest
    const text = JSON.stringify({ name, version, instructions, inputs, outputs, permissions })
    expect(checksumOf(readPublication(manifest).document)).toBe(
      createHash('sha256').update(text).digest('hex').slice(0, 16),
    )
  })

  it('the content hash is taken over all of it, in whatever order it was written', () => {
    const expected = `sha256:${createHash('sha256').update(stableJson(manifest)).digest('hex')}`
    const turned = Object.fromEntries(Object.entries(manifest).reverse())
    expect(contentHashOf(readPublication(manifest).document)).toBe(expected)
    expect(contentHashOf(readPublication(turned).document)).toBe(expected)
    const other = contentHashOf(readPublication({ ...manifest, tags: ['y'] }).document)
    expect(other).not.toBe(expected)
    expect(checksumOf({ ...manifest, tags: ['y'] })).toBe(checksumOf(manifest))
  })

  it('both spellings of a manifest are one manifest', () => {
    const one = manifestOf('sum', '1.0.0', {
      inputs: { tone: { type: 'enum', values: ['warm', 'cold'] } },
      permissions: { tools: [], allowedModels: ['gpt-4o'], maxTokens: 5 },
      gates: { anyBins: ['git'] },
      tests: [{ name: 't', input: { text: 'x' }, expect: { a: 1 } }],
    })
    const other = manifestOf('sum', '1.0.0', {
      inputs: { tone: { type: 'enum', enum: ['warm', 'cold'] } },
      permissions: { tools: [], models: ['gpt-4o'], max_tokens: 5 },
      gates: { any_bins: ['git'] },
      tests: [{ name: 't', input: { text: 'x' }, expected_output: { a: 1 } }],
    })
    const [first, second] = [readPublication(one).document, readPublication(other).document]
    expect(second).toEqual(first)
    expect([contentHashOf(second), checksumOf(second)]).toEqual([contentHashOf(first), checksumOf(first)])
  })

  it('two spellings that differ are refused', () => {
    const torn = manifestOf('sum', '1.0.0', { permissions: { tools: [], models: ['a'], allowedModels: ['b'] } })
    expect(() => readPublication(torn)).toThrow(expect.objectContaining({ code: 'conflicting_fields' }))
  })

  it('what is said of the call is no part of the skill', () => {
    const said = { ...manifest, idempotency_key: 'k', tenant_id: 't', signature: 's', signed_by: 'b' }
    expect(readPublication(said).document).toEqual(manifest)
    expect(readPublication({ manifest, signature: 's' })).toMatchObject({ document: manifest, signature: 's' })
  })
})

describe('a manifest', () => {
  it.each([
    ['registry', 'name'],
    ['publish', 'name'],
    ['by-state', 'name'],
    ['signers', 'name'],
    ['Upper', 'name'],
    ['1st', 'name'],
    ['a b', 'name'],
    ['a/b', 'name'],
    ['é', 'name'],
    ['a'.repeat(65), 'name'],
  ])('cannot be called %s', (name, field) => expect(Object.keys(faultsOf(manifestOf(name)))).toEqual([field]))

  it('may be called what the specification allows', () => {
    for (const name of ['a', 'a_b-c9', 'publisher', 'by-states']) expect(faultsOf(manifestOf(name))).toEqual({})
  })

  it.each<[string, Json, string]>([
    ['a version with a word', { version: '1.0.0-beta' }, 'version'],
    ['no instructions', { instructions: '' }, 'instructions'],
    ['an enum without values', { inputs: { tone: { type: 'enum' } } }, 'inputs.tone.values'],
    ['an unknown type', { inputs: { tone: { type: 'date' } } }, 'inputs.tone.type'],
    ['a homepage that is a script', { homepage: 'javascript:alert(1)' }, 'homepage'],
    ['no room for an answer', { permissions: { maxTokens: 0 } }, 'permissions.maxTokens'],
    ['an unknown kind of secret', { redaction: { patterns: ['shoe_size'] } }, 'redaction.patterns.0'],
    [
      'a pattern that would take records apart',
      { redaction: { custom_patterns: [{ name: 'all', pattern: '[a-z]+' }] } },
      'redaction.custom_patterns.0',
    ],
    [
      'a pattern that is none',
      { redaction: { custom_patterns: [{ name: 'open', pattern: '(' }] } },
      'redaction.custom_patterns.0',
    ],
    ['a file beyond its folder', { files: { '../x.md': 'x' } }, 'files.../x.md'],
    ['a file of dots', { files: { 'a/../x.md': 'x' } }, 'files.a/../x.md'],
    ['another SKILL.md', { files: { 'Skill.MD': 'x' } }, 'files.Skill.MD'],
    ['a schema that is none', { tests: [{ name: 't', schema: { type: 'shoe' } }] }, 'tests.0.schema'],
    [
      'two tests of one name',
      {
        tests: [
          { name: 't', expect: { a: 1 } },
          { name: 't', expect: { a: 1 } },
        ],
      },
      'tests.1.name',
    ],
  ])('is refused with %s', (_what, more, field) => {
    expect(Object.keys(faultsOf(manifestOf('sum', '1.0.0', more)))).toEqual([field])
  })

  it('hears of everything that is wrong at once', () => {
    expect(Object.keys(faultsOf({ name: 'Bad', version: '1', emoji: '' })).sort()).toEqual([
      ...['description', 'emoji', 'instructions', 'name', 'version'],
    ])
  })

  it('is warned of tests that expect nothing, and keeps what nobody here knows', () => {
    const read = readPublication(
      manifestOf('sum', '1.0.0', { tests: [{ name: 'empty', input: {} }], x_team: { a: [1] } }),
    )
    expect(read.warnings).toEqual(['The test empty expects nothing, so it cannot pass'])
    expect(read.document['x_team']).toEqual({ a: [1] })
  })

  it('holds no number that JSON cannot hold', () => {
    expect(() => readPublication(manifestOf('sum', '1.0.0', { x: Number.POSITIVE_INFINITY }))).toThrow(
      'Invalid manifest',
    )
  })
})

describe('a SKILL.md', () => {
  const TEXT = `---
name: refunds
description: Decides refunds
version: 1.4.0
license: MIT
allowed-tools: order_lookup refund:*
metadata:
  openclaw:
    emoji: 💸
    requires: { env: [SHOP_URL], anyBins: [git, hg] }
    os: [linux]
---

Look the order up first.
`

  it('becomes a manifest with what its author wrote', () => {
    const { document, manifest } = readPublication({ markdown: TEXT })
    expect(document).toMatchObject({
      ...{ name: 'refunds', version: '1.4.0', description: 'Decides refunds', license: 'MIT', emoji: '💸' },
      instructions: 'Look the order up first.',
      permissions: { tools: ['order_lookup', 'refund:*'] },
      gates: { env: ['SHOP_URL'], anyBins: ['git', 'hg'], os: ['linux'] },
    })
    expect(manifest.gates).toMatchObject({ bins: [], always: false })
  })

  it('may have been written on another system', () => {
    const windows = `\ufeff${TEXT.replaceAll('\n', '\r\n')}`
    expect(readPublication({ markdown: windows }).manifest).toMatchObject({ name: 'refunds', version: '1.4.0' })
  })

  it('takes its version from beside it where it has none, and refuses two', () => {
    const bare = TEXT.replace('version: 1.4.0\n', '')
    expect(readPublication({ markdown: bare }, '2.0.0').manifest.version).toBe('2.0.0')
    expect(faultsOf({ markdown: bare })).toHaveProperty('version')
    expect(() => readPublication({ markdown: TEXT }, '2.0.0')).toThrow('Invalid manifest')
    expect(
      readPublication({ markdown: bare.replace('metadata:\n', 'metadata:\n  version: "3.0.0"\n') }).manifest.version,
    ).toBe('3.0.0')
  })

  it.each([
    ['has no name', '---\ndescription: x\n---\nBody'],
    ['has no end', '---\nname: x\n'],
    [
      'asks for what cannot be read',
      '---\nname: x\nversion: 1.0.0\nmetadata: {openclaw: {requires: {env: 5}}}\n---\nBody',
    ],
  ])('that %s is refused', (_what, markdown) => expect(() => readPublication({ markdown })).toThrow('Invalid manifest'))
})

describe('what a version may do besides', () => {
  const version = (name: string, state: string, tools: string[]) => ({
    version: name,
    state,
    manifest: { permissions: { tools } },
  })

  it('is measured by the active one, else by the one before', () => {
    const all = [
      version('1.9.0', 'active', ['a', 'b']),
      version('1.10.0', 'tested', ['b']),
      version('1.11.0', 'draft', ['b', 'c']),
    ]
    expect(permissionDiff('1.11.0', all)).toEqual({ added: ['c'], removed: ['a'] })
    const drafts = all.map((one) => ({ ...one, state: 'draft' }))
    expect(permissionDiff('1.11.0', drafts)).toEqual({ added: ['c'], removed: [] })
    expect(permissionDiff('1.9.0', drafts)).toEqual({ added: ['a', 'b'], removed: [] })
  })
})
