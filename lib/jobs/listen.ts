import pg from 'pg'
import { kernel } from '@/lib/core/kernel'
import { JOB_CHANNEL, LISTEN } from './sql'

const FIRST_WAIT_MS = 100
const MOST_WAIT_MS = 5_000

type Wakes = { onJob: () => void; onEvent: () => void }
type State = { client: pg.Client | null; timer: NodeJS.Timeout | null; wait: number; stopped: boolean }

// A connection of its own, because a pooled one comes and goes. When it breaks, polling goes on until it is back.
export const listen = (url: string, { onJob, onEvent }: Wakes): { stop(): Promise<void>; isOpen(): boolean } => {
  const state: State = { client: null, timer: null, wait: FIRST_WAIT_MS, stopped: false }

  const again = (client: pg.Client, error?: unknown): void => {
    if (state.stopped || state.timer) return
    state.client = null
    client.end().catch(() => undefined)
    if (error) kernel().log.warn('listening was interrupted', { error })
    state.timer = setTimeout(() => {
      state.timer = null
      void connect()
    }, state.wait)
    state.wait = Math.min(state.wait * 2, MOST_WAIT_MS)
  }
  const connect = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url, application_name: 'clasper-listen', keepAlive: true })
    client.on('error', (error) => again(client, error))
    client.on('end', () => again(client))
    client.on('notification', ({ channel }) => (channel === JOB_CHANNEL ? onJob() : onEvent()))
    try {
      await client.connect()
      await client.query(LISTEN)
    } catch (error) {
      return again(client, error)
    }
    if (state.stopped) return void client.end().catch(() => undefined)
    state.client = client
    state.wait = FIRST_WAIT_MS
    onJob()
    onEvent()
  }
  void connect()
  return {
    isOpen: () => state.client !== null,
    stop: async () => {
      state.stopped = true
      if (state.timer) clearTimeout(state.timer)
      await state.client?.end().catch(() => undefined)
    },
  }
}
