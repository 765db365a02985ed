import { z } from 'zod'

// Money is whole millionths of a dollar. A sum of nine quadrillion of them is nine billion dollars: a number holds it.
export const MicroUsd = z.number().int().brand('MicroUsd')
export type MicroUsd = z.infer<typeof MicroUsd>

const MICRO = 1_000_000

export const microUsd = (amount: number | bigint): MicroUsd => MicroUsd.parse(Number(amount))

export const NOTHING: MicroUsd = microUsd(0)

export const plus = (...amounts: readonly MicroUsd[]): MicroUsd => microUsd(amounts.reduce((a, b) => a + b, 0))

// Six decimals at most, by construction.
export const usdOf = (amount: MicroUsd | number | bigint): number => Number(amount) / MICRO
