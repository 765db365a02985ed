import { createHash } from 'node:crypto'

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

// SHA-256 over the lines `path:sha256(content)`, sorted by path.
export const bundleHash = (files: Iterable<{ path: string; sha256: string }>): string =>
  createHash('sha256')
    .update(
      [...files]
        .sort(byPath)
        .map(({ path, sha256 }) => `${path}:${sha256}`)
        .join('\n'),
    )
    .digest('hex')
