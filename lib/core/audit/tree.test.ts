import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appendLeaf,
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHashOf,
  type NodeRef,
  nodeHashOf,
  planInclusion,
  rootOf,
} from './tree'
import { verifyConsistency, verifyInclusion } from './verify-proof'

const rawLeaf = (hex: string): string =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(Buffer.from(hex, 'hex'))
    .digest('hex')

// RFC 6962 §2.1 written as it reads, as slow as it likes.
const below = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
const mth = (leaves: readonly string[]): string => {
  if (leaves.length <= 1) return leaves[0] ?? EMPTY_ROOT
  const k = below(leaves.length)
  return nodeHashOf(mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}
const path = (m: number, leaves: readonly string[]): string[] => {
  if (leaves.length <= 1) return []
  const k = below(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))]
}
const subproof = (m: number, leaves: readonly string[], whole: boolean): string[] => {
  if (m === leaves.length) return whole ? [] : [mth(leaves)]
  const k = below(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))]
}

const grow = (leaves: readonly string[]) => {
  const stored = new Map(leaves.map((leaf, index) => [`0/${index}`, leaf]))
  let frontier: string[] = []
  leaves.forEach((leaf, size) => {
    const next = appendLeaf(frontier, size, leaf)
    for (const node of next.nodes) stored.set(`${node.level}/${node.index}`, node.hash)
    frontier = next.frontier
  })
  const get = ({ level, index }: NodeRef): string => {
    const found = stored.get(`${level}/${index}`)
    if (found === undefined) throw new Error(`node ${level}/${index} was never stored`)
    return found
  }
  return { frontier, get, root: rootOf(frontier, leaves.length) }
}

const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => leafHashOf(`leaf ${i}`))
const sizes = fc.integer({ min: 1, max: 80 })

describe('the tree of RFC 6962', () => {
  test('reproduces the published roots of the reference leaves', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]
    const leaves = inputs.map(rawLeaf)
    expect(roots.map((_, i) => grow(leaves.slice(0, i + 1)).root)).toEqual(roots)
    expect(rootOf([], 0)).toBe(createHash('sha256').digest('hex'))
  })

  test('roots, inclusion and consistency proofs equal the naive definition', async () => {
    const whole = sizes.chain((size) =>
      fc.record({
        size: fc.constant(size),
        index: fc.integer({ min: 0, max: size - 1 }),
        first: fc.integer({ min: 1, max: size }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(whole, async ({ size, index, first }) => {
        const leaves = leavesOf(size)
        const { get, root } = grow(leaves)
        expect(root).toBe(mth(leaves))
        expect(await inclusionProof(index, size, get)).toEqual(path(index, leaves))
        expect(await consistencyProof(first, size, get)).toEqual(subproof(first, leaves, true))
      }),
      { numRuns: 300 },
    )
  })

  test('a proof holds for its own leaf, place and root only', async () => {
    const places = sizes.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }), fc.nat(79)))
    await fc.assert(
      fc.asyncProperty(places, async ([size, index, other]) => {
        const leaves = leavesOf(size)
        const { get, root } = grow(leaves)
        const claim = { leaf: leaves[index] ?? '', index, size, proof: await inclusionProof(index, size, get), root }
        expect(verifyInclusion(claim)).toBe(true)
        if (other !== index) expect(verifyInclusion({ ...claim, index: other })).toBe(false)
        expect(verifyInclusion({ ...claim, leaf: leafHashOf('forged') })).toBe(false)
        expect(verifyInclusion({ ...claim, root: leafHashOf('forged') })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, root] })).toBe(false)
      }),
    )
  })

  test('a consistency proof refuses a rewritten past', async () => {
    const pairs = sizes.chain((second) => fc.tuple(fc.integer({ min: 1, max: second }), fc.constant(second)))
    await fc.assert(
      fc.asyncProperty(pairs, async ([first, second]) => {
        const leaves = leavesOf(second)
        const { get, root } = grow(leaves)
        const firstRoot = mth(leaves.slice(0, first))
        const proof = await consistencyProof(first, second, get)
        expect(verifyConsistency({ first, second, proof, firstRoot, secondRoot: root })).toBe(true)
        const forged = mth([leafHashOf('rewritten'), ...leaves.slice(1, first)])
        expect(verifyConsistency({ first, second, proof, firstRoot: forged, secondRoot: root })).toBe(false)
        expect(verifyConsistency({ first, second, proof, firstRoot, secondRoot: forged })).toBe(false)
      }),
    )
  })

  test('an inclusion proof in a million leaves needs few stored nodes', () => {
    const refs = planInclusion(777_777, 1_000_003).flat()
    expect(refs.length).toBeLessThan(40)
    expect(() => planInclusion(10, 10)).toThrow(RangeError)
  })
})
