import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'

// The most that one message may hold, and all that comes between two questions of ours.
export const MOST_MESSAGE_BYTES = 8 * 1_048_576
export const MOST_BYTES_A_QUESTION = 16 * 1_048_576

/** A way to a server that ends by itself where too much comes. */
export type Line = {
  transport: Transport
  // We ask something: what may come is counted anew.
  asked(): void
  // For good, and nobody says goodbye.
  end(why: string): void
  // The other side knows nothing of what we had agreed on: it did nothing, and has to be greeted anew.
  isForgotten(error: unknown): boolean
  // What it wrote besides its answers, and why the line ended, for people.
  said(): string
  whyEnded(): string | null
}
