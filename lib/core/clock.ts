export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

export const dateOf = (value: string | number | Date): Date => new Date(value)

export type FixedClock = Clock & { advance(ms: number): void; set(date: Date): void }

export const fixedClock = (start: Date): FixedClock => {
  let at = start.getTime()
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms
    },
    set: (date) => {
      at = date.getTime()
    },
  }
}

export const monotonicMs = (): number => performance.now()
