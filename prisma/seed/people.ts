import type { Actor } from './story'

const person = (id: string, name: string, role: Actor['role'], tenantId = 'acme'): Actor => ({
  id,
  name,
  role,
  tenantId,
  email: `${id}@${tenantId}.example`,
})

// The people of the demo identity provider, as far as a story needs them.
export const VERA = person('vera', 'Vera Lindqvist', 'viewer')
export const OMAR = person('omar', 'Omar Haddad', 'operator')
export const ROSA = person('rosa', 'Rosa Delgado', 'release_manager')
export const ADA = person('ada', 'Ada Nwosu', 'admin')
export const GINA = person('gina', 'Gina Moreau', 'admin', 'globex')
