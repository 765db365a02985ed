// Evidence is kept as each check wrote it; a page reads from it what is there and nothing else.
type Bag = Record<string, unknown>

export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: unknown): value is unknown[] => Array.isArray(value)

export const listAt = (bag: Bag, name: string): Bag[] => {
  const value = bag[name]
  return isList(value) ? value.filter(isBag) : []
}

export const bagAt = (bag: Bag, name: string): Bag => {
  const value = bag[name]
  return isBag(value) ? value : {}
}

export const namesAt = (bag: Bag, name: string): string[] => {
  const value = bag[name]
  return isList(value) ? value.filter((one) => typeof one === 'string') : []
}

export const textAt = (bag: Bag, name: string): string | null => {
  const value = bag[name]
  return typeof value === 'string' ? value : null
}

export const numberAt = (bag: Bag, name: string): number | null => {
  const value = bag[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
