export type Person = {
  id: string
  name: string
  email: string
  password: string
  title: string
  roles: readonly string[]
  tenantId: string
  allowedTenants: readonly string[]
  workspaceId?: string
  // Claims beyond the usual ones, for trying out unusual providers.
  extra?: Readonly<Record<string, unknown>>
}

const person = (id: string, name: string, title: string, rest: Pick<Person, 'roles'> & Partial<Person>): Person => ({
  id,
  name,
  title,
  email: `${id}@${rest.tenantId ?? 'acme'}.example`,
  password: `demo-${id}`,
  tenantId: 'acme',
  allowedTenants: [],
  ...rest,
})

export const DEMO_PEOPLE: readonly Person[] = [
  person('vera', 'Vera Lindqvist', 'Viewer', { roles: ['viewer'] }),
  person('omar', 'Omar Haddad', 'Operator', { roles: ['operator'] }),
  person('rosa', 'Rosa Delgado', 'Release manager', { roles: ['release_manager'] }),
  person('ada', 'Ada Nwosu', 'Admin', { roles: ['admin'] }),
  person('max', 'Max Brandt', 'Admin, also allowed in globex', { roles: ['admin'], allowedTenants: ['globex'] }),
  person('gina', 'Gina Moreau', 'Admin of globex', { roles: ['admin'], tenantId: 'globex' }),
]

export const claimsOf = (who: Person): Record<string, unknown> => ({
  name: who.name,
  email: who.email,
  email_verified: true,
  roles: who.roles,
  tenant_id: who.tenantId,
  allowed_tenants: who.allowedTenants,
  ...(who.workspaceId === undefined ? {} : { workspace_id: who.workspaceId }),
  ...who.extra,
})
