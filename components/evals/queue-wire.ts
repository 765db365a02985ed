const MOST = '100'

/** What page and screen ask for alike, so that what was loaded ahead is what is looked for. */
export const queueWire = (queue: string | null, status: 'waiting' | 'done' | 'skipped') => ({
  status,
  limit: MOST,
  ...(queue === null ? {} : { queue }),
})
