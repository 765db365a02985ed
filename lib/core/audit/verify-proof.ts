import { nodeHashOf } from './tree'

type Inclusion = { leaf: string; index: number; size: number; proof: readonly string[]; root: string }

// RFC 9162 §2.1.3.2 and §2.1.4.2, on numbers below 2^53.
export const verifyInclusion = ({ leaf, index, size, proof, root }: Inclusion): boolean => {
  if (!(index >= 0 && index < size)) return false
  let [at, last, value] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      value = nodeHashOf(sibling, value)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else value = nodeHashOf(value, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && value === root
}

type Consistency = { first: number; second: number; proof: readonly string[]; firstRoot: string; secondRoot: string }

export const verifyConsistency = ({ first, second, proof, firstRoot, secondRoot }: Consistency): boolean => {
  if (!(first >= 1 && first <= second)) return false
  if (first === second) return proof.length === 0 && firstRoot === secondRoot
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : [...proof]
  let [at, last] = [first - 1, second - 1]
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)]
  const [seed, ...rest] = path
  if (seed === undefined) return false
  let [older, newer] = [seed, seed]
  for (const sibling of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      older = nodeHashOf(sibling, older)
      newer = nodeHashOf(sibling, newer)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else newer = nodeHashOf(newer, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && older === firstRoot && newer === secondRoot
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value))
