import { kernel } from '@/lib/core/kernel'
import { watchedTenants } from '@/lib/http/live'
import { createLoop, type Loop } from './loop'
import { auditSizes } from './store-events'

const POLL_MS = 500

// "The log grew" costs no row and no write: the sizes of the tenants that somebody is watching are compared, and
// whoever begins to watch is told the present one.
export const createAuditWatch = () => {
  const known = new Map<string, bigint>()
  const tell = (tenantId: string, size: bigint): void => {
    const before = known.get(tenantId)
    known.set(tenantId, size)
    if (before === size) return
    const { bus, clock } = kernel()
    const payload = { size: Number(size) }
    bus.emit('event', { id: 0n, tenantId, topic: 'audit.appended', payload, createdAt: clock.now() })
  }
  const look = async (): Promise<boolean> => {
    const tenants = watchedTenants()
    for (const tenantId of known.keys()) if (!tenants.includes(tenantId)) known.delete(tenantId)
    if (tenants.length === 0) return false
    const sizes = await auditSizes(tenants)
    for (const tenantId of tenants) tell(tenantId, sizes.get(tenantId) ?? 0n)
    return false
  }
  return { look, loop: createLoop(look, (error) => kernel().log.error('audit watch failed', { error })) }
}

export const startAuditWatch = (): Loop => {
  const { loop } = createAuditWatch()
  const { bus, onStop } = kernel()
  const off = bus.on('committed', loop.wakeSoon)
  loop.every(POLL_MS, async () => loop.wake())
  onStop('close', async () => {
    off()
    loop.stop()
    await loop.settled()
  })
  return loop
}
