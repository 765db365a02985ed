export type Match<T> = { target: T; params: Record<string, string | string[]> }

type Node<T> = {
  fixed: Map<string, Node<T>>
  named?: { name: string; node: Node<T> }
  rest?: { name: string; target: T }
  target?: T
}

const empty = <T>(): Node<T> => ({ fixed: new Map() })

const place = <T>(node: Node<T>, segments: readonly string[], target: T): void => {
  const [head, ...rest] = segments
  if (head === undefined) {
    node.target = target
    return
  }
  const catchAll = /^\[\.\.\.(.+)\]$/.exec(head)
  if (catchAll?.[1]) {
    node.rest = { name: catchAll[1], target }
    return
  }
  const parameter = /^\[(.+)\]$/.exec(head)
  if (parameter?.[1]) {
    node.named ??= { name: parameter[1], node: empty() }
    place(node.named.node, rest, target)
    return
  }
  const next = node.fixed.get(head) ?? empty<T>()
  node.fixed.set(head, next)
  place(next, rest, target)
}

const find = <T>(node: Node<T>, segments: readonly string[], at: number): Match<T> | null => {
  const head = segments[at]
  if (head === undefined) return node.target === undefined ? null : { target: node.target, params: {} }
  const fixed = node.fixed.get(head)
  const straight = fixed ? find(fixed, segments, at + 1) : null
  if (straight) return straight
  const deeper = node.named && head !== '' ? find(node.named.node, segments, at + 1) : null
  if (deeper && node.named) return { target: deeper.target, params: { [node.named.name]: head, ...deeper.params } }
  return node.rest ? { target: node.rest.target, params: { [node.rest.name]: segments.slice(at) } } : null
}

export type Matcher<T> = (path: string) => Match<T> | 'malformed' | null

const decode = (segment: string): string | null => {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

// The folder tree is the map: a fixed name wins over a parameter, as in Next.
export const matcherOf = <T>(entries: readonly { path: string; target: T }[]): Matcher<T> => {
  const root = empty<T>()
  for (const { path, target } of entries) place(root, path.split('/').slice(1), target)
  return (path) => {
    const segments = path.split('/').slice(1).map(decode)
    if (segments.some((segment) => segment === null)) return 'malformed'
    return find(root, segments as string[], 0)
  }
}
