// Lists by key, each in the order of its coming.
export const gather = <T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> => {
  const found = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const list = found.get(key)
    if (list) list.push(item)
    else found.set(key, [item])
  }
  return found
}
