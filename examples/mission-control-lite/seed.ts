import { createHash } from 'node:crypto'
import type { Store } from './database'

// One conversation to look at, the same at every start.
export const seedDemo = (store: Store, tenantId: string): void => {
  const suffix = createHash('sha256').update(tenantId).digest('hex').slice(0, 12)
  const [task, message] = [`task_demo_${suffix}`, `msg_demo_${suffix}`]
  store.together(() => {
    store.run(
      `INSERT OR IGNORE INTO tasks (id, tenant_id, user_id, title, description, status) VALUES (?, ?, ?, ?, ?, ?)`,
      ...[task, tenantId, 'demo-user', 'Order 1042', 'The headphones crackle', 'in_progress'],
    )
    store.run(
      `INSERT OR IGNORE INTO messages (id, tenant_id, user_id, task_id, content, actor_type) VALUES (?, ?, ?, ?, ?, ?)`,
      ...[message, tenantId, 'demo-user', task, 'My headphones from order 1042 crackle. What can you do?', 'user'],
    )
  })
}
